package sheet

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// PlanRow is a treatment plan as exported.
type PlanRow struct {
	Place
	Plan      string // the plan's number in the municipality's case system; unique in the file
	Citizen   string // the municipality's own number for the person
	Unit      string // the unit's name
	Programme string // the programme's slug
	BirthDate domain.Date
	StartDate domain.Date
}

// ReadPlans reads treatment plans:
//
//	plan;borger;foedt;enhed;startdato;ordning
//	plan;citizen;birth_date;unit;start_date;programme
//
// All columns are required, in any order. A date written as an instant with an
// offset is the date that begins then in loc. The error, a *domain.Error of
// kind Invalid, is for a file that cannot be read at all.
func ReadPlans(data []byte, loc *time.Location) ([]PlanRow, []Refusal, error) {
	return read(data, layout[PlanRow]{
		columns: []column{
			{"plan", nil},
			{"citizen", []string{"borger"}},
			{"birth_date", []string{"foedt"}},
			{"unit", []string{"enhed"}},
			{"start_date", []string{"startdato"}},
			{"programme", []string{"ordning"}},
		},
		row: func(c *cells) (PlanRow, string) {
			r := PlanRow{
				Plan:      c.text("plan"),
				Citizen:   c.text("citizen"),
				BirthDate: c.date("birth_date", loc),
				Unit:      c.text("unit"),
				StartDate: c.date("start_date", loc),
				Programme: c.text("programme"),
			}
			return r, r.Plan
		},
		place: func(r *PlanRow, at Place) { r.Place = at },
		twice: "this plan",
	})
}
