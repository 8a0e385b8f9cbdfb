package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// LimitSteps is how many steps of approval there can be.
const LimitSteps = 5

// Limits is what the page shows on which it is said who may approve how much.
type Limits struct {
	Form       Input
	May        bool // the reader may change them
	Programme  string
	Programmes []Option
	Own        bool // the programme that is asked for has its own
	Number     string
	Says       []string // what holds, in words
	Changed    string   // who set it, and when; "": nobody has
	Steps      []LimitStep
	Roles      []Option // of the first step; of the others none is a choice too
	More       []Option
}

// LimitStep is one step in the form.
type LimitStep struct {
	Role, Above string // the names of its fields
	First       bool
	Label       string // key
}

// NewLimits makes the page; of a programme, or of all where programme is "".
func NewLimits(v View, l domain.ApprovalLimits, programmes []domain.Programme, programme string, in Input) Limits {
	x := Limits{
		Form: in, Programme: programme, Own: l.ProgrammeID != nil, Number: strconv.Itoa(l.Number), Says: v.limits(l),
		Roles: []Option{{"team_leader", Text(v.Lang, "limits.team_leader")}, {"caseworker", Text(v.Lang, "limits.caseworker")}},
	}
	x.More = append([]Option{{"", Text(v.Lang, "limits.nobody")}}, x.Roles...)
	for _, p := range programmes {
		title := p.TitleDA
		if v.Lang == English {
			title = p.TitleEN
		}
		x.Programmes = append(x.Programmes, Option{v.ID("prg", p.ID), title})
	}
	sortOptions(x.Programmes)
	x.Programmes = append([]Option{{"", Text(v.Lang, "books.all_programmes")}}, x.Programmes...)
	if l.ChangedBy != "" {
		x.Changed = Text(v.Lang, "limits.changed", l.ChangedBy, v.Moment(l.CreatedAt))
	}
	for n := 1; n <= min(LimitSteps, len(l.Steps)+1); n++ {
		x.Steps = append(x.Steps, LimitStep{fmt.Sprintf("role_%d", n), fmt.Sprintf("above_%d", n), n == 1, "limits.step_" + strconv.Itoa(n)})
	}
	if !in.Values.Has("number") {
		x.filled(l)
	}
	return x
}

// filled fills the form in with what holds.
func (x *Limits) filled(l domain.ApprovalLimits) {
	set := func(name string, minor *int64) {
		if minor != nil {
			x.Form.Values.Set(name, plainMoney(*minor))
		}
	}
	for i, step := range l.Steps {
		x.Form.Values.Set(fmt.Sprintf("role_%d", i+1), string(step.Role))
		set(fmt.Sprintf("above_%d", i+1), &step.Above)
	}
	for name, minor := range map[string]*int64{"automatic_most": l.AutomaticMost, "leader_most": l.LeaderMost, "leader_grant": &l.LeaderGrant, "caseworker_grant": &l.CaseworkerGrant, "own_caseload": &l.OwnCaseload} {
		set(name, minor)
	}
	x.Form.Values.Set("remind_days", strconv.Itoa(l.RemindDays))
}

// plainMoney is an amount as a field has it.
func plainMoney(minor int64) string {
	return strings.TrimSuffix(domain.FormatMoneyShort(minor, "DKK"), " kr.")
}

// limits says in words what holds.
func (v View) limits(l domain.ApprovalLimits) (says []string) {
	kroner := func(minor int64) string { return domain.FormatMoneyShort(minor, "DKK") }
	say := func(key string, args ...any) { says = append(says, Text(v.Lang, key, args...)) }
	for i, step := range l.Steps {
		if i == 0 {
			say("limits.says_first_" + string(step.Role))
		} else {
			say("limits.says_then_"+string(step.Role), kroner(step.Above))
		}
	}
	if l.AutomaticMost == nil {
		say("limits.says_automatic")
	} else {
		say("limits.says_automatic_most", kroner(*l.AutomaticMost))
	}
	if l.LeaderMost != nil {
		say("limits.says_leader_most", kroner(*l.LeaderMost))
	}
	for _, of := range []struct {
		key   string
		minor int64
	}{{"limits.says_leader_grant", l.LeaderGrant}, {"limits.says_caseworker_grant", l.CaseworkerGrant}, {"limits.says_own", l.OwnCaseload}} {
		if of.minor == 0 {
			say(of.key + "_none")
		} else {
			say(of.key, kroner(of.minor))
		}
	}
	if l.RemindDays > 0 {
		say("limits.says_remind", strconv.Itoa(l.RemindDays))
	} else {
		say("limits.says_remind_none")
	}
	return says
}

// Deputies is what the page shows on which somebody names who stands in for them.
type Deputies struct {
	Form Input
	Rows []DeputyRow
	Next string
}

// DeputyRow is somebody who stands in for another.
type DeputyRow struct {
	ID, Says, Days string
	Badge          Badge
	Ends           bool // it can be ended
}

// NewDeputies makes the page.
func NewDeputies(v View, l vouchers.DeputyList, reader string, in Input) Deputies {
	x := Deputies{Form: in}
	for _, d := range l.Rows {
		row := DeputyRow{ID: v.ID("dep", d.ID), Says: Text(v.Lang, "deputies.for_you", d.Deputy), Days: v.days(d.FirstDay, d.LastDay), Badge: Badge{"deputies.over", ""}}
		if d.Deputy == domain.Fold(reader) {
			row.Says = Text(v.Lang, "deputies.you_for", d.Person)
		}
		switch {
		case d.WithdrawnAt != nil:
			row.Badge.Words = "deputies.withdrawn"
		case d.On(l.Today):
			row.Badge, row.Ends = Badge{"deputies.now", "good"}, true
		case l.Today.Before(d.FirstDay):
			row.Badge, row.Ends = Badge{"deputies.ahead", "warn"}, true
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}
