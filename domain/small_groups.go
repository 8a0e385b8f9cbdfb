package domain

// Whole says that one group is made up of others: what is told of it and of all of
// them but one tells of that one.
type Whole struct {
	Of    int // where it is among the groups
	Parts []int
}

// Hidden says of groups, by how many people are in each, which must not be told of:
// those of fewer than so many, and as many more as it takes that none of those can be
// worked out by taking parts from a whole. Of two that would do it takes the smaller.
func Hidden(people []int, fewest int, wholes []Whole) []bool {
	hidden := make([]bool, len(people))
	for i, n := range people {
		hidden[i] = n < fewest
	}
	for again := true; again; {
		again = false
		for _, w := range wholes {
			if !tells(w, people, hidden, fewest) {
				continue
			}
			again = true
			if next := smallest(w.Parts, people, hidden); next >= 0 {
				hidden[next] = true
			} else {
				hidden[w.Of] = true
			}
		}
	}
	return hidden
}

// tells reports whether a whole and its parts, as far as they are told of, tell of
// something that is hidden.
func tells(w Whole, people []int, hidden []bool, fewest int) bool {
	parts, within := 0, 0
	for _, i := range w.Parts {
		if hidden[i] && people[i] > 0 {
			parts, within = parts+1, within+people[i]
		}
	}
	if hidden[w.Of] {
		return people[w.Of] > 0 && parts == 0
	}
	return parts == 1 || parts > 1 && within < fewest
}

// smallest gives which part that has people and is told of has the fewest; -1: none.
func smallest(parts []int, people []int, hidden []bool) int {
	least := -1
	for _, i := range parts {
		if !hidden[i] && people[i] > 0 && (least < 0 || people[i] < people[least]) {
			least = i
		}
	}
	return least
}
