package web

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Admit is what the page shows on which a new citizen is taken in.
type Admit struct {
	Form       Input
	Units      []Option // none where there is no choice
	Programmes []Option
	Kinds      []Option
	Every      []Option
	Alike      []FoundRow // who may be the same person; the form is sent again to say that they are not
}

// NewAdmit makes the page. Alike are those who may be the same person.
func NewAdmit(v View, in Input, units []Option, programmes []vouchers.OpenProgramme, alike []domain.Citizen) Admit {
	f := formFields{v: v}
	none := Option{"", Text(v.Lang, "admit.no_programme")}
	return Admit{
		Form: in, Units: units, Programmes: append(Programmes(v, programmes), none), Kinds: f.choices("citizen.kind.", "individual", "group", "appointment"),
		Every: f.choices("citizen.every.", "week", "two_weeks", "day", "once"), Alike: NewFound(alike, v).Rows,
	}
}
