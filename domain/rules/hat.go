package rules

import (
	"cmp"
	"slices"
)

// Hat is a group's draw of names: a met visit puts as many slips with the
// person's name in it as Draws says. Names are drawn until as many different
// people as Names have won, or no other name is left; each winner makes one draw
// from the bowl.
type Hat struct {
	Names int `json:"names"`
}

// Entry is what one person has in a hat.
type Entry struct {
	Visit   string // the ID of the visit that earned it: one visit a person
	Tickets int    // slips with the name
}

// Draw draws the winners from a hat, which has an ID of its own, and gives their
// visits in the order drawn. It depends on the seed, the ID and the entries, not
// on the entries' order. A name that is drawn leaves the hat with all its slips,
// so that at each draw every slip of those who have not won is equally likely.
func (h Hat) Draw(seed, hat string, entries []Entry) (winners []string, err error) {
	if _, err := Commit(seed); err != nil {
		return nil, err
	}
	left, total := byVisit(entries)
	source := newDRBG(mustHex(seed), nil, []byte("fasthold hat "+hat))
	for len(winners) < h.Names && len(left) > 0 {
		slip, i := source.below(total), 0
		for slip >= left[i].Tickets {
			slip -= left[i].Tickets
			i++
		}
		winners = append(winners, left[i].Visit)
		total -= left[i].Tickets
		left = slices.Delete(left, i, i+1)
	}
	return winners, nil
}

// byVisit gives the entries that have slips in the order of their visits, one
// for each, and how many slips they are.
func byVisit(entries []Entry) (list []Entry, total int) {
	sorted := slices.SortedFunc(slices.Values(entries), func(a, b Entry) int { return cmp.Compare(a.Visit, b.Visit) })
	for _, e := range sorted {
		switch last := len(list) - 1; {
		case e.Tickets <= 0:
			continue
		case last >= 0 && list[last].Visit == e.Visit:
			list[last].Tickets += e.Tickets
		default:
			list = append(list, e)
		}
		total += e.Tickets
	}
	return list, total
}
