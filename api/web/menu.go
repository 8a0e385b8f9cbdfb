package web

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// MenuItem leads to one of a role's pages.
type MenuItem struct {
	Words   string // key
	Address string
	Current bool // it is the page that is shown, or one below it
}

// menus are the pages that each role begins with, the first page first.
var menus = map[domain.Role][]MenuItem{
	domain.Caseworker: {{Words: "today.menu", Address: "/today"}, {Words: "menu.citizens", Address: "/citizens"}, {Words: "rules.title", Address: "/programmes"}},
	domain.TeamLeader: {
		{Words: "approvals.menu", Address: "/approvals"}, {Words: "today.menu", Address: "/today"}, {Words: "menu.citizens", Address: "/citizens"},
		{Words: "rules.title", Address: "/programmes"}, {Words: "treatment.menu", Address: "/figures"}, {Words: "menu.import", Address: "/import"},
	},
	domain.Finance: {
		{Words: "year.menu", Address: "/year"}, {Words: "menu.runs", Address: "/runs"}, {Words: "menu.bank", Address: "/bank"}, {Words: "menu.invoices", Address: "/invoices"},
		{Words: "figures.outstanding", Address: "/outstanding"}, {Words: "figures.spend", Address: "/spend"},
		{Words: "journal.title", Address: "/postings"}, {Words: "exports.menu", Address: "/exports"},
	},
	domain.Auditor: {
		{Words: "year.menu", Address: "/year"}, {Words: "menu.runs", Address: "/runs"}, {Words: "menu.bank", Address: "/bank"}, {Words: "menu.invoices", Address: "/invoices"},
		{Words: "figures.outstanding", Address: "/outstanding"}, {Words: "figures.spend", Address: "/spend"},
		{Words: "journal.title", Address: "/postings"}, {Words: "exports.menu", Address: "/exports"}, {Words: "audit.menu", Address: "/audit"},
	},
	domain.Administrator: {
		{Words: "people.title", Address: "/people"}, {Words: "units.title", Address: "/units"}, {Words: "partners.title", Address: "/partners"},
		{Words: "keys.title", Address: "/keys"}, {Words: "settings.title", Address: "/settings"},
	},
}

// Menu gives a role's menu, as it is shown on the page at path; nil for a role
// that has no pages.
func Menu(role domain.Role, path string) []MenuItem {
	items := make([]MenuItem, len(menus[role]))
	for i, item := range menus[role] {
		item.Current = path == item.Address || strings.HasPrefix(path, item.Address+"/")
		items[i] = item
	}
	return items
}

// FirstPage is where a role begins.
func FirstPage(role domain.Role) string {
	if len(menus[role]) == 0 {
		return "/you"
	}
	return menus[role][0].Address
}
