// Ranks what is fresh, what is read, and what a group cares about.
package main

import (
	_ "embed"
	"math"
	"slices"

	"usher"
	"usher/ranker"
)

// Times shown that an item needs before its reads are believed.
const doubt = 40

//go:embed settings.schema.json
var schema string

var manifest = usher.Manifest{
	Name:           "{{name}}",
	Version:        "0.1.0",
	Summary:        "Ranks what is fresh, what is read, and what a group cares about.",
	Columns:        []string{"age_hours", "reads@30d", "impressions@30d", "topic"},
	SettingsSchema: schema,
}

type settings struct {
	HalfLifeHours float64  `json:"half_life_hours"`
	Topics        []string `json:"topics"`
}

type fresh struct{ settings }

func configure(settings settings) (fresh, error) { return fresh{settings}, nil }

func (f fresh) Rank(items usher.Table) error {
	points := make([]float64, items.Len())

	ages, err := items.Numbers("age_hours")
	if err != nil {
		return err
	}
	for row, age := range ages {
		points[row] = known(50 * math.Pow(0.5, age/f.HalfLifeHours))
	}
	if err := items.Contribute("新鲜", points); err != nil {
		return err
	}

	reads, err := items.Numbers("reads@30d")
	if err != nil {
		return err
	}
	shown, err := items.Numbers("impressions@30d")
	if err != nil {
		return err
	}
	for row := range points {
		points[row] = 50 * known(reads[row]) / (known(shown[row]) + doubt)
	}
	if err := items.Contribute("读的人多", points); err != nil {
		return err
	}

	topics, err := items.Texts("topic")
	if err != nil {
		return err
	}
	for row, topic := range topics {
		points[row] = 0
		if slices.Contains(f.Topics, topic) {
			points[row] = 10
		}
	}
	return items.Contribute("本群关心的话题", points)
}

func known(value float64) float64 {
	if math.IsNaN(value) {
		return 0
	}
	return value
}

func init() {
	ranker.Export(manifest, settings{HalfLifeHours: 48}, configure)
}

func main() {}
