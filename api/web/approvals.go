package web

import (
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Approvals is what the page called approvals shows.
type Approvals struct {
	Form      Input // that decides on many at once
	Mine      []Matter
	Aside     []Matter
	MoreAside bool
	Next      string   // the address of what comes after; "": nothing does
	Here      string   // of the page's address, to come back to it: "?after=…"; "" of the first page
	Emergency string   // how many emergency accesses wait for the reader's review; "": none
	Deputed   []string // for whom the reader stands in, and until when
	Oldest    string   // how long the first has waited
	Many      bool     // there is more than one to choose
	Results   []Result // of what was decided together
	Decided   string   // how many of them were decided

	good int // how many that is
}

// Result is what became of one award of many.
type Result struct {
	Name, Amount, Says string
	Good               bool
}

// Matter is one thing that waits.
type Matter struct {
	ID, Key     string // where it is decided on, and the key to do it with
	Version     int64
	Withholding bool
	Name        string
	Address     string // the citizen's; "": out of reach
	Amount      string
	About       []string // programme, unit, and why it waits
	Age         string
	Long        bool
	Why         string // how it was earned
	Reason      string // why it is given, or is to be withheld, by hand
	Evidence    string
	By          []string // who recorded or proposed it
	Step        string   // "step 2 of 2"; "": there is one only
	Approved    []string // who has approved it
	Away        []string // for whom the reader would decide
	Waits       string   // for what it waits first; "": the reader may decide
	Chosen      bool
	Form        Input  // with what was wrong with the last try
	Done        string // what was just decided; "": nothing was
	Over        bool   // it waits no more
	Changed     bool   // it is shown in the place of what was pressed
	Here        string // of the page's address, to come back to it
}

// Done is what was decided.
type Done struct {
	Said   string // key of what the notice says: said.<that>
	Amount string // of the voucher that was issued; "": none was
}

// NewDone says what became of an award.
func NewDone(r vouchers.DecidedRow, approve bool) Done {
	v := r.Decided.Voucher
	switch {
	case !approve:
		return Done{Said: "approvals_rejected"}
	case r.Decided.Needs != domain.Wanted{}:
		return Done{Said: "approvals_next"}
	case v == nil:
		return Done{Said: "approvals_approved"}
	}
	return Done{Said: "approvals_approved", Amount: domain.FormatMoneyShort(v.Amount, v.Currency)}
}

// HeldDone says what became of a withholding.
func HeldDone(approve bool) Done {
	if approve {
		return Done{Said: "approvals_withheld"}
	}
	return Done{Said: "approvals_kept"}
}

// Text says it.
func (d Done) Text(lang Lang) string {
	if d.Amount != "" {
		return Text(lang, "approvals.issued", d.Amount)
	}
	return Text(lang, "said."+d.Said)
}

// NewApprovals makes what the page called approvals shows. Input makes an empty form.
func NewApprovals(in vouchers.Inbox, v View, input func() Input, here, next string) Approvals {
	p := Approvals{Form: input(), MoreAside: in.MoreAside, Here: here, Next: next}
	for _, d := range in.Deputed {
		p.Deputed = append(p.Deputed, v.stands(d))
	}
	switch in.Emergency {
	case 0:
	case 1:
		p.Emergency = Text(v.Lang, "emergency.wait_one")
	default:
		p.Emergency = Text(v.Lang, "emergency.wait", strconv.FormatInt(in.Emergency, 10))
	}
	choices := 0
	for _, m := range in.Mine {
		x := NewMatter(m, v, input().Key)
		x.Here = here
		p.Mine = append(p.Mine, x)
		if m.Withholding == nil {
			choices++
		}
	}
	p.Many = choices > 1
	for _, m := range in.Aside {
		p.Aside = append(p.Aside, NewMatter(m, v, ""))
	}
	if len(p.Mine) > 0 && in.Mine[0].Days > 0 {
		p.Oldest = p.Mine[0].Age
	}
	return p
}

// stands says for whom somebody stands in, and until when.
func (v View) stands(d domain.Deputy) string {
	return Text(v.Lang, "approvals.for", d.Person, v.Date(d.LastDay))
}

// NewMatter makes what is shown of one thing that waits.
func NewMatter(m vouchers.Matter, v View, key string) Matter {
	a := m.Award
	x := Matter{
		ID: v.ID("awd", a.ID), Version: a.Version, Key: key, Over: a.State != domain.AwardProposed, Name: nameOf(m.Citizen), Amount: domain.FormatMoneyShort(a.Amount-a.Granted, a.Currency),
		About: []string{v.In(m.Programme), m.Unit}, Age: v.age(m.Days), Long: m.Long, Why: v.In(m.Why), Reason: a.Grounds.Reveal(), Evidence: a.Evidence, By: a.RecordedBy,
	}
	if x.Over {
		x.Amount = ""
		if a.Amount > 0 { // of a grant that was not approved nothing is left
			x.Amount = domain.FormatMoneyShort(a.Amount, a.Currency)
		}
	}
	for _, because := range a.Waits() {
		if because != domain.BecauseBudget {
			x.About = append(x.About, v.word("citizen.because.", because))
		}
	}
	if w := m.Withholding; w != nil {
		x.ID, x.Version, x.Withholding, x.Amount = v.ID("wth", w.ID), w.Version, true, domain.FormatMoneyShort(w.Amount, a.Currency)
		x.Over = w.State != domain.WithholdingProposed
		x.About, x.Reason, x.Evidence, x.By = x.About[:2], w.Reason.Reveal(), w.Evidence, []string{w.ProposedBy}
	}
	if len(m.Away) == 0 {
		x.Address = "/citizens/" + v.ID("cit", m.Citizen.ID)
	}
	for _, d := range m.Away {
		x.Away = append(x.Away, v.stands(d))
	}
	if m.Needs.Of > 1 {
		x.Step = Text(v.Lang, "approvals.step", strconv.Itoa(m.Needs.Number), strconv.Itoa(m.Needs.Of))
	}
	for _, p := range m.Approved {
		x.Approved = append(x.Approved, p.Person)
	}
	if x.Waits = Undecided(v.Lang, m.Refused); domain.CodeOf(m.Refused) == "not_your_step" {
		x.Waits = Text(v.Lang, "today.waits_"+string(m.Needs.Role))
	}
	return x
}

// age says how long something has waited.
func (v View) age(days int) string {
	switch days {
	case 0:
		return Text(v.Lang, "approvals.age_0")
	case 1:
		return Text(v.Lang, "approvals.age_1")
	}
	return Text(v.Lang, "approvals.age", strconv.Itoa(days))
}

// Undecided says why somebody may not decide on something, or why nothing became of
// it; "" where the page has no words of its own for that.
func Undecided(lang Lang, err error) string {
	if key := "approvals.why." + domain.CodeOf(err); err != nil && Has(key) {
		return Text(lang, key)
	}
	return ""
}

// Refused shows beside a row why nothing was decided on it, and at the top where the
// row is no longer there.
func (p *Approvals) Refused(id string, in Input) {
	i := p.at(id)
	if i < 0 {
		p.Form.Problem, p.Form.Loose, p.Form.Prove = in.Problem, in.Loose, in.Prove
		return
	}
	p.Mine[i].Wrong(in)
}

// at is where a row is; -1: it is no longer there.
func (p *Approvals) at(id string) int {
	return slices.IndexFunc(p.Mine, func(m Matter) bool { return m.ID == id })
}

// Wrong shows the row again with what was wrong.
func (m *Matter) Wrong(in Input) {
	if in.Key != "" {
		m.Key = in.Key
	}
	in.Key = "" // the row's forms send it
	m.Form = in
}

// Again shows the form that decides on many as it was sent, with what was wrong.
func (p *Approvals) Again(in Input) {
	p.Form = in
	for i := range p.Mine {
		m := &p.Mine[i]
		m.Chosen = slices.Contains(in.Values["chosen"], m.ID+":"+strconv.FormatInt(m.Version, 10))
	}
}

// Became says what became of one award of many: where nothing did because of a
// problem, beside its row too.
func (p *Approvals) Became(r vouchers.DecidedRow, m Matter, approve bool, problem string, lang Lang) {
	result := Result{Name: m.Name, Amount: m.Amount, Says: problem}
	if r.Err != nil {
		if i := p.at(m.ID); i >= 0 {
			p.Mine[i].Wrong(Input{Problem: problem})
		}
	} else {
		done := NewDone(r, approve)
		result.Says, result.Good = done.Text(lang), true
		p.good++
	}
	p.Results = append(p.Results, result)
	p.Decided = Text(lang, "approvals.decided", strconv.Itoa(p.good), strconv.Itoa(len(p.Results)))
}
