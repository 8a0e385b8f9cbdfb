package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// Dossier is all that is kept about one citizen, but for the log of who has
// handled it. It is as long as one person's treatment is.
type Dossier struct {
	Citizen     domain.Citizen
	Unit        domain.Unit
	Plans       []domain.Plan
	Goals       []domain.Goal
	Sessions    []domain.Session
	Pauses      []domain.Pause
	Events      []domain.AttendanceEvent
	Enrolments  []domain.Enrolment
	Programmes  []domain.Programme
	Moves       []domain.EnrolmentMove
	Demands     []domain.ApprovalDemand
	Awards      []domain.Award
	Withheld    []domain.Withholding
	Vouchers    []domain.Voucher
	Redemptions []RedemptionRecord
	Received    []Received
}

// Received is what a citizen got in one year, in minor units of one currency.
type Received struct {
	Year      int
	Currency  string
	Vouchers  int   // issued in the year; one that replaces another is not counted again
	Issued    int64 // what they were worth
	TakenBack int64 // of vouchers voided in the year
	Lapsed    int64 // not spent in time
	Spent     int64 // in shops, less what was taken back there
}

// dossier reads all about a citizen. The caller has checked that the actor may.
func (s *Service) dossier(tx *store.Tx, citizen domain.ID) (d Dossier, err error) {
	if d.Citizen, err = store.Get[domain.Citizen](tx, citizen); err != nil {
		return d, err
	}
	if d.Unit, err = store.Get[domain.Unit](tx, d.Citizen.UnitID); err != nil {
		return d, err
	}
	if d.Plans, err = store.All[domain.Plan](tx, "id", store.Is("citizen_id", citizen)); err != nil {
		return d, err
	}
	if err := d.ofPlans(tx, ids(d.Plans, func(p domain.Plan) domain.ID { return p.ID })); err != nil {
		return d, err
	}
	if err := d.ofEnrolments(tx); err != nil {
		return d, err
	}
	rows := slices.Concat([]any{&d.Citizen}, pointers(d.Goals), pointers(d.Pauses), pointers(d.Events), pointers(d.Moves), pointers(d.Demands), pointers(d.Awards), pointers(d.Withheld), pointers(d.Vouchers))
	return d, s.open(tx, rows...)
}

// ofPlans reads what belongs to the citizen's plans.
func (d *Dossier) ofPlans(tx *store.Tx, plans []domain.ID) (err error) {
	if d.Goals, err = among[domain.Goal](tx, "plan_id", plans); err != nil {
		return err
	}
	if d.Sessions, err = among[domain.Session](tx, "plan_id", plans); err != nil {
		return err
	}
	if d.Pauses, err = among[domain.Pause](tx, "plan_id", plans); err != nil {
		return err
	}
	if d.Events, err = among[domain.AttendanceEvent](tx, "plan_id", plans); err != nil {
		return err
	}
	d.Enrolments, err = among[domain.Enrolment](tx, "plan_id", plans)
	return err
}

// ofEnrolments reads what belongs to the citizen's enrolments: what was earned,
// and what became of it.
func (d *Dossier) ofEnrolments(tx *store.Tx) (err error) {
	enrolments := ids(d.Enrolments, func(e domain.Enrolment) domain.ID { return e.ID })
	programmes := ids(d.Enrolments, func(e domain.Enrolment) domain.ID { return e.ProgrammeID })
	slices.SortFunc(programmes, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	if d.Programmes, err = among[domain.Programme](tx, "id", slices.Compact(programmes)); err != nil {
		return err
	}
	if d.Moves, err = among[domain.EnrolmentMove](tx, "enrolment_id", enrolments); err != nil {
		return err
	}
	if d.Awards, err = among[domain.Award](tx, "enrolment_id", enrolments); err != nil {
		return err
	}
	if d.Demands, err = among[domain.ApprovalDemand](tx, "enrolment_id", enrolments); err != nil {
		return err
	}
	awards := ids(d.Awards, func(a domain.Award) domain.ID { return a.ID })
	if d.Withheld, err = among[domain.Withholding](tx, "award_id", awards); err != nil {
		return err
	}
	if d.Vouchers, err = among[domain.Voucher](tx, "award_id", awards); err != nil {
		return err
	}
	vouchers := ids(d.Vouchers, func(v domain.Voucher) domain.ID { return v.ID })
	redemptions, err := among[domain.Redemption](tx, "voucher_id", vouchers)
	if err != nil {
		return err
	}
	if d.Redemptions, err = withReversals(tx, redemptions); err != nil {
		return err
	}
	postings, err := among[ledger.Posting](tx, "voucher_id", vouchers)
	d.Received = received(postings)
	return err
}

// received sums the postings of a citizen's vouchers up by year, the first first.
func received(postings []ledger.Posting) (years []Received) {
	for _, p := range postings {
		i := slices.IndexFunc(years, func(r Received) bool { return r.Year == p.BookedOn.Year && r.Currency == p.Currency })
		if i < 0 {
			i, years = len(years), append(years, Received{Year: p.BookedOn.Year, Currency: p.Currency})
		}
		switch r := &years[i]; {
		case p.Event == ledger.Disallowing: // the shop is not paid, yet it was spent
		case p.Account == ledger.Outstanding && p.Event == ledger.Issuing:
			r.Vouchers, r.Issued = r.Vouchers+1, r.Issued-p.Amount
		case p.Account == ledger.Budget:
			r.TakenBack -= p.Amount
		case p.Account == ledger.Lapsed:
			r.Lapsed -= p.Amount
		case p.Account == ledger.Payable:
			r.Spent -= p.Amount
		}
	}
	slices.SortFunc(years, func(a, b Received) int { return a.Year - b.Year })
	return years
}

// among reads the rows whose column has one of the ids, in the order in which
// they were made, so many at a time as a query may name.
func among[T any](tx *store.Tx, column string, of []domain.ID) (rows []T, err error) {
	for batch := range slices.Chunk(of, together) {
		some, err := store.All[T](tx, "id", store.In(column, batch))
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return rows, nil
}
