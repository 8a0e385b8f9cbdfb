package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// shelf is rows of one type that were read in advance, by the column that they
// are found by, and in order.
type shelf[T any] struct {
	order string
	rows  map[domain.ID][]T
}

// shelfKey names a shelf: there is one for each type and column.
type shelfKey struct {
	row    reflect.Type
	column string
}

// Shelve reads the rows whose column is one of ids, in one query, and has All,
// First, Get and Count answer from memory what is asked of these ids in tx from
// here on, in this order or in none. It replaces what was shelved by the column
// before. It is for a snapshot that asks the same of thousands, one by one:
// nothing else may happen meanwhile to what it holds.
func Shelve[T any](tx *Tx, column, order string, ids []domain.ID) error {
	shape, err := tx.store.shape(reflect.TypeFor[T]())
	if err != nil {
		return err
	}
	if _, ok := shape.value(column, reflect.ValueOf(*new(T))).(domain.ID); !ok {
		return fmt.Errorf("store: no shelf can be made by %s", column)
	}
	made := &shelf[T]{order, make(map[domain.ID][]T, len(ids))}
	for _, id := range ids {
		made.rows[id] = nil
	}
	query := scoped[T](tx, []Cond{In(column, ids)})
	if order != "" {
		query = query.Order(order)
	}
	err = each(tx, query, func(row T) error {
		id, _ := shape.value(column, reflect.ValueOf(row)).(domain.ID)
		made.rows[id] = append(made.rows[id], row)
		return nil
	})
	if tx.shelves == nil {
		tx.shelves = map[shelfKey]any{}
	}
	tx.shelves[shelfKey{reflect.TypeFor[T](), column}] = made
	return err
}

// value is what a column of a row holds; nil when there is no such column.
func (sh *shape) value(column string, row reflect.Value) any {
	for _, field := range sh.fields {
		if field.DBName == column {
			v, _ := field.ValueOf(context.Background(), row)
			return v
		}
	}
	return nil
}

// shelved gives copies of the rows that the conditions name, when a shelf has
// them.
func shelved[T any](tx *Tx, order string, conds []Cond) ([]T, bool) {
	for i, c := range conds {
		if tx.shelves == nil {
			break
		}
		column, _, ids := c.compares()
		made, _ := tx.shelves[shelfKey{reflect.TypeFor[T](), column}].(*shelf[T])
		if made == nil || order != "" && (order != made.order || len(ids) != 1) {
			continue
		}
		if rows, ok := made.find(ids); ok {
			return narrowed(tx, rows, slices.Delete(slices.Clone(conds), i, i+1))
		}
	}
	return nil, false
}

// find gives the rows with these IDs, unless some were never looked for.
func (s *shelf[T]) find(ids []domain.ID) (rows []T, ok bool) {
	rows = []T{}
	for _, id := range ids {
		of, known := s.rows[id]
		if !known {
			return nil, false
		}
		rows = append(rows, of...)
	}
	return rows, len(ids) > 0
}

// compares says what a condition compares, and how: "=", "<" or "IN"; all three
// are empty for one that does more. The IDs are what an ID is to be one of.
func (c Cond) compares() (column, how string, ids []domain.ID) {
	parts := strings.Split(c.sql, " ")
	if len(parts) != 3 || parts[2] != "?" || len(c.args) != 1 {
		return "", "", nil
	}
	switch v := c.args[0].(type) {
	case domain.ID:
		ids = []domain.ID{v}
	case []domain.ID:
		ids = v
	}
	if parts[1] == "<" {
		ids = nil
	}
	return parts[0], parts[1], ids
}

// narrowed keeps the rows that the other conditions want too. It is not ok where
// one of them is more than it understands: then the database is asked.
func narrowed[T any](tx *Tx, rows []T, conds []Cond) ([]T, bool) {
	shape, err := tx.store.shape(reflect.TypeFor[T]())
	if err != nil {
		return nil, false
	}
	for _, c := range conds {
		if c.sql == "" {
			continue
		}
		column, how, _ := c.compares()
		if how == "" {
			return nil, false
		}
		understood := true
		rows = slices.DeleteFunc(rows, func(row T) bool {
			value := shape.value(column, reflect.ValueOf(row))
			number, isNumber := value.(int)
			below, isBelow := c.args[0].(int)
			switch {
			case how == "=" && reflect.TypeOf(value) == reflect.TypeOf(c.args[0]) && reflect.TypeOf(value).Comparable():
				return value != c.args[0]
			case how == "<" && isNumber && isBelow:
				return number >= below
			}
			understood = false
			return false
		})
		if !understood {
			return nil, false
		}
	}
	return rows, true
}
