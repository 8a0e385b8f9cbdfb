package web

import "github.com/fasthold/fasthold/domain"

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
	return Unit{
		Name:         in.For("name").Or(u.Version, "name", u.Name, "notify_email", u.NotifyEmail),
		Organisation: in.For("organisation").Or(u.Version, "organisation", u.Organisation),
	}
}
