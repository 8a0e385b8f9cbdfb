package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

func TestHidden(t *testing.T) {
	for _, c := range []struct {
		name   string
		people []int // of the whole, and of its parts
		want   []bool
	}{
		{"none is small", []int{15, 5, 10}, []bool{false, false, false}},
		{"the rest would tell of the small one, so the smallest other one is hidden too", []int{40, 4, 16, 20}, []bool{false, true, true, false}},
		{"two small ones together are a small group", []int{18, 1, 2, 7, 8}, []bool{false, true, true, true, false}},
		{"two that together are none", []int{16, 3, 3, 10}, []bool{false, true, true, false}},
		{"nobody is no group to protect", []int{12, 0, 12}, []bool{false, true, false}},
		{"the whole is small", []int{4, 4, 0}, []bool{true, true, true}},
		{"one small one beside nobody", []int{4, 4}, []bool{true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts []int
			for i := range c.people[1:] {
				parts = append(parts, i+1)
			}
			require.Equal(t, c.want, domain.Hidden(c.people, 5, []domain.Whole{{Of: 0, Parts: parts}}))
		})
	}
}

// In any table with sums of its rows and columns no small group is shown, nor the
// difference between a sum and what is shown of it where that is one group or a small
// one; and a table in which nobody is hidden for being few hides nothing.
func TestHiddenLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "columns")
		least := rapid.SampledFrom([]int{0, 5}).Draw(t, "least")
		at := func(r, c int) int { return r*(columns+1) + c } // row and column 0 are the sums
		people := make([]int, (rows+1)*(columns+1))
		for r := 1; r <= rows; r++ {
			for c := 1; c <= columns; c++ {
				n := rapid.IntRange(least, 20).Draw(t, "people")
				for _, i := range []int{at(r, c), at(r, 0), at(0, c), at(0, 0)} {
					people[i] += n
				}
			}
		}
		var wholes []domain.Whole
		for r := 0; r <= rows; r++ {
			w := domain.Whole{Of: at(r, 0)}
			for c := 1; c <= columns; c++ {
				w.Parts = append(w.Parts, at(r, c))
			}
			wholes = append(wholes, w)
		}
		for c := 0; c <= columns; c++ {
			w := domain.Whole{Of: at(0, c)}
			for r := 1; r <= rows; r++ {
				w.Parts = append(w.Parts, at(r, c))
			}
			wholes = append(wholes, w)
		}
		hidden := domain.Hidden(people, 5, wholes)
		for i, n := range people {
			require.True(t, n >= 5 || hidden[i])
			require.True(t, least < 5 || !hidden[i], "nothing is hidden for nothing")
		}
		for _, w := range wholes {
			rest, groups := people[w.Of], 0
			for _, i := range w.Parts {
				if !hidden[i] {
					rest -= people[i]
				} else if people[i] > 0 {
					groups++
				}
			}
			if hidden[w.Of] {
				require.True(t, people[w.Of] == 0 || groups > 0, "the parts do not tell of the whole")
				continue
			}
			require.True(t, rest == 0 || rest >= 5 && groups > 1, "what is left tells of %d people in %d groups", rest, groups)
		}
	})
}
