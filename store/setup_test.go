package store_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

var noon = time.Date(2026, 3, 2, 11, 0, 0, 123456000, time.UTC)

// town is a municipality with one row in every table.
type town struct {
	municipality domain.Municipality
	unit         domain.Unit
	citizen      domain.Citizen
	plan         domain.Plan
	goal         domain.Goal
	pause        domain.Pause
	session      domain.Session
	programme    domain.Programme
	version      domain.ProgrammeVersion
	later        domain.ProgrammeVersion
	enrolment    domain.Enrolment
	move         domain.EnrolmentMove
	event        domain.AttendanceEvent
	madeUp       domain.AttendanceEvent // for event
	award        domain.Award
	adjustment   domain.AwardAdjustment
	approval     domain.Approval
	limits       domain.ApprovalLimits
	budget       domain.Budget
	appropriated domain.BudgetChange
	slice        domain.BudgetSlice
	alert        domain.BudgetAlert
	waits        domain.Award // for more budget
	demand       domain.ApprovalDemand
	deputy       domain.Deputy
	withholding  domain.Withholding
	seed         domain.DrawSeed
	hat          domain.Hat
	entered      domain.HatEntry
	partner      domain.Partner
	branch       domain.Branch
	month        domain.PartnerMonth
	terminal     domain.Terminal
	terminalCode domain.TerminalCode
	voucher      domain.Voucher
	redemption   domain.Redemption
	reversal     domain.Reversal
	entry        ledger.Entry
	run          domain.SettlementRun
	settlement   domain.Settlement
	line         domain.SettlementLine
	correction   domain.SettlementCorrection
	hold         domain.SettlementHold
	export       domain.Export
	chunk        domain.ExportChunk
	closing      domain.Closing
	total        domain.ClosingTotal
	payer        domain.PaymentSettings
	file         domain.PaymentFile
	format       domain.JournalFormat
	said         domain.BankStatement
	paid         domain.BankEntry
	invoice      domain.Invoice
	earlier      domain.SettlementRun
	payment      domain.Settlement
	held         domain.SettlementHold // nobody has decided on it
	token        domain.Token
	key          domain.Idempotency
	imported     domain.Import
	refusal      domain.ImportRefusal
	dataKey      domain.DataKey
	account      domain.Account
	invitation   domain.Invitation
	passkey      domain.Passkey
	recovery     domain.Recovery
	spent        domain.Spent
	assignment   domain.Assignment
	identity     domain.Identity
	attempts     domain.AttemptWindow
	link         domain.CitizenLink
	pin          domain.CitizenPIN
	signIn       domain.Token
	access       domain.Access
	emergency    domain.EmergencyAccess
	notice       domain.Notice
	mail         domain.Mail
}

// sealed stands for a sealed text: the store stores no other.
func sealed(text string) (p domain.Private) {
	p.Seal(text)
	return p
}

// hashOf is the hash of a code.
func hashOf(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// paidFrom is the line that the award is paid from.
func (w *town) paidFrom() store.Line {
	return store.Line{ProgrammeID: w.programme.ID, UnitID: w.unit.ID, Year: 2026, Currency: "DKK"}
}

// id is the municipality's.
func (w *town) id() domain.ID { return w.municipality.MunicipalityID }

// actor is somebody who may write there.
func (w *town) actor() domain.Actor {
	return domain.Actor{MunicipalityID: w.id(), Person: "kl@varde.dk", Role: domain.TeamLeader, TokenID: store.NewID()}
}

// newTown makes the rows without storing them, with every column set.
func newTown() *town {
	m, at, day := store.NewID(), noon, domain.Date{Year: 2026, Month: 3, Day: 2}
	w := &town{municipality: domain.Municipality{MunicipalityID: m, Name: "Varde " + m.String(), TimeZone: "Europe/Copenhagen", ReversalMinutes: 60, Limits: domain.Limits{MostPerVoucher: 9000, MostPerHour: 9000, MostPerDay: 9000}, Version: 1, CreatedAt: at}}
	w.unit = domain.Unit{MunicipalityID: m, ID: store.NewID(), Name: "Centret", Version: 1, CreatedAt: at}
	unit := w.unit.ID
	w.citizen = domain.Citizen{MunicipalityID: m, ID: store.NewID(), UnitID: unit, Reference: "B-1", Name: sealed("Åse Ø."), CPR: sealed("c"), CPRHash: []byte("h"), Phone: sealed("p"), BirthDate: domain.Date{Year: 1995, Month: 2, Day: 28}, Version: 1, CreatedAt: at}
	w.plan = domain.Plan{MunicipalityID: m, ID: store.NewID(), CitizenID: w.citizen.ID, UnitID: unit, Reference: "P-1", AssessmentDate: day, AssessmentReference: "S-1", StartDate: day, EndDate: day, EndReason: "completed", EndedBy: "kl", Version: 1, CreatedAt: at}
	w.goal = domain.Goal{MunicipalityID: m, ID: store.NewID(), PlanID: w.plan.ID, Kind: "goal", Wording: sealed("Ro på"), State: "reached", ReachedOn: day, ReachedBy: domain.Strings{"kl"}, Version: 1, CreatedAt: at}
	w.pause = domain.Pause{MunicipalityID: m, ID: store.NewID(), PlanID: w.plan.ID, Reason: domain.Leave, FirstDay: day, LastDay: day, ChangedBecause: sealed("forlænget"), Version: 2, CreatedAt: at}
	w.session = domain.Session{MunicipalityID: m, ID: store.NewID(), PlanID: w.plan.ID, UnitID: unit, StartsAt: at, LocalDate: day, Kind: "group", State: "planned", Version: 1, CreatedAt: at}
	w.programme = domain.Programme{MunicipalityID: m, ID: store.NewID(), Slug: "move-2026", TitleDA: "Gavekort", TitleEN: "Vouchers", CreatedAt: at}
	programme := w.programme.ID
	w.version = domain.ProgrammeVersion{
		MunicipalityID: m, ID: store.NewID(), ProgrammeID: programme, Number: 1, State: domain.VersionAdopted, Document: domain.Raw(`{"a":1}`),
		AdoptedBy: "Byrådet", AdoptedOn: day, InForceFrom: day, RecordedBy: "kl", Version: 1, CreatedAt: at,
	}
	w.enrolment = domain.Enrolment{MunicipalityID: m, ID: store.NewID(), PlanID: w.plan.ID, UnitID: unit, ProgrammeID: programme, VersionID: w.version.ID, StartDate: day, State: "active", RuleState: domain.Raw(`{}`), Version: 1, CreatedAt: at}
	later := w.version
	later.ID, later.Number = store.NewID(), 7
	w.later = later
	w.enrolment.MovedOn, w.enrolment.CountedTo, w.enrolment.CountedOn = day, &later.ID, day
	w.enrolment.RequiresApproval, w.enrolment.ApprovalUntil = true, day
	w.move = domain.EnrolmentMove{MunicipalityID: m, ID: store.NewID(), EnrolmentID: w.enrolment.ID, Number: 1, FromVersionID: w.version.ID, ToVersionID: later.ID, MovedOn: day, Phase: "a", Level: 2, Reason: sealed("ny version"), MovedBy: "kl", CreatedAt: at}
	w.event = domain.AttendanceEvent{MunicipalityID: m, ID: store.NewID(), Revision: 1, PlanID: w.plan.ID, UnitID: unit, SessionID: &w.session.ID, Key: "at:1", OccurredAt: at, LocalDate: day, Kind: "group", Outcome: domain.Attended, RecordedBy: "kl", CreatedAt: at}
	w.event.AttendanceID = w.event.ID
	left := at.Add(time.Hour)
	w.madeUp = domain.AttendanceEvent{
		MunicipalityID: m, ID: store.NewID(), Revision: 1, PlanID: w.plan.ID, UnitID: unit, Key: "at:2", OccurredAt: at, LocalDate: day, Kind: "group", Outcome: domain.LeftEarly,
		Details: domain.Details{ArrivedAt: &at, LeftAt: &left, Test: domain.Negative, Task: "homework", MakesUp: &w.event.ID}, RecordedBy: "kl", CreatedAt: at,
	}
	w.madeUp.AttendanceID = w.madeUp.ID
	w.award = domain.Award{
		MunicipalityID: m, ID: store.NewID(), EnrolmentID: w.enrolment.ID, UnitID: unit, ProgrammeID: programme, VersionID: w.version.ID, Milestone: 1, Amount: 200, Granted: 200,
		Currency: "DKK", State: domain.AwardIssued, ReachedOn: day, Explanation: domain.Raw(`{}`), RecordedBy: domain.Strings{"kl"}, DecidedBy: "tl", DecidedAt: &at, WaitsBecause: domain.Strings{domain.BecauseAmount}, Limits: 2, Version: 1, CreatedAt: at,
	}
	w.adjustment = domain.AwardAdjustment{MunicipalityID: m, ID: store.NewID(), AwardID: w.award.ID, AmountBefore: 0, AmountAfter: 200, Cause: "enrolment", CreatedAt: at}
	w.budget = domain.Budget{MunicipalityID: m, ID: store.NewID(), ProgrammeID: programme, UnitID: &unit, Year: 2026, Currency: "DKK", AccountString: "5.38.45", Amount: 500, Changes: 1, Version: 1, CreatedAt: at}
	w.appropriated = domain.BudgetChange{MunicipalityID: m, ID: store.NewID(), BudgetID: w.budget.ID, Number: 1, Amount: 500, Reason: "Budget 2026", BookedOn: day, ChangedBy: "ml", CreatedAt: at}
	w.slice = domain.BudgetSlice{MunicipalityID: m, BudgetID: w.budget.ID, ID: store.NewID(), Free: 250}
	w.alert = domain.BudgetAlert{MunicipalityID: m, BudgetID: w.budget.ID, Changes: 1, Percent: 80, CreatedAt: at}
	w.award.BudgetID = &w.budget.ID
	w.waits = w.award
	w.waits.ID, w.waits.Milestone, w.waits.Granted, w.waits.Reserved, w.waits.State = store.NewID(), 2, 0, 50, domain.AwardProposed
	w.waits.WaitsSince = &at
	w.approval = domain.Approval{MunicipalityID: m, ID: store.NewID(), AwardID: w.award.ID, AwardVersion: 1, Step: domain.StepApproved, Person: "kl@varde.dk", Number: 1, OnBehalfOf: "ml@varde.dk", Role: domain.TeamLeader, Amount: 200, Limits: 2, CreatedAt: at}
	w.limits = domain.ApprovalLimits{MunicipalityID: m, Number: 2, ProgrammeID: &programme, Steps: domain.ApprovalSteps{{Role: domain.TeamLeader}}, AutomaticMost: new(int64(900)), LeaderMost: new(int64(1000)), RemindDays: 7, ChangedBy: "ml@varde.dk", CreatedAt: at}
	w.demand = domain.ApprovalDemand{MunicipalityID: m, ID: store.NewID(), EnrolmentID: w.enrolment.ID, Required: true, Until: day, Reason: sealed("aftalt"), SetBy: "ml@varde.dk", CreatedAt: at}
	w.deputy = domain.Deputy{MunicipalityID: m, ID: store.NewID(), Person: "ml@varde.dk", Role: domain.TeamLeader, UnitID: &unit, Deputy: "kl@varde.dk", FirstDay: day, LastDay: day, CreatedAt: at, WithdrawnAt: &left, WithdrawnBy: "ml@varde.dk"}
	w.withholding = domain.Withholding{
		MunicipalityID: m, ID: store.NewID(), AwardID: w.award.ID, UnitID: unit, Amount: 200, Reason: sealed("en andens besøg"), Evidence: "S-2", State: domain.WithholdingRejected,
		ProposedBy: "kl@varde.dk", DecidedBy: "ml@varde.dk", DecidedAt: &at, OnBehalfOf: "tl@varde.dk", Comment: sealed("nej"), Version: 2, CreatedAt: at,
	}
	w.seed = domain.DrawSeed{MunicipalityID: m, EnrolmentID: w.enrolment.ID, Number: 1, Seed: strings.Repeat("5", 64), Commitment: strings.Repeat("c", 64), CommittedAt: at, AttendanceID: &w.event.ID, TakenAt: &at}
	w.hat = domain.Hat{MunicipalityID: m, ID: store.NewID(), ProgrammeID: programme, UnitID: unit, Title: "Gruppen", HeldAt: at, Names: 1, Seed: w.seed.Seed, Commitment: w.seed.Commitment, CreatedBy: "kl", CreatedAt: at, DrawnBy: "kl", DrawnAt: &at}
	w.entered = domain.HatEntry{MunicipalityID: m, HatID: w.hat.ID, AttendanceID: w.event.ID, EnrolmentID: w.enrolment.ID, Tickets: new(int), Place: new(int), CreatedBy: "kl", CreatedAt: at}
	w.partner = domain.Partner{MunicipalityID: m, ID: store.NewID(), Name: "Kiosk", CVR: "12345674", Categories: domain.Strings{"groceries"}, State: "active", Version: 1, CreatedAt: at}
	w.partner.Contract = domain.Contract{ContractFrom: day, ContractTo: day.AddDays(1000), MostPerMonth: 9000, MostPerVoucher: 9000}
	w.partner.Payment = domain.Payment{Method: domain.ByBank, IBAN: "DK5000400440116243"}
	w.branch = domain.Branch{MunicipalityID: m, ID: store.NewID(), PartnerID: w.partner.ID, Name: "Torvet", PNumber: "1012345678", Address: "Torvet 1", Version: 1, CreatedAt: at}
	w.month = domain.PartnerMonth{MunicipalityID: m, PartnerID: w.partner.ID, Month: domain.Date{Year: 2026, Month: 3, Day: 1}, Spent: 50}
	w.terminal = domain.Terminal{MunicipalityID: m, ID: store.NewID(), PartnerID: w.partner.ID, BranchID: w.branch.ID, Label: "Kasse 1", State: domain.TerminalActive, EnrolledAt: &at, Limits: domain.Limits{MostPerVoucher: 9000, MostPerHour: 9000, MostPerDay: 9000},
		Taken: domain.Taken{CountedHour: &at, HourSpent: 50, CountedDay: day, DaySpent: 50}, Version: 1, CreatedAt: at}
	w.terminalCode = domain.TerminalCode{MunicipalityID: m, TerminalID: w.terminal.ID, Hash: hashOf(m.String()), CreatedBy: "kl", CreatedAt: at, ExpiresAt: at.AddDate(0, 0, 1)}
	w.voucher = domain.Voucher{
		MunicipalityID: m, ID: store.NewID(), Serial: "2026-1", AwardID: w.award.ID, UnitID: unit, ProgrammeID: programme, VersionID: w.version.ID, BudgetID: &w.budget.ID, Amount: 200, Balance: 200, Currency: "DKK", State: domain.Issued,
		ValidFrom: at, ValidTo: at.AddDate(1, 0, 0), Partial: true, Categories: domain.Strings{"groceries"}, Excluded: domain.Strings{}, KeyID: 1, LookupHash: []byte("0123456789abcdef0123456789abcdef"), IssuedBy: "kl", Version: 1, CreatedAt: at,
	}
	w.redemption = domain.Redemption{MunicipalityID: m, ID: store.NewID(), VoucherID: w.voucher.ID, PartnerID: w.partner.ID, TerminalID: w.terminal.ID, ClientRedemptionID: "bon 1", Amount: 50, Currency: "DKK", BalanceAfter: 150, CreatedAt: at}
	w.reversal = domain.Reversal{MunicipalityID: m, ID: store.NewID(), RedemptionID: w.redemption.ID, VoucherID: w.voucher.ID, Amount: 50, Reason: "fortrudt", ReversedBy: "kl", CreatedAt: at}
	w.entry = ledger.Book{At: at, On: day, NewID: store.NewID}.Redeem(w.voucher, w.redemption)
	w.run = domain.SettlementRun{MunicipalityID: m, ID: store.NewID(), Number: 1, PeriodFrom: day, PeriodTo: day, Currency: "DKK", State: domain.RunDraft, MadeBy: "ml@varde.dk", MadeAt: at, Version: 1, CreatedAt: at}
	w.settlement = domain.Settlement{
		MunicipalityID: m, ID: store.NewID(), RunID: w.run.ID, PartnerID: w.partner.ID, Number: domain.SettlementNumber(w.run, 1), Method: domain.ByBank, IBAN: "DK5000400440116243",
		Currency: "DKK", Lines: 1, Amount: 50, Total: 50, State: domain.SettlementDraft, Version: 1, CreatedAt: at,
	}
	w.line = domain.SettlementLine{
		MunicipalityID: m, ID: w.redemption.ID, RunID: w.run.ID, SettlementID: w.settlement.ID, PartnerID: w.partner.ID, Kind: domain.LineRedemption, RedemptionID: w.redemption.ID,
		VoucherID: w.voucher.ID, Serial: w.voucher.Serial, TerminalID: w.terminal.ID, BranchID: &unit, HappenedAt: at, Amount: 50, ProgrammeID: programme, UnitID: unit, BudgetID: &unit,
	}
	w.hold = domain.SettlementHold{
		MunicipalityID: m, ID: store.NewID(), RedemptionID: w.redemption.ID, PartnerID: w.partner.ID, Amount: 50, Currency: "DKK", Cause: domain.HeldByHand, Reason: "samme bon to gange",
		HeldBy: "ml@varde.dk", HeldAt: at, Decision: domain.HoldReleased, DecidedBy: "kl@varde.dk", DecidedAt: &at, Comment: "to køb",
	}
	w.export = domain.Export{
		MunicipalityID: m, ID: store.NewID(), What: "postings", Format: "csv", Filters: domain.Raw(`{}`), State: domain.ExportRunning, RowsTotal: 9, RowsDone: 3, Bytes: 1, Runs: 1,
		RunID: &unit, RunUntil: &at, Person: "ml@varde.dk", Role: domain.Finance, CreatedAt: at,
	}
	w.chunk = domain.ExportChunk{MunicipalityID: m, ExportID: w.export.ID, Number: 1, Content: []byte("id")}
	w.closing = domain.Closing{MunicipalityID: m, ID: store.NewID(), Number: 1, Through: day.AddDays(-1), Postings: 2, ClosedBy: "ml@varde.dk", CreatedAt: at}
	w.total = domain.ClosingTotal{MunicipalityID: m, ClosingID: w.closing.ID, Line: 1, Account: "payable", Currency: "DKK", ProgrammeID: programme, UnitID: unit, BudgetID: &unit, Amount: -50}
	w.payer = domain.PaymentSettings{MunicipalityID: m, Number: 1, Name: "Varde Kommune", IBAN: "DK5000400440116243", BIC: "DABADKKK", CVR: "12345674", ChangedBy: "ml@varde.dk", CreatedAt: at}
	w.file = domain.PaymentFile{MunicipalityID: m, RunID: w.run.ID, MessageID: "2026-0001", Payments: 1, Amount: 50, Document: "<Document/>", MadeBy: "ml@varde.dk", CreatedAt: at}
	w.format = domain.JournalFormat{MunicipalityID: m, Number: 1, Document: domain.Raw(`{}`), ChangedBy: "ml@varde.dk", CreatedAt: at}
	w.said = domain.BankStatement{
		MunicipalityID: m, ID: store.NewID(), Hash: hashOf("file"), Part: 1, Format: "camt.053.001.08", Reference: "310", IBAN: "DK5000400440116243", Currency: "DKK", PeriodFrom: day, PeriodTo: day,
		Opening: 100, Closing: 50, Entries: 1, UploadedBy: "ml@varde.dk", CreatedAt: at,
	}
	w.paid = domain.BankEntry{
		MunicipalityID: m, ID: store.NewID(), StatementID: w.said.ID, Number: 1, Line: 7, Amount: -50, Currency: "DKK", BookedOn: day, EndToEndID: w.settlement.Number, ReturnReason: "AC04", Party: "Kiosk", PartyIBAN: "DK5000400440116243",
		Text: "afregning", Reference: "FT1", State: domain.EntryMatched, SettlementID: &w.settlement.ID, Paid: true, DecidedBy: "ml@varde.dk", DecidedAt: &at, Version: 2, CreatedAt: at,
	}
	w.invoice = domain.Invoice{
		MunicipalityID: m, ID: store.NewID(), Kind: domain.KindInvoice, CVR: "12345674", Number: "10482", IssuedOn: day, Currency: "DKK", Amount: 50, GLN: "5798000000001", PeriodFrom: day, PeriodTo: day, IBAN: "DK5000400440116243",
		OrderReferences: domain.Strings{w.settlement.Number}, Corrects: domain.Strings{}, Hash: hashOf("invoice"), PartnerID: &w.partner.ID, SettlementID: &w.settlement.ID, State: domain.InvoiceAccepted, Differences: domain.Raw(`[]`),
		ReceivedBy: "ml@varde.dk", DecidedBy: "kl@varde.dk", DecidedAt: &at, Comment: "aftalt", Version: 2, CreatedAt: at,
	}
	w.earlier, w.payment, w.held = w.run, w.settlement, w.hold
	w.earlier.ID, w.earlier.Number, w.earlier.Currency = store.NewID(), 2, "EUR"
	w.payment.ID, w.payment.RunID, w.payment.Number, w.payment.State, w.payment.PaidOn = store.NewID(), w.earlier.ID, domain.SettlementNumber(w.earlier, 1), domain.SettlementPaid, day
	w.correction = domain.SettlementCorrection{
		MunicipalityID: m, ID: store.NewID(), SettlementID: w.payment.ID, Number: 1, PartnerID: w.partner.ID, Currency: "DKK", Amount: -50, Cause: domain.NotReturned, HappenedOn: day, Reason: "det var en anden",
		MadeBy: "ml@varde.dk", CreatedAt: at,
	}
	w.held.ID, w.held.Decision, w.held.DecidedBy, w.held.DecidedAt, w.held.Comment = store.NewID(), "", "", nil, ""
	w.token = domain.Token{MunicipalityID: m, ID: store.NewID(), Hash: []byte("hash"), Kind: domain.ByTerminal, Person: "kl", Role: domain.PartnerRole, PartnerID: &w.partner.ID, TerminalID: &w.terminal.ID, Scopes: domain.Strings{}, CreatedAt: at}
	w.assignment = domain.Assignment{MunicipalityID: m, ID: store.NewID(), Person: "kl", Role: domain.Caseworker, UnitID: &unit, Source: domain.Granted, CreatedAt: at, CreatedBy: "admin"}
	w.identity = domain.Identity{MunicipalityID: m, ID: store.NewID(), Issuer: "https://login", Subject: "s", Person: "kl", CreatedAt: at, ReleasedAt: &left, ReleasedBy: "admin"}
	w.attempts = domain.AttemptWindow{MunicipalityID: m, Bucket: []byte("b"), Count: 1, EndsAt: left}
	w.signIn = domain.Token{
		MunicipalityID: m, ID: store.NewID(), Hash: []byte("other"), Kind: domain.BySignIn, Person: "kl", Role: domain.Caseworker, UnitID: &unit, AssignmentID: &w.assignment.ID, Scopes: domain.Strings{"getUnit"},
		CreatedAt: at, ExpiresAt: &left, IdleMinutes: 30, LastUsedAt: &at, ProvedAt: &at, Method: "oidc", ACR: "high", ProviderSubject: "s", ProviderSession: "p", ReplacesID: &w.token.ID, FamilyID: &w.token.ID, OpenUntil: &left,
	}
	w.link = domain.CitizenLink{MunicipalityID: m, ID: store.NewID(), CitizenID: w.citizen.ID, Hash: []byte("link"), CreatedBy: "kl", CreatedAt: at, ExpiresAt: left, UsedAt: &at}
	w.pin = domain.CitizenPIN{MunicipalityID: m, CitizenID: w.citizen.ID, Hash: "$argon2id$", ChangedBy: "citizen:" + w.citizen.ID.String(), ChangedAt: at}
	w.key = domain.Idempotency{MunicipalityID: m, Caller: "c", Key: "k", BodyHash: []byte("b"), Result: domain.Raw(`{}`), CreatedAt: at}
	w.imported = domain.Import{MunicipalityID: m, ID: store.NewID(), ProgrammeID: programme, State: "queued", PlansFile: []byte("x"), Actor: domain.Raw(`{}`), CreatedAt: at}
	w.dataKey = domain.DataKey{MunicipalityID: m, ID: store.NewID(), Purpose: domain.KeyOfCitizen, CitizenID: &w.citizen.ID, KEK: 1, Wrapped: []byte("w"), CreatedAt: at}
	w.access = domain.Access{MunicipalityID: m, ID: store.NewID(), CitizenID: w.citizen.ID, Person: "kl", Role: domain.Caseworker, Action: "getCitizen", Act: domain.LookedUp, Purpose: domain.ForTreatment, EmergencyID: &m, RequestID: "r", CreatedAt: at}
	w.account = domain.Account{MunicipalityID: m, ID: store.NewID(), Person: "kl", State: domain.AccountSuspended, PasswordHash: "h", TOTPSecret: []byte("t"), TOTPStep: 7, CreatedBy: "tl", CreatedAt: at, ActiveSince: &at, SuspendedAt: &at}
	w.invitation = domain.Invitation{MunicipalityID: m, ID: store.NewID(), AccountID: w.account.ID, Hash: []byte("i"), CreatedBy: "tl", CreatedAt: at, ExpiresAt: at, EndedAt: &at}
	w.passkey = domain.Passkey{MunicipalityID: m, ID: store.NewID(), AccountID: w.account.ID, CredentialID: []byte("c"), Name: "Telefon", Credential: domain.Raw(`{}`), CreatedAt: at, LastUsedAt: &at, RemovedAt: &at}
	w.recovery = domain.Recovery{MunicipalityID: m, ID: store.NewID(), AccountID: w.account.ID, State: domain.RecoveryUsed, Reason: "tabt", StartedBy: "a", FirstHash: []byte("1"), ConfirmedBy: "b", SecondHash: []byte("2"), CreatedAt: at, ExpiresAt: at, EndedBy: "kl", EndedAt: &at}
	w.spent = domain.Spent{MunicipalityID: m, Hash: []byte("s"), CreatedAt: at}
	w.emergency = domain.EmergencyAccess{
		MunicipalityID: m, ID: store.NewID(), CitizenID: w.citizen.ID, CitizenUnitID: &unit, Person: "kl", Role: domain.Caseworker, UnitID: &unit, Reason: sealed("hvorfor"), Day: day, Number: 1,
		CreatedAt: at, ExpiresAt: left, RevokedAt: &left, RevokedBy: "tl", ReviewedAt: &left, ReviewedBy: "tl", Comment: sealed("set"),
	}
	w.notice = domain.Notice{MunicipalityID: m, ID: store.NewID(), Kind: domain.EmergencyUsed, Role: domain.TeamLeader, UnitID: &unit, Object: "emergency_access", ObjectID: w.emergency.ID, CreatedAt: at, SeenAt: &left, SeenBy: "tl"}
	w.mail = domain.Mail{MunicipalityID: m, ID: store.NewID(), NoticeID: w.notice.ID, Address: "enhed@eksempel.dk", Attempts: 1, NextAt: at, CreatedAt: at}
	w.refusal = domain.ImportRefusal{MunicipalityID: m, ImportID: w.imported.ID, File: "plans", Line: 2, Column: "plan", Reason: "unknown"}
	return w
}

// rows are all, in an order in which they can be stored; the audit entry is
// made by whoever stores them.
func (w *town) rows() []any {
	return []any{
		&w.municipality, &w.unit, &w.citizen, &w.plan, &w.goal, &w.pause, &w.session, &w.programme, &w.version, &w.later, &w.enrolment, &w.move, &w.event, &w.madeUp, &w.award, &w.adjustment, &w.seed, &w.hat, &w.entered,
		&w.approval, &w.limits, &w.demand, &w.deputy, &w.withholding, &w.budget, &w.appropriated, &w.slice, &w.alert, &w.waits,
		&w.partner, &w.branch, &w.month, &w.terminal, &w.voucher, &w.redemption, &w.reversal, &w.entry, &w.token, &w.key, &w.imported, &w.refusal, &w.dataKey, &w.account, &w.invitation, &w.passkey, &w.recovery, &w.spent, &w.assignment, &w.attempts, &w.signIn, &w.identity,
		&w.terminalCode,
		&w.export, &w.chunk, &w.closing, &w.total,
		&w.run, &w.settlement, &w.line, &w.hold, &w.earlier, &w.payment, &w.correction, &w.held,
		&w.payer, &w.file, &w.format, &w.said, &w.paid, &w.invoice,
		&w.link, &w.pin,
		&w.access, &w.emergency, &w.notice, &w.mail,
	}
}

// settled stores a whole town.
func settled(t testing.TB, s *store.Store) *town {
	t.Helper()
	w := newTown()
	w.writes(t, s, func(tx *store.Tx) error { return tx.Append(w.rows()...) })
	return w
}

// writes runs fn in a transaction that leaves an audit entry.
func (w *town) writes(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	require.NoError(t, w.tries(t, s, fn))
}

func (w *town) tries(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) error {
	t.Helper()
	return s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Audit("test", "town", w.id(), noon, nil)
	})
}

// units adds n units named by prefix and number.
func (w *town) units(t testing.TB, s *store.Store, prefix string, n int) (ids []domain.ID) {
	t.Helper()
	w.writes(t, s, func(tx *store.Tx) error {
		for i := range n {
			u := domain.Unit{MunicipalityID: w.id(), ID: store.NewID(), Name: fmt.Sprint(prefix, i), Version: 1, CreatedAt: noon}
			if ids = append(ids, u.ID); i%2 == 0 {
				if err := tx.Append(&u); err != nil {
					return err
				}
				continue
			}
			if err := store.Insert(tx, &u); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

// count counts a municipality's rows.
func count[T any](t testing.TB, s *store.Store, w *town, conds ...store.Cond) (n int64) {
	t.Helper()
	require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) (err error) {
		n, err = store.Count[T](tx, conds...)
		return err
	}))
	return n
}
