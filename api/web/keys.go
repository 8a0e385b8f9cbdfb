package web

import (
	"strings"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
)

// Keys is what the page called keys shows.
type Keys struct {
	Form Input
	Rows []KeyRow
	Next string
}

// KeyRow is an API token in a list.
type KeyRow struct {
	Address, Person, Role, Until, Used string
	For                                string // what it is for; "": whatever the role may
	MayRotate                          bool
}

// NewKeys makes the page.
func NewKeys(v View, k access.Keys, by domain.Actor, in Input) Keys {
	x := Keys{Form: in}
	for _, t := range k.Rows {
		row := KeyRow{
			Address: "/keys/" + v.ID("tok", t.ID), Person: t.Person, Role: v.role(t.Role, k.Of(t.UnitID, t.PartnerID)), Until: Text(v.Lang, "keys.until", v.Moment(*t.ExpiresAt)),
			Used: Text(v.Lang, "keys.unused"), For: strings.Join(t.Scopes, ", "), MayRotate: t.Person == by.Person || t.Role == domain.PartnerRole,
		}
		if t.LastUsedAt != nil {
			row.Used = Text(v.Lang, "keys.used", v.Moment(*t.LastUsedAt))
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}

// KeyNew is what the page called key_new shows.
type KeyNew struct {
	Form     Input
	Partners []Option
}

// NewKeyNew makes the page.
func NewKeyNew(v View, p access.Places, in Input) KeyNew {
	return KeyNew{in, v.places("prt", "keys.mine", p.Partners)}
}
