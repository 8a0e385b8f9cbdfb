package web

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Partners is what the page called partners shows.
type Partners struct {
	CVR  string
	Rows []PartnerRow
	Next string
}

// PartnerRow is a shop in a list.
type PartnerRow struct {
	Address, Name, CVR, Goods string
	Badge                     Badge
}

// PartnerRow makes one, as things are on a day.
func (v View) PartnerRow(p domain.Partner, today domain.Date) PartnerRow {
	return PartnerRow{"/partners/" + v.ID("prt", p.ID), p.Name, p.CVR, v.goods(p.Categories), partnerBadge(p, today)}
}

// partnerBadge says whether a shop can take vouchers on a day.
func partnerBadge(p domain.Partner, today domain.Date) Badge {
	switch {
	case p.State == "suspended":
		return Badge{"partners.state.suspended", "bad"}
	case p.InForce(today):
		return Badge{"partners.state.open", "good"}
	case !p.ContractFrom.IsZero() && today.Before(p.ContractFrom):
		return Badge{"partners.state.ahead", "warn"}
	}
	return Badge{"partners.state.without", "warn"}
}

// Partner is what the page called partner shows.
type Partner struct {
	Form      Input
	Address   string
	Version   int64
	Badge     Badge
	Facts     []Fact
	Suspended bool
	Branches  []BranchRow
	Where     []Option // to choose among for a till; nil: there is one branch only
	Closed    bool     // the tills that are closed for good are shown
	Revoked   string   // how many they are; "": none
	Tills     []TillRow
	Next      string
}

// BranchRow is a branch of a shop.
type BranchRow struct{ Address, Name, Number, Place string }

// TillRow is a till of a shop.
type TillRow struct {
	Address, Label, Branch, Used string
	Badge                        Badge
}

// tillTones say what the states of tills are like.
var tillTones = map[string]string{domain.TerminalWaiting: "warn", domain.TerminalActive: "good", domain.TerminalRevoked: "bad"}

// NewPartner makes the page.
func NewPartner(v View, p vouchers.PartnerStory, in Input, closed bool) Partner {
	x := Partner{
		Form: in, Address: "/partners/" + v.ID("prt", p.ID), Version: p.Version, Badge: partnerBadge(p.Partner, p.Today), Facts: v.contract(p.Partner),
		Suspended: p.State == "suspended", Closed: closed,
	}
	names := map[domain.ID]string{}
	for _, b := range p.Branches {
		names[b.ID] = b.Name
		x.Branches = append(x.Branches, BranchRow{x.Address + "/branches/" + v.ID("brn", b.ID), b.Name, b.PNumber, b.Address})
	}
	if len(p.Branches) > 1 {
		x.Where = append([]Option{{"", Text(v.Lang, "people.choose")}}, v.branches(p.Branches)...)
	}
	if p.Revoked > 0 {
		x.Revoked = strconv.FormatInt(p.Revoked, 10)
	}
	for _, t := range p.Terminals.Rows {
		row := TillRow{Address: x.Address + "/tills/" + v.ID("trm", t.ID), Label: t.Label, Badge: Badge{"tills.state." + t.State, tillTones[t.State]}}
		if len(p.Branches) > 1 {
			row.Branch = names[t.BranchID]
		}
		if !t.CountedDay.IsZero() {
			row.Used = Text(v.Lang, "tills.used", v.Date(t.CountedDay))
		}
		x.Tills = append(x.Tills, row)
	}
	return x
}

func (v View) branches(all []domain.Branch) (options []Option) {
	for _, b := range all {
		options = append(options, Option{v.ID("brn", b.ID), b.Name})
	}
	sortOptions(options)
	return options
}

// contract says what was agreed with a shop.
func (v View) contract(p domain.Partner) []Fact {
	runs := Text(v.Lang, "partners.none")
	if !p.ContractFrom.IsZero() {
		runs = Text(v.Lang, "partners.from", v.Date(p.ContractFrom))
		if !p.ContractTo.IsZero() {
			runs = Text(v.Lang, "partners.from_to", v.Date(p.ContractFrom), v.Date(p.ContractTo))
		}
	}
	most := func(amount int64) string {
		if amount == 0 {
			return Text(v.Lang, "partners.no_cap")
		}
		return domain.FormatMoney(amount, "DKK")
	}
	fact := func(key, text string) Fact { return Fact{Name: Text(v.Lang, key), Value: word(text)} }
	return []Fact{
		fact("partners.cvr", p.CVR), fact("partners.goods", v.goods(p.Categories)), fact("partners.runs", runs),
		fact("partners.most_per_month", most(p.MostPerMonth)), fact("partners.most_per_voucher", most(p.MostPerVoucher)),
	}
}

// PartnerForm is what the page called partner_form shows.
type PartnerForm struct {
	Form   Input
	New    bool
	Action string
}

// ContractForm is the form with what was agreed now.
func ContractForm(p vouchers.PartnerStory, in Input, id IDs) PartnerForm {
	return PartnerForm{Action: "/partners/" + id("prt", p.ID) + "/contract", Form: in.Or(
		p.Version, "name", p.Name, "categories", strings.Join(p.Categories, ", "), "contract_from", dayField(p.ContractFrom), "contract_to", dayField(p.ContractTo),
		"most_per_month", amountField(p.MostPerMonth), "most_per_voucher", amountField(p.MostPerVoucher),
	)}
}

// dayField is a day as a field of days has it; "" for none.
func dayField(d domain.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// amountField is an amount as it is typed; "" for none.
func amountField(minor int64) string {
	if minor == 0 {
		return ""
	}
	text, _, _ := strings.Cut(domain.FormatMoney(minor, "DKK"), " ")
	return text
}

// BranchForm is what the page called branch shows.
type BranchForm struct {
	Form   Input
	Action string
}

// NewBranchForm is the form with what is known of a branch.
func NewBranchForm(b domain.Branch, in Input, action string) BranchForm {
	return BranchForm{in.Or(b.Version, "name", b.Name, "number", b.PNumber, "address", b.Address), action}
}

// TillCode is what the page called till_invitation shows: how a device becomes a
// till.
type TillCode struct {
	Label, Shop, Code, Until string
	Address                  string        // of the page that takes the code; "": not known
	QR                       template.HTML // of both; "": not known
	Back                     string
}

// TillSettings is what the page called till_settings shows.
type TillSettings struct {
	Form            Input // of the change
	Other           Input // of the other forms
	Address         string
	Badge           Badge
	Revoked, Active bool
	Enrolled        string // when its device was let in; "": none is
	Where           []Option
}

// NewTillSettings makes the page.
func NewTillSettings(v View, p vouchers.PartnerStory, t domain.Terminal, in Input) TillSettings {
	x := TillSettings{
		Form: in.For("change").Or(t.Version, "label", t.Label, "branch", v.ID("brn", t.BranchID),
			"most_per_voucher", amountField(t.MostPerVoucher), "most_per_hour", amountField(t.MostPerHour), "most_per_day", amountField(t.MostPerDay)),
		Other: in.For("code", "revoke"), Address: "/partners/" + v.ID("prt", p.ID) + "/tills/" + v.ID("trm", t.ID),
		Badge: Badge{"tills.state." + t.State, tillTones[t.State]}, Revoked: t.State == domain.TerminalRevoked, Active: t.State == domain.TerminalActive, Where: v.branches(p.Branches),
	}
	if t.EnrolledAt != nil {
		x.Enrolled = v.Moment(*t.EnrolledAt)
	}
	return x
}
