package web

import (
	"strings"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
)

// People is what the page called people shows.
type People struct {
	Asked string
	Rows  []PersonRow
	Next  string
}

// PersonRow is one of the staff in a list.
type PersonRow struct {
	Address, Person, Roles string
	Badge                  *Badge // nil: they have no account, but sign in at a provider
}

// accountTones say what the states of accounts are like.
var accountTones = map[string]string{domain.AccountActive: "good", domain.AccountInvited: "warn", domain.AccountSuspended: "bad"}

// NewPeople makes the page.
func NewPeople(v View, p access.People, asked string) People {
	x := People{Asked: asked}
	for _, c := range p.Rows {
		row := PersonRow{Address: "/people/" + v.colleague(c), Person: c.Person, Badge: accountBadge(c.Account)}
		var roles []string
		for _, a := range c.Roles {
			roles = append(roles, v.role(a.Role, p.Of(a.UnitID, a.PartnerID)))
		}
		row.Roles = strings.Join(roles, " · ")
		x.Rows = append(x.Rows, row)
	}
	return x
}

func accountBadge(a *domain.Account) *Badge {
	if a == nil {
		return nil
	}
	return &Badge{"people.state." + a.State, accountTones[a.State]}
}

// colleague names a person in an address without saying who it is.
func (v View) colleague(c access.Colleague) string {
	if c.Account != nil {
		return v.ID("acc", c.Account.ID)
	}
	return v.ID("asg", c.Roles[0].ID)
}

// role is a role with where it is held.
func (v View) role(role domain.Role, place string) string {
	text := Text(v.Lang, "role."+string(role))
	if place == "" {
		return text
	}
	return text + ", " + place
}

// RoleFields are what a role is given with.
type RoleFields struct {
	Roles, Units, Partners []Option
}

// givable are the roles that an administrator gives.
var givable = []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor, domain.Administrator, domain.PartnerRole}

func (v View) roleFields(p access.Places) (f RoleFields) {
	f.Roles = []Option{{"", Text(v.Lang, "people.choose")}}
	for _, role := range givable {
		f.Roles = append(f.Roles, Option{string(role), Text(v.Lang, "role."+string(role))})
	}
	f.Units, f.Partners = v.places("unt", "people.no_unit", p.Units), v.places("prt", "people.no_partner", p.Partners)
	return f
}

// places are things to choose among, by name, or none of them.
func (v View) places(prefix, none string, names map[string]string) []Option {
	options := []Option{}
	for id, name := range names {
		options = append(options, Option{prefix + "_" + strings.ReplaceAll(id, "-", ""), name})
	}
	sortOptions(options)
	return append([]Option{{"", Text(v.Lang, none)}}, options...)
}

// PersonNew is what the page called person_new shows.
type PersonNew struct {
	Form Input
	RoleFields
}

// NewPersonNew makes the page.
func NewPersonNew(v View, p access.Places, in Input) PersonNew { return PersonNew{in, v.roleFields(p)} }

// Person is what the page called person shows.
type Person struct {
	Form     Input
	Badge    *Badge
	Since    string // when they have had an account
	Own      bool   // it is who looks
	Roles    []RoleRow
	SignIns  []string
	Recovery *RecoveryRow
	RoleFields
	MayInvite, MaySuspend, MayResume, MayRecover bool
}

// RoleRow is a role that a person holds.
type RoleRow struct {
	ID, Role, Since string
	Claimed         bool // the sign-in provider says so, each time
}

// RecoveryRow is a recovery that is open.
type RecoveryRow struct {
	Confirmed bool
	By, Until string
	Reason    string
	Mine      bool // who looks has started it
}

// NewPerson makes the page.
func NewPerson(v View, s access.ColleagueStory, by domain.Actor, in Input) Person {
	x := Person{Form: in, Badge: accountBadge(s.Account), Own: s.Person == by.Person, RoleFields: v.roleFields(s.Places)}
	for _, a := range s.Roles {
		x.Roles = append(x.Roles, RoleRow{ID: v.ID("asg", a.ID), Role: v.role(a.Role, s.Of(a.UnitID, a.PartnerID)), Since: Text(v.Lang, "people.since", v.Moment(a.CreatedAt), v.by(a.CreatedBy)), Claimed: a.Source == domain.FromClaims})
	}
	for _, t := range s.SignIns {
		used := t.CreatedAt
		if t.LastUsedAt != nil {
			used = *t.LastUsedAt
		}
		x.SignIns = append(x.SignIns, Text(v.Lang, "people.sign_in", v.Moment(t.CreatedAt), Text(v.Lang, "role."+string(t.Role)), v.Moment(used)))
	}
	if r := s.Recovery; r != nil {
		x.Recovery = &RecoveryRow{Confirmed: r.State == domain.RecoveryConfirmed, By: r.StartedBy, Until: v.Moment(r.ExpiresAt), Reason: r.Reason, Mine: r.StartedBy == by.Person}
	}
	if a := s.Account; a != nil {
		x.Since = Text(v.Lang, "people.account_since", v.Moment(a.CreatedAt), v.by(a.CreatedBy))
		x.MaySuspend, x.MayResume = a.State != domain.AccountSuspended, a.State == domain.AccountSuspended
		x.MayRecover = a.State == domain.AccountActive && s.Recovery == nil
	}
	x.MayInvite = s.Account == nil || s.Account.State == domain.AccountInvited
	return x
}

// Secret is what the page called secret shows: something that is told once.
type Secret struct {
	For   string
	What  string // key
	Text  string
	Until string
	Hint  string // key
	Back  string
}
