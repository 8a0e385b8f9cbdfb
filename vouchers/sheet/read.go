package sheet

import (
	"cmp"
	"fmt"
	"slices"
)

// seen is what the file says about one identity.
type seen[T comparable] struct {
	said []statement[T] // in the order of the file
	at   int            // the row made of it
}

type statement[T any] struct {
	row  T
	line int
}

// other gives the first line that says something else than the first one does;
// 0 when all say the same.
func (s *seen[T]) other() int {
	for _, x := range s.said {
		if x.row != s.said[0].row {
			return x.line
		}
	}
	return 0
}

// read goes through a file. A row that was exported twice is one row; rows that
// claim the same identity and differ cannot all be right, and none of them is
// taken: which one stands first says nothing.
func read[T comparable](data []byte, l layout[T]) ([]T, []Refusal, error) {
	t, err := open(data, l.columns)
	if err != nil {
		return nil, nil, err
	}
	var rows []T
	var refusals []Refusal
	first, twice := map[string]*seen[T]{}, []*seen[T]{}
	for rec, ok := t.next(); ok; rec, ok = t.next() {
		c := newCells(t.heading, rec)
		row, identity := l.row(c)
		if c.problem != nil {
			if refusals = append(refusals, *c.problem); len(refusals) > MaxRefusals {
				return nil, nil, TooManyRefusals()
			}
			continue
		}
		before := first[identity]
		if before == nil {
			before = &seen[T]{at: len(rows)}
			first[identity] = before
			placed := row
			l.place(&placed, Place{rec.line, &t.heading})
			rows = append(rows, placed)
		} else if len(before.said) == 1 {
			twice = append(twice, before)
		}
		before.said = append(before.said, statement[T]{row, rec.line})
	}
	return contradicted(t, l, rows, refusals, twice)
}

// contradicted takes the rows out that lines with other content contradict.
func contradicted[T comparable](t *table, l layout[T], rows []T, refusals []Refusal, twice []*seen[T]) ([]T, []Refusal, error) {
	column := t.heading.names[t.heading.at[l.columns[0].name]]
	gone := map[int]bool{}
	for _, s := range twice {
		differs := s.other()
		if differs == 0 {
			continue
		}
		gone[s.at] = true
		for _, x := range s.said {
			other := s.said[0].line
			if x.row == s.said[0].row {
				other = differs
			}
			refusals = append(refusals, Refusal{Line: x.line, Column: column, Reason: fmt.Sprintf(l.twice+" is also on line %d, with other content", other)})
		}
	}
	if len(refusals) > MaxRefusals {
		return nil, nil, TooManyRefusals()
	}
	if len(gone) == 0 {
		return rows, refusals, nil
	}
	slices.SortFunc(refusals, func(a, b Refusal) int { return cmp.Compare(a.Line, b.Line) })
	var left []T
	for i, row := range rows {
		if !gone[i] {
			left = append(left, row)
		}
	}
	return left, refusals, nil
}

// MaxRefusals is how many lines of an export may be refused: one with more is
// no export, and nobody would go through its list.
const MaxRefusals = 10_000

// TooManyRefusals refuses such an export as a whole.
func TooManyRefusals() error {
	return unreadable("too_many_refused", "more than %d lines are refused: this is not the export of this municipality, or of another shape", MaxRefusals)
}
