package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// site is the municipality that is measured.
type site struct {
	municipality domain.ID
	programme    domain.ID
	unit         domain.ID
	partner      domain.ID
	tills        []till
	plans        []domain.ID
	keys         string // FASTHOLD_CODE_KEYS
	dataKeys     string // FASTHOLD_DATA_KEYS
	ring         *code.KeyRing
	vouchers     int
	caseworker   string // a token
}

// till is a shop's, with its key.
type till struct {
	terminal domain.ID
	token    domain.ID // of the key
	key      string
}

// tills is how many there are. A till's redemptions wait for each other, as its
// customers do, so every client has one of its own.
const tills = 64

// plans is how many citizens' visits are spread over.
const plans = 256

// document pays a reward for every visit, so that every attendance earns.
const document = `{"programme": "bench", "title": {"da": "Måling", "en": "Bench"}, "legal_basis": "none", "age": {"from": 18},
"currency": "DKK", "time_zone": "Europe/Copenhagen", "mode": "automatic",
"phases": [{"name": "all", "days": 3660, "target": {"attend": ["individual"]},
  "outcomes": {"no_show": "hold", "excused": "hold", "cancelled": "ignore"}, "requirement": {"met": 1}, "magnitude": {"constant": 10000}}],
"voucher": {"valid_days": 365, "partial": true, "categories": ["groceries"], "excluded": ["alcohol"]}}`

// began is when every plan and the programme began.
var began = domain.Date{Year: 2020, Month: time.January, Day: 1}

// application is the URL of the same database for the role that the server signs
// in as: one that row-level security binds, as in production.
func application(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.User = url.User("bench")
	return u.String(), nil
}

// admit makes that role.
func admit(ctx context.Context, st *store.Store, conn *pgx.Conn, address string) error {
	if _, err := conn.Exec(ctx, "CREATE ROLE bench LOGIN"); err != nil {
		return err
	}
	application, err := application(address)
	if err != nil {
		return err
	}
	return st.Admit(ctx, application)
}

// seed makes the municipality through the use cases and then copies the many
// vouchers in, which the use cases would take hours to issue.
func seed(ctx context.Context, address string, o options) (*site, error) {
	fmt.Fprintf(os.Stderr, "seeding %d vouchers …\n", o.vouchers)
	st, err := store.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = st.Close() }()
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	b := &site{keys: code.GenerateKey(), dataKeys: keys.Generate(1), vouchers: o.vouchers}
	if b.ring, err = code.ParseKeyRing(b.keys); err != nil {
		return nil, err
	}
	data, err := vault.Parse(b.dataKeys)
	if err != nil {
		return nil, err
	}
	if err := b.people(ctx, vouchers.New(st, b.ring, data, time.Now), access.New(st, time.Now)); err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := admit(ctx, st, conn, address); err != nil {
		return nil, err
	}
	if err := b.copyVouchers(ctx, conn); err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return b, err
}

// people makes everything but the vouchers.
func (b *site) people(ctx context.Context, s *vouchers.Service, entry *access.Service) error {
	home, err := s.Found(ctx, "Bench Kommune", "")
	if err != nil {
		return err
	}
	b.municipality = home.MunicipalityID
	as := func(role domain.Role) domain.Actor {
		return domain.Actor{MunicipalityID: b.municipality, Role: role, Person: string(role) + "@bench"}
	}
	unit, err := s.CreateUnit(ctx, as(domain.Administrator), "Bench")
	if err != nil {
		return err
	}
	b.unit = unit.ID
	if err := b.rules(ctx, s, as(domain.Administrator), as(domain.TeamLeader)); err != nil {
		return err
	}
	for i := range plans {
		if err := b.person(ctx, s, as(domain.TeamLeader), i); err != nil {
			return err
		}
	}
	partner, err := s.CreatePartner(ctx, as(domain.Administrator), vouchers.PartnerInput{Name: "Bench Købmand", CVR: "10150817", Categories: []string{"groceries"}, Contract: domain.Contract{ContractFrom: began}})
	if err != nil {
		return err
	}
	b.partner = partner.ID
	for i := range tills {
		if err := b.enrol(ctx, entry, as(domain.Administrator), fmt.Sprint("till ", i+1)); err != nil {
			return err
		}
	}
	_, b.caseworker, err = entry.CreateToken(ctx, as(domain.System), access.TokenInput{Person: "bench", Role: domain.Caseworker, UnitID: b.unit})
	if err != nil {
		return err
	}
	return err
}

// enrol adds a till that may take all that it is asked to.
func (b *site) enrol(ctx context.Context, entry *access.Service, administrator domain.Actor, label string) error {
	in, err := entry.CreateTerminal(ctx, administrator, b.partner, access.TerminalInput{Label: label})
	if err != nil {
		return err
	}
	enrolled, err := entry.EnrolTerminal(ctx, access.Device{}, in.Code)
	if err != nil {
		return err
	}
	most := int64(access.MostMoney)
	_, err = entry.UpdateTerminal(ctx, administrator, in.ID, enrolled.Terminal.Version, access.TerminalChange{MostPerVoucher: &most, MostPerHour: &most, MostPerDay: &most})
	if err != nil {
		return err
	}
	caller, err := entry.Authenticate(ctx, enrolled.Key)
	b.tills = append(b.tills, till{in.ID, caller.TokenID, enrolled.Key})
	return err
}

func (b *site) rules(ctx context.Context, s *vouchers.Service, author, leader domain.Actor) error {
	programme, err := s.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: "bench", Title: rules.Text{DA: "Måling", EN: "Bench"}})
	if err != nil {
		return err
	}
	b.programme = programme.ID
	version, err := s.DraftVersion(ctx, author, programme.ID, []byte(document))
	if err != nil {
		return err
	}
	_, err = s.AdoptVersion(ctx, leader, version.ID, version.Version, vouchers.Adoption{AdoptedBy: "bench", AdoptedOn: began, InForceFrom: began})
	return err
}

func (b *site) person(ctx context.Context, s *vouchers.Service, leader domain.Actor, i int) error {
	citizen, err := s.CreateCitizen(ctx, leader, vouchers.CitizenInput{UnitID: b.unit, Reference: fmt.Sprintf("B%d", i), BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}})
	if err != nil {
		return err
	}
	plan, err := s.CreatePlan(ctx, leader, vouchers.PlanInput{CitizenID: citizen.ID, Reference: fmt.Sprintf("P%d", i), AssessmentDate: began, AssessmentReference: "bench", StartDate: began})
	if err != nil {
		return err
	}
	b.plans = append(b.plans, plan.ID)
	_, err = s.Enrol(ctx, leader, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, ProgrammeID: b.programme})
	return err
}

// voucherID is the ID of the i-th copied voucher; pgbench's function writes the
// same in SQL.
func voucherID(i int) (id domain.ID) {
	binary.BigEndian.PutUint64(id[:8], 0x0190_0000_0000_7000)
	binary.BigEndian.PutUint64(id[8:], 0x8000_0000_0000_0000|uint64(i)) //nolint:gosec // a count is not negative
	return id
}

// copyVouchers adds vouchers of 200 kr. with the postings of their issue.
func (b *site) copyVouchers(ctx context.Context, conn *pgx.Conn) error {
	now, i := time.Now().UTC(), 0
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"vouchers"}, []string{"municipality_id", "id", "serial", "award_id", "unit_id", "programme_id",
		"amount", "balance", "currency", "state", "valid_from", "valid_to", "partial", "categories", "excluded", "key_id", "lookup_hash", "reason",
		"issued_by", "version", "created_at"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if i == b.vouchers {
				return nil, nil
			}
			id := voucherID(i)
			_, lookup := b.ring.Make(id)
			row := []any{b.municipality, id, fmt.Sprintf("B-%d", i), id, b.unit, b.programme, 20000, 20000, "DKK", "issued", now, now.AddDate(1, 0, 0),
				true, `["groceries"]`, `["alcohol"]`, lookup.KeyID, lookup.Hash, "", "bench", 1, now}
			i++
			return row, nil
		}))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `INSERT INTO ledger_postings (municipality_id, id, entry_id, event, reference_id, account, amount, currency, voucher_id, programme_id, unit_id, booked_on, created_at)
		SELECT municipality_id, gen_random_uuid(), id, 'issue', id, account, amount * sign, currency, id, programme_id, unit_id, created_at::date, created_at
		FROM vouchers CROSS JOIN (VALUES ('budget', 1), ('outstanding', -1)) AS line (account, sign)`)
	return err
}
