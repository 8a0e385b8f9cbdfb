package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// lives is how many citizens live their year through the use cases; all others
// are copies of them.
const lives = 48

// year is a municipality over a year, under a clock of its own.
type year struct {
	*site
	*vouchers.Service
	at    atomic.Pointer[time.Time]
	staff map[domain.Role]domain.Actor
	shop  []domain.Actor // a till of each partner
	made  int            // vouchers so far
	bills int            // purchases so far
}

func (y *year) now() time.Time { return *y.at.Load() }

func (y *year) as(role domain.Role) domain.Actor { return y.staff[role] }

// newYear makes the municipality with its programme and tills, in January.
func newYear(ctx context.Context, st *store.Store) (*year, error) {
	y := &year{site: &site{keys: code.GenerateKey(), dataKeys: keys.Generate(1)}, staff: map[domain.Role]domain.Actor{}}
	start := time.Date(2024, 12, 1, 9, 0, 0, 0, time.UTC)
	y.at.Store(&start)
	var err error
	if y.ring, err = code.ParseKeyRing(y.keys); err != nil {
		return nil, err
	}
	data, err := vault.Parse(y.dataKeys)
	if err != nil {
		return nil, err
	}
	y.Service = vouchers.New(st, y.ring, data, y.now)
	home, err := y.Found(ctx, "Bench Kommune", "")
	if err != nil {
		return nil, err
	}
	y.municipality = home.MunicipalityID
	for _, role := range domain.Roles {
		y.staff[role] = domain.Actor{MunicipalityID: y.municipality, Role: role, Person: string(role) + "@bench", TokenID: store.NewID()}
	}
	unit, err := y.CreateUnit(ctx, y.as(domain.Administrator), "Bench")
	if err != nil {
		return nil, err
	}
	y.unit = unit.ID
	worker := y.staff[domain.Caseworker]
	worker.UnitID = y.unit
	y.staff[domain.Caseworker] = worker
	if err := y.programmes(ctx); err != nil {
		return nil, err
	}
	return y, y.shops(ctx, access.New(st, y.now))
}

// programmes adopts MOVE, with vouchers that are valid for 100 days so that some
// lapse within the year.
func (y *year) programmes(ctx context.Context) error {
	text, err := rules.Preset("move-2026")
	if err != nil {
		return err
	}
	programme, err := y.CreateProgramme(ctx, y.as(domain.TeamLeader), vouchers.ProgrammeInput{Slug: "move-2026", Title: rules.Text{DA: "MOVE", EN: "MOVE"}})
	if err != nil {
		return err
	}
	y.programme = programme.ID
	version, err := y.DraftVersion(ctx, y.as(domain.Administrator), programme.ID, []byte(strings.Replace(string(text), "valid_days: 365", "valid_days: 100", 1)))
	if err != nil {
		return err
	}
	_, err = y.AdoptVersion(ctx, y.as(domain.TeamLeader), version.ID, version.Version, vouchers.Adoption{
		AdoptedBy: "Byrådet", AdoptedOn: domain.Date{Year: 2024, Month: 12, Day: 1}, InForceFrom: domain.Date{Year: 2025, Month: 1, Day: 1},
	})
	return err
}

// shops makes partners with a till each.
func (y *year) shops(ctx context.Context, entry *access.Service) error {
	for i, cvr := range []string{"12345674", "87654338", "12345690", "10150817"} {
		partner, err := y.CreatePartner(ctx, y.as(domain.Administrator), vouchers.PartnerInput{Name: fmt.Sprint("Butik ", i), CVR: cvr, Categories: []string{"groceries"}, Contract: domain.Contract{ContractFrom: began}})
		if err != nil {
			return err
		}
		y.partner = partner.ID
		account := vouchers.PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: fmt.Sprint(1234567890 + i)}
		if _, err := y.SetPartnerPayment(ctx, y.as(domain.Finance), partner.ID, partner.Version, account); err != nil {
			return err
		}
		if err := y.enrol(ctx, entry, y.as(domain.Administrator), fmt.Sprint("till ", i+1)); err != nil {
			return err
		}
		till, err := entry.Authenticate(ctx, y.tills[i].key)
		if err != nil {
			return err
		}
		y.shop = append(y.shop, till)
	}
	return nil
}

// live lets the nth citizen have twelve weekly visits, six vouchers, and spend
// or lose them.
func (y *year) live(ctx context.Context, n int) error {
	begins := time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(n%32))
	y.at.Store(&begins)
	worker, on := y.as(domain.Caseworker), domain.DateOf(begins, time.UTC)
	citizen, err := y.CreateCitizen(ctx, worker, vouchers.CitizenInput{UnitID: y.unit, Reference: fmt.Sprint("B-", n), BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}})
	if err != nil {
		return err
	}
	plan, err := y.CreatePlan(ctx, worker, vouchers.PlanInput{CitizenID: citizen.ID, Reference: fmt.Sprint("P-", n), AssessmentDate: on, AssessmentReference: "bench", StartDate: on})
	if err != nil {
		return err
	}
	if _, err = y.Enrol(ctx, worker, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, ProgrammeID: y.programme}); err != nil {
		return err
	}
	for week := range 12 {
		at := begins.AddDate(0, 0, 7*week).Add(time.Duration(n) * time.Minute)
		y.at.Store(&at)
		visit, err := y.Attend(ctx, worker, vouchers.Key{}, vouchers.Visit{PlanID: plan.ID, OccurredAt: at.Add(-time.Hour), Kind: "individual", Outcome: domain.Attended})
		if err != nil {
			return err
		}
		for _, v := range visit.Value.Vouchers {
			if err := y.fate(ctx, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// fate decides what becomes of a voucher: most are spent within days, some in
// two purchases, a few lapse, are lost, come back or are taken back.
func (y *year) fate(ctx context.Context, v domain.Voucher) (err error) {
	y.made++
	bought := v.CreatedAt.AddDate(0, 0, 2)
	switch y.made % 29 {
	case 3, 17:
		return nil // lapses, or is spent next year
	case 5:
		_, err = y.Void(ctx, y.as(domain.TeamLeader), vouchers.Key{}, v.ID, "fejl")
		return err
	case 7:
		_, err = y.Block(ctx, y.as(domain.Caseworker), v.ID, "tabt")
		return err
	case 11, 23:
		again, err := y.Reissue(ctx, y.as(domain.Caseworker), vouchers.Key{}, v.ID, "tabt")
		if err != nil {
			return err
		}
		_, err = y.buy(ctx, again.Value.New, 0, bought)
		return err
	case 2, 9, 13, 19, 26:
		if _, err = y.buy(ctx, v, 7500, bought); err != nil {
			return err
		}
	case 15:
		first, err := y.buy(ctx, v, 0, bought)
		if err != nil {
			return err
		}
		if _, err = y.Reverse(ctx, y.as(domain.Finance), vouchers.Key{}, first.ID, "fortrudt"); err != nil {
			return err
		}
	}
	_, err = y.buy(ctx, v, 0, bought.AddDate(0, 0, 1))
	return err
}

// buy redeems a voucher at one of the tills.
func (y *year) buy(ctx context.Context, v domain.Voucher, amount int64, at time.Time) (domain.Redemption, error) {
	y.at.Store(&at)
	y.bills++
	secret, err := y.ring.Remake(v.ID, v.KeyID)
	if err != nil {
		return domain.Redemption{}, err
	}
	r, err := y.Redeem(ctx, y.shop[y.bills%len(y.shop)], vouchers.Key{}, vouchers.Redeem{Code: secret.Reveal(), Amount: amount, ClientRedemptionID: fmt.Sprint("kvittering ", y.bills)})
	return r.Value, err
}

// settle pays the partners, month by month.
func (y *year) settle(ctx context.Context, st *store.Store) error {
	office, other := settlement.New(st, y.now), y.as(domain.Finance)
	other.Person, other.TokenID = "finance2@bench", store.NewID()
	first := time.Date(2025, time.January, 1, 9, 0, 0, 0, time.UTC)
	y.at.Store(&first)
	_, err := office.UpdatePaymentSettings(ctx, other, 0, settlement.PayerInput{Name: "Bench Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674"})
	if err != nil {
		return err
	}
	for month := time.January; month <= time.December; month++ {
		at := time.Date(2025, month+1, 1, 9, 0, 0, 0, time.UTC)
		y.at.Store(&at)
		first := domain.Date{Year: 2025, Month: month, Day: 1}
		run, err := office.DraftRun(ctx, y.as(domain.Finance), store.Key{}, settlement.Period{From: first, To: domain.DateOf(at, time.UTC).AddDays(-1)})
		if domain.CodeOf(err) == "nothing_to_settle" {
			continue
		}
		if err == nil {
			run, err = office.ApproveRun(ctx, other, store.Key{}, run.Value.ID, 0)
		}
		if err == nil {
			_, err = office.FileRun(ctx, other, store.Key{}, run.Value.ID, domain.BankDayFrom(domain.DateOf(at, time.UTC)))
		}
		if err == nil {
			_, err = office.PayRun(ctx, other, store.Key{}, run.Value.ID, settlement.Paid{On: domain.DateOf(at, time.UTC)})
		}
		if err != nil {
			return fmt.Errorf("settle %s: %w", month, err)
		}
	}
	return nil
}

// close lets the year end: what was not spent in time lapses.
func (y *year) close(ctx context.Context) error {
	end := time.Date(2025, 12, 31, 22, 0, 0, 0, time.UTC)
	y.at.Store(&end)
	_, err := y.Expire(ctx, y.municipality)
	return err
}
