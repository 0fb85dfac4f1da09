package usher

import (
	"math"
	"sort"

	"usher/internal/abi"
)

// A Table has some of the members or items of a run. Each column has a value for each row, in the same order. A run has more
// rows than a table: what a row is worth must depend on that row, on quantiles of the whole population and on the settings, and
// not on the other rows.
type Table struct{ Handle abi.Handle }

// Len is how many rows there are.
func (t Table) Len() int { return int(abi.TableSize(uint32(t.Handle))) }

// IDs say who or what the rows are.
func (t Table) IDs() []string {
	abi.TableIDs(uint32(t.Handle), abi.Returned)
	return abi.Texts()
}

// Numbers is a column of numbers that the manifest named; NaN where the value is not known.
func (t Table) Numbers(column string) ([]float64, error) {
	abi.TableNumbers(uint32(t.Handle), abi.Said(column), abi.Returned)
	return abi.NumbersResult()
}

// Texts is a column of texts that the manifest named; empty where the value is not known.
func (t Table) Texts(column string) ([]string, error) {
	abi.TableTexts(uint32(t.Handle), abi.Said(column), abi.Returned)
	return abi.TextsResult()
}

// Quantiles are those of a column of numbers over the whole population, not only this table; each share is from 0 to 1. NaN
// when nothing is known of anybody.
func (t Table) Quantiles(column string, shares ...float64) ([]float64, error) {
	at, count := abi.Numbers(shares)
	abi.TableQuantiles(uint32(t.Handle), abi.Said(column), at, count, abi.Returned)
	return abi.NumbersResult()
}

// Standing is for each row the share of the whole population (0 to 1) that has less in a column of numbers, exact to a
// hundredth; NaN where the row's value is not known. The least that anybody has stands at 0, however many have it.
func (t Table) Standing(column string) ([]float64, error) {
	shares := make([]float64, 101)
	for step := range shares {
		shares[step] = float64(step) / 100
	}
	quantiles, err := t.Quantiles(column, shares...)
	if err != nil {
		return nil, err
	}
	values, err := t.Numbers(column)
	if err != nil {
		return nil, err
	}
	standings := make([]float64, len(values))
	for row, value := range values {
		standings[row] = standing(quantiles, value)
	}
	return standings, nil
}

// Contribute adds to every row's score, with the reason that people will read. The score is the sum of all contributions. It
// fails when there is not exactly one number a row, or one of them is NaN: say what a missing value is worth.
func (t Table) Contribute(reason string, points []float64) error {
	at, count := abi.Numbers(points)
	abi.TableContribute(uint32(t.Handle), abi.Said(reason), at, count, abi.Returned)
	return abi.Result()
}

// Exclude says that a row can't be chosen, whatever its score, and why.
func (t Table) Exclude(row int, reason string) {
	abi.TableExclude(uint32(t.Handle), abi.Length(row), abi.Said(reason))
}

// Label is a word for a row.
func (t Table) Label(row int, word string) {
	abi.TableLabel(uint32(t.Handle), abi.Length(row), abi.Said(word))
}

// Parameter says why this table is asked for, by name: "slot", "at", "limit", ...
func (t Table) Parameter(name string) (string, bool) {
	abi.TableParameter(uint32(t.Handle), abi.Said(name), abi.Returned)
	return abi.OptionalText()
}

// standing is the share that has less, by quantiles at even steps from the least to the most.
func standing(quantiles []float64, value float64) float64 {
	last := len(quantiles) - 1
	if last < 1 || math.IsNaN(value) || math.IsNaN(quantiles[0]) {
		return math.NaN()
	}
	above := sort.SearchFloat64s(quantiles, value)
	switch {
	case above == 0:
		return 0
	case above > last:
		return 1
	}
	low := quantiles[above-1]
	return (float64(above-1) + (value-low)/(quantiles[above]-low)) / float64(last)
}
