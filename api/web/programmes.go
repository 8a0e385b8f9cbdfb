package web

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Offers is the page with the programmes.
type Offers struct {
	Rows   []Offer
	Next   string // where older ones are; "": there are none
	MayAdd bool
}

// Offer is a programme in a list.
type Offer struct {
	Name, Slug, Address string
	InForce             *Version // nil: none is
	Coming, Drafts      []Version
}

// Version is a programme's version in a list.
type Version struct {
	Name, Address string
	State         string // in_force, coming, past or draft
	From, To      string // "" while a draft; To is "" too without an end
	By, On        string // who adopted it, and when
	Recorded      string // who recorded that
	Written       string // who wrote it last
}

// Author is who reads a programme's pages, and what they may do there.
type Author struct {
	Person           string
	Edit, Adopt, End bool
}

// NewOffers makes the page with the programmes.
func NewOffers(v View, list []vouchers.Offer, today domain.Date) (o Offers) {
	for _, each := range list {
		p := each.Programme
		row := Offer{Name: v.Titled(p), Slug: p.Slug, Address: v.programmeAt(p.ID)}
		if each.InForce != nil {
			inForce := v.version(*each.InForce, today)
			row.InForce = &inForce
		}
		row.Coming, row.Drafts = v.versions(each.Coming, today), v.versions(each.Drafts, today)
		o.Rows = append(o.Rows, row)
	}
	return o
}

// Titled is what a programme is called.
func (v View) Titled(p domain.Programme) string {
	if v.Lang == English {
		return p.TitleEN
	}
	return p.TitleDA
}

func (v View) programmeAt(id domain.ID) string { return "/programmes/" + v.ID("prg", id) }

// VersionAt is a version's page.
func (v View) VersionAt(x domain.ProgrammeVersion) string {
	return v.programmeAt(x.ProgrammeID) + "/versions/" + v.ID("ver", x.ID)
}

func (v View) versions(list []domain.ProgrammeVersion, today domain.Date) (shown []Version) {
	for _, each := range list {
		shown = append(shown, v.version(each, today))
	}
	return shown
}

func (v View) version(x domain.ProgrammeVersion, today domain.Date) Version {
	shown := Version{
		Name: v.Numbered(x), Address: v.VersionAt(x), State: "past", From: v.Date(x.InForceFrom), To: v.Date(x.InForceTo),
		By: x.AdoptedBy, On: v.Date(x.AdoptedOn), Recorded: x.RecordedBy, Written: x.WrittenBy,
	}
	switch {
	case x.State == domain.VersionDraft:
		shown.State = "draft"
	case x.InForce(today):
		shown.State = "in_force"
	case today.Before(x.InForceFrom):
		shown.State = "coming"
	}
	return shown
}

// Programme is the page of a programme with one of its versions.
type Programme struct {
	At       string // the programme's address
	Slug     string
	Version  *Version // that is read; nil: there is none
	Rules    Rules
	Versions []Version
	Older    bool
	Enrolled int64
	Author   Author
	Own      bool // it is the reader's own draft, which somebody else must adopt
	Endable  bool
	All      *CostRow // what all who are enrolled can still cost; nil: not asked
	Costs    bool     // that can be asked
	Form     Input    // to end it
}

// NewProgramme makes the page of a programme.
func NewProgramme(v View, e vouchers.Edition, author Author, in Input) Programme {
	p := Programme{
		At: v.programmeAt(e.Programme.ID), Slug: e.Programme.Slug, Versions: v.versions(e.Versions, e.Today), Older: e.Older, Enrolled: e.Enrolled, Author: author, Form: in,
	}
	if x := e.Version; x != nil {
		shown := v.version(*x, e.Today)
		p.Version, p.Rules = &shown, v.newRules(e.Said, e.InForce, v.Numbered(*x))
		p.Own = shown.State == "draft" && x.WrittenBy == domain.Fold(author.Person)
		p.Endable = author.End && x.State == domain.VersionAdopted
		p.Costs = e.Cost != nil && e.Enrolled > 0
	}
	return p
}

// ForAll adds what all who are enrolled can still come to cost.
func (p *Programme) ForAll(c vouchers.VersionCost) {
	p.All = &CostRow{Expected: domain.FormatMoneyShort(c.Expected, c.Currency), Most: domain.FormatMoneyShort(c.Worst, c.Currency)}
}
