package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
)

// Units is what the page called units shows.
type Units struct {
	Form Input
	Rows []UnitRow
	Next string
}

// UnitRow is a unit in a list.
type UnitRow struct{ Address, Name, Mail string }

// UnitRow makes one.
func (v View) UnitRow(u domain.Unit) UnitRow {
	return UnitRow{"/units/" + v.ID("unt", u.ID), u.Name, u.NotifyEmail}
}

// Unit is what the page called unit shows.
type Unit struct{ Name, Organisation Input }

// NewUnit makes the page.
func NewUnit(u domain.Unit, in Input) Unit {
	version := strconv.FormatInt(u.Version, 10)
	return Unit{
		Name:         in.For("name").Or("version", version, "name", u.Name, "notify_email", u.NotifyEmail),
		Organisation: in.For("organisation").Or("version", version, "organisation", u.Organisation),
	}
}

// Or is the form with what things are now, where nothing was typed. Pairs are names
// and values.
func (in Input) Or(pairs ...string) Input {
	if in.Values != nil {
		return in
	}
	in.Values = url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		in.Values.Set(pair[0], pair[1])
	}
	return in
}
