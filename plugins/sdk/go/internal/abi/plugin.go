package abi

// Plugin is what the host may ask any plugin.
type Plugin struct {
	Describe  func() string
	Configure func(settings string) error
}

var registered Plugin

// Register makes it the component's plugin.
func Register(plugin Plugin) { registered = plugin }
