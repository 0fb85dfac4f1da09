// Scores members who help others and are often there.
package main

import (
	_ "embed"
	"fmt"
	"math"

	"usher"
	"usher/scorer"
)

//go:embed settings.schema.json
var schema string

var manifest = usher.Manifest{
	Name:           "{{name}}",
	Version:        "0.1.0",
	Summary:        "Scores members who help others and are often there.",
	Columns:        []string{"answers@90d", "messages.days@30d", "member_days"},
	SettingsSchema: schema,
}

type settings struct {
	Helping     float64 `json:"helping"`
	BeingActive float64 `json:"being_active"`
	LeastDays   int     `json:"least_days"`
}

type helpers struct{ settings }

func configure(settings settings) (helpers, error) { return helpers{settings}, nil }

func (h helpers) Score(members usher.Table) error {
	// Where each member stands among all, not only among those of this table.
	helping, err := members.Standing("answers@90d")
	if err != nil {
		return err
	}
	if err := members.Contribute("帮助他人", points(helping, h.Helping)); err != nil {
		return err
	}
	active, err := members.Standing("messages.days@30d")
	if err != nil {
		return err
	}
	if err := members.Contribute("经常在群里", points(active, h.BeingActive)); err != nil {
		return err
	}
	days, err := members.Numbers("member_days")
	if err != nil {
		return err
	}
	for row, days := range days {
		if days < float64(h.LeastDays) {
			members.Exclude(row, fmt.Sprintf("入群不满%d天", h.LeastDays))
		}
	}
	return nil
}

// What is not known is worth nothing.
func points(standing []float64, weight float64) []float64 {
	points := make([]float64, len(standing))
	for row, share := range standing {
		if !math.IsNaN(share) {
			points[row] = share * weight
		}
	}
	return points
}

func init() {
	scorer.Export(manifest, settings{Helping: 60, BeingActive: 40, LeastDays: 30}, configure)
}

func main() {}
