package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// spot is one group of a year's figures: 0 is all units, all programmes, which the
// others make up.
type spot struct{ unit, programme int }

// grid counts who is in each group.
type grid struct {
	w      *figuring
	people map[spot]map[domain.ID]bool
}

func (w *figuring) grid() grid { return grid{w, map[spot]map[domain.ID]bool{}} }

// spots are the groups that something of a unit and of programmes, or of none, counts
// in.
func (w *figuring) spots(unit domain.ID, programmes []domain.ID) (list []spot) {
	under := []int{0}
	for _, p := range programmes {
		if i := w.programmes[p]; !slices.Contains(under, i) { // a plan can have been enrolled twice
			under = append(under, i)
		}
	}
	if len(programmes) == 0 {
		under = append(under, w.noProgramme())
	}
	for _, p := range under {
		list = append(list, spot{0, p}, spot{w.units[unit], p})
	}
	return list
}

// noProgramme is where who is in no programme counts.
func (w *figuring) noProgramme() int { return len(w.programmes) + 1 }

// chosen reports whether something counts in the group that is chosen.
func (w *figuring) chosen(unit domain.ID, programmes []domain.ID) bool {
	return slices.Contains(w.spots(unit, programmes), w.at)
}

// add counts a citizen in the groups that something of theirs counts in, and gives
// these.
func (g grid) add(unit domain.ID, programmes []domain.ID, citizen domain.ID) []spot {
	list := g.w.spots(unit, programmes)
	for _, at := range list {
		if g.people[at] == nil {
			g.people[at] = map[domain.ID]bool{}
		}
		g.people[at][citizen] = true
	}
	return list
}

// hidden says which groups must not be told of.
func (g grid) hidden() map[spot]bool {
	units, programmes := len(g.w.units)+1, g.w.noProgramme()+1
	var all []spot
	for u := range units {
		for p := range programmes {
			all = append(all, spot{u, p})
		}
	}
	people, wholes := make([]int, len(all)), []domain.Whole{}
	for i, at := range all { // i is at.unit*programmes + at.programme
		people[i] = len(g.people[at])
		if at.unit == 0 {
			w := domain.Whole{Of: i}
			for u := 1; u < units; u++ {
				w.Parts = append(w.Parts, u*programmes+at.programme)
			}
			wholes = append(wholes, w)
		}
		if at.programme == 0 {
			w := domain.Whole{Of: i}
			for p := 1; p < programmes; p++ {
				w.Parts = append(w.Parts, i+p)
			}
			wholes = append(wholes, w)
		}
	}
	told := map[spot]bool{}
	for i, hide := range domain.Hidden(people, FewestPeople, wholes) {
		told[all[i]] = hide
	}
	return told
}

// nearby is a group with what it is called.
type nearby struct {
	name string
	at   spot
}

// beside are the groups to tell of beside what is chosen: its units, or in one unit
// its programmes.
func (w *figuring) beside() (list []nearby) {
	switch {
	case w.at.unit == 0 && len(w.units) > 1:
		for i, name := range w.names[0] {
			list = append(list, nearby{name, spot{i + 1, w.at.programme}})
		}
	case w.at.programme == 0:
		for i, name := range w.names[1] {
			list = append(list, nearby{name, spot{w.at.unit, i + 1}})
		}
		list = append(list, nearby{"", spot{w.at.unit, w.noProgramme()}})
	}
	return list
}
