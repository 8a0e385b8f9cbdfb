package web

import (
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// Runs is what the page of settlement runs shows.
type Runs struct {
	Form     Input
	MayDraft bool
	Draft    string   // where the draft is that waits; "": a new one can be made
	From, To string   // of the draft that is offered, as a field has them
	In       []Option // currencies to draft it in; none: there are only kroner
	Rows     []RunRow
	Held     string // redemptions that wait for a decision; "": none
	Next     string // where older runs are; "": there are none
	Files    *Files
}

// RunRow is a run in a list.
type RunRow struct {
	Address, Name, Period, Amount, Partners string
	Badge                                   Badge
	Next, By                                string // what is to be done, and by whom
}

// Badge is a state as it is shown: the key of its words, and what it is like.
type Badge struct{ Words, Tone string }

// runTones say what the states of runs are like.
var runTones = map[domain.RunState]string{domain.RunPaid: "good", domain.RunReconciled: "good", domain.RunReversed: "bad", domain.RunDraft: "warn", domain.RunApproved: "warn", domain.RunFiled: "warn"}

// NewRuns makes the page.
func NewRuns(v View, l settlement.RunList, form Input, mayDraft bool) Runs {
	x := Runs{Form: form, MayDraft: mayDraft, From: l.Offer.From.String(), To: l.Offer.To.String()}
	if len(l.Currencies) > 1 {
		for _, code := range l.Currencies {
			x.In = append(x.In, Option{code, code})
		}
	}
	if l.Draft != nil {
		x.Draft = "/runs/" + v.ID("srn", *l.Draft)
	}
	if l.Held > 0 {
		x.Held = strconv.FormatInt(l.Held, 10)
	}
	said := ""
	for _, step := range l.Steps {
		row := v.runRow(step)
		if row.Next+row.By == said { // as of the run above
			row.Next = ""
		} else {
			said = row.Next + row.By
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}

func (v View) runRow(r settlement.RunStep) RunRow {
	row := RunRow{
		Address: "/runs/" + v.ID("srn", r.ID), Name: Text(v.Lang, "runs.name", strconv.Itoa(r.Number)), Period: v.period(r.PeriodFrom, r.PeriodTo), Amount: domain.FormatMoney(r.Sum.Payable, r.Currency),
		Partners: v.partners(r.Sum.Settlements), Badge: Badge{"runs.state." + string(r.State), runTones[r.State]},
	}
	row.Next, row.By = v.nextStep(r)
	return row
}

// nextStep says what is to be done with a run, and by whom.
func (v View) nextStep(r settlement.RunStep) (next, by string) {
	if r.Next == "" {
		return "", ""
	}
	by = Text(v.Lang, "runs.by.finance")
	if r.Next == settlement.NextApprove {
		by = Text(v.Lang, "runs.by.other", r.MadeBy)
	}
	return Text(v.Lang, "runs.next."+r.Next), by
}

func (v View) period(from, to domain.Date) string {
	if from == to {
		return v.Date(to)
	}
	return v.Date(from) + " – " + v.Date(to)
}

// partners counts shops in words.
func (v View) partners(n int64) string {
	if n == 1 {
		return Text(v.Lang, "runs.partner")
	}
	return Text(v.Lang, "runs.partners", strconv.FormatInt(n, 10))
}

// Stage is one of the steps that a run goes through.
type Stage struct {
	Words string // key
	State string // done, now, ahead, left out as not needed, or never
	By    string
	At    string
}

// RunPage is what the page of a run shows.
type RunPage struct {
	ID, Period, Amount, Partners, Lines string
	Badge                               Badge
	Stages                              []Stage
	Next, By                            string
	Acts                                []RunAct
	Refused                             string // why the reader cannot approve it; "": they can, or it is no draft
	Left                                string // what is still to be paid; "": nothing, or all of it
	CarriedIn                           string // "": nothing
	Held                                bool
	Payable                             string // key of what Amount is
	Reversed                            *Event // nil: it is not
	File                                string // where the payment file is; "": there is none
	FileName, PayOn                     string
	NoPayer                             bool // there is no file before it is entered who pays
	Rows                                []SettlementRow
	Files                               *Files
}

// RunAct leads to something that can be done with a run.
type RunAct struct {
	Address, Words string
	Main           bool
}

// SettlementRow is a settlement in the table of its run.
type SettlementRow struct {
	Address, Number, Partner, Method string
	Amount, CarriedIn, Total, Held   string // Held is "" where nothing is
	Badge                            Badge
	AccountChanged                   bool
	PDF, CSV                         string
}

// NewRun makes the page of a run. May says what the reader may ask for.
func NewRun(v View, r settlement.RunStory, may func(domain.Action) bool) RunPage {
	x := RunPage{
		ID: v.ID("srn", r.ID), Period: v.period(r.PeriodFrom, r.PeriodTo), Amount: domain.FormatMoney(r.Sum.Payable, r.Currency), Partners: v.partners(r.Sum.Settlements),
		Lines: strconv.FormatInt(r.Sum.Lines, 10), Badge: Badge{"runs.state." + string(r.State), runTones[r.State]}, Stages: v.stages(r), Held: r.Held > 0, Payable: payable(r.State),
		NoPayer: !r.Payer && r.State != domain.RunReversed,
	}
	x.Next, x.By = v.nextStep(r.RunStep)
	if r.ReversedAt != nil {
		x.Reversed = &Event{v.Moment(*r.ReversedAt), Text(v.Lang, "runs.reversed"), r.ReversedBy, r.ReversedBecause}
	}
	if r.Due.Amount > 0 && r.Due.Amount != r.Sum.Payable {
		x.Left = domain.FormatMoney(r.Due.Amount, r.Currency)
	}
	if r.Sum.CarriedIn != 0 {
		x.CarriedIn = domain.FormatMoney(r.Sum.CarriedIn, r.Currency)
	}
	if r.FiledBy != "" {
		x.File, x.FileName, x.PayOn = "/v1/settlement-runs/"+x.ID+"/file", "pain.001-"+r.MessageID+".xml", v.Date(r.ExecuteOn)
	}
	if r.Refused != nil && may("approveSettlementRun") {
		x.Refused = Fault(v.Lang, domain.CodeOf(r.Refused), r.Refused.Error())
	}
	for _, act := range RunActs(r) {
		if may(act.Action) && (act.Name != "approve" || r.Refused == nil) {
			x.Acts = append(x.Acts, RunAct{"/runs/" + x.ID + "/" + act.Name, "runs.do." + act.Name, act.Main})
		}
	}
	switch {
	case r.Next == settlement.NextReconcile && may("createBankStatement"):
		x.Acts = append(x.Acts, RunAct{"/bank", "runs.do.reconcile", true})
	case r.Next == settlement.NextInvoice && may("createInvoice"):
		x.Acts = append([]RunAct{{"/invoices", "runs.do.invoice", true}}, x.Acts...)
	}
	for _, row := range r.Settlements {
		x.Rows = append(x.Rows, v.settlementRow(row, r))
	}
	return x
}

// payable is the key of what a run's amount is called.
func payable(state domain.RunState) string {
	switch state {
	case domain.RunPaid, domain.RunReconciled:
		return "runs.paid"
	case domain.RunReversed:
		return "runs.would"
	}
	return "runs.payable"
}

// PossibleAct is something that can be done with a run as it is.
type PossibleAct struct {
	Name   string // in its address
	Action domain.Action
	Main   bool // it is what comes next
}

// RunActs are what can be done with a run.
func RunActs(r settlement.RunStory) (acts []PossibleAct) {
	switch r.Next {
	case settlement.NextApprove:
		acts = []PossibleAct{{"approve", "approveSettlementRun", true}, {"remake", "remakeSettlementRun", false}}
	case settlement.NextFile:
		acts = []PossibleAct{{"file", "fileSettlementRun", true}}
	case settlement.NextPay:
		acts = []PossibleAct{{"pay", "paySettlementRun", true}}
	}
	if r.State == domain.RunApproved || r.State == domain.RunFiled {
		acts = append(acts, PossibleAct{"reverse", "reverseSettlementRun", false})
	}
	return acts
}

func (v View) settlementRow(s settlement.Settled, r settlement.RunStory) SettlementRow {
	id := v.ID("stl", s.ID)
	row := SettlementRow{
		Address: "/runs/settlements/" + id, Number: s.Number, Partner: r.Partner(s.PartnerID), Method: "runs.method." + s.Method, Amount: domain.FormatMoney(s.Amount, s.Currency),
		CarriedIn: domain.FormatMoney(s.CarriedIn, s.Currency), Total: domain.FormatMoney(s.Total, s.Currency), Badge: settlementBadge(s.Settlement), AccountChanged: s.AccountChanged,
	}
	row.PDF, row.CSV = v.statements(id)
	if held := r.HeldOf[s.PartnerID]; held != 0 {
		row.Held = domain.FormatMoney(held, s.Currency)
	}
	return row
}

// statements are where the statement of a settlement is, in the reader's language.
func (v View) statements(id string) (pdf, csv string) {
	at := "/v1/settlements/" + id + "/statement?lang=" + string(v.Lang) + "&format="
	return at + "pdf", at + "csv"
}

var settlementTones = map[domain.SettlementState]string{domain.SettlementPaid: "good", domain.SettlementDue: "warn", domain.SettlementDraft: "warn", domain.SettlementBounced: "bad", domain.SettlementReversed: "bad"}

// settlementBadge is the state of a settlement; one that is paid and found in the
// bank's statement is reconciled.
func settlementBadge(s domain.Settlement) Badge {
	if s.State == domain.SettlementPaid && s.ReconciledAt != nil {
		return Badge{"runs.settlement.reconciled", "good"}
	}
	return Badge{"runs.settlement." + string(s.State), settlementTones[s.State]}
}

// runOrder are the states that a run goes through.
var runOrder = []domain.RunState{domain.RunDraft, domain.RunApproved, domain.RunFiled, domain.RunPaid, domain.RunReconciled}

// stages are the steps of a run, those behind it with who did them and when.
func (v View) stages(r settlement.RunStory) []Stage {
	done := []struct {
		by string
		at *time.Time
	}{{r.MadeBy, &r.MadeAt}, {r.ApprovedBy, r.ApprovedAt}, {r.FiledBy, r.FiledAt}, {r.PaidBy, r.PaidAt}, {"", r.ReconciledAt}}
	list, now := make([]Stage, len(runOrder)), true
	for i, state := range runOrder {
		list[i] = Stage{Words: "runs.state." + string(state), State: "ahead"}
		if r.State == domain.RunReversed {
			list[i].State = "never"
		}
		switch {
		case done[i].at != nil:
			list[i].State, list[i].By, list[i].At = "done", done[i].by, v.Moment(*done[i].at)
		case state == domain.RunFiled && r.PaidAt != nil:
			list[i].State = "left" // nothing in it goes through the bank
		case now && r.State != domain.RunReversed && (state != domain.RunFiled || r.Due.ByBank > 0):
			list[i].State, now = "now", false
		}
	}
	return list
}
