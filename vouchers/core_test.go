package vouchers

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// story is a desk with the programme move-2026: 200 kr. at every second visit.
// When its test ends, everything stored must follow from what happened.
type story struct {
	desk
	move domain.Programme
}

func newStory(t testing.TB, s *store.Store) story {
	t.Helper()
	d := story{desk: newDesk(t, s)}
	d.move, _ = d.programme(t)
	t.Cleanup(func() { d.verified(t) })
	return d
}

// verified demands that nothing stored differs from what happened.
func (d desk) verified(t testing.TB) {
	t.Helper()
	v, err := d.Verify(context.Background(), d.home.MunicipalityID) // the test's own context has ended
	require.NoError(t, err)
	require.Empty(t, v.Differences)
	require.NotEmpty(t, v.Checks)
}

// variant adopts a programme of its own: move-2026 with texts replaced, old, new, ….
func (d desk) variant(t testing.TB, slug string, changes ...string) domain.Programme {
	t.Helper()
	return d.inForce(t, slug, "2026-01-01", changes...)
}

// inForce is variant, in force from a day.
func (d desk) inForce(t testing.TB, slug, from string, changes ...string) domain.Programme {
	t.Helper()
	p, err := d.CreateProgramme(t.Context(), d.as(domain.TeamLeader), ProgrammeInput{Slug: slug, Title: rules.Text{DA: slug, EN: slug}})
	require.NoError(t, err)
	d.adopted(t, p, from, changes...)
	return p
}

// adopted adopts a version of a programme, in force from a day: move-2026 with
// texts replaced.
func (d desk) adopted(t testing.TB, p domain.Programme, from string, changes ...string) domain.ProgrammeVersion {
	t.Helper()
	leader, text := d.as(domain.TeamLeader), string(must(rules.Preset("move-2026")))
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, text, changes[i])
	}
	text = strings.NewReplacer(append(changes, "programme: move-2026", "programme: "+p.Slug)...).Replace(text)
	v, err := d.DraftVersion(t.Context(), d.as(domain.Administrator), p.ID, []byte(text))
	require.NoError(t, err)
	v, err = d.AdoptVersion(t.Context(), leader, v.ID, v.Version, Adoption{AdoptedBy: "Byrådet", AdoptedOn: date(from), InForceFrom: date(from)})
	require.NoError(t, err)
	return v
}

// join makes a plan that began on 2 February 2026 and enrols it.
func (d desk) join(t testing.TB, reference string, programme domain.Programme) (domain.Plan, domain.Enrolment) {
	t.Helper()
	plan := d.plan(t, reference, "2026-02-02")
	e, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme.ID})
	require.NoError(t, err)
	return plan, e.Value.Enrolment
}

// attended records a group session that was met, at a time like 2026-02-03T09:00:00Z.
func (d desk) attended(t testing.TB, plan domain.Plan, at string) Attended {
	t.Helper()
	return d.visit(t, plan, at, domain.Attended)
}

func (d desk) visit(t testing.TB, plan domain.Plan, at, outcome string) Attended {
	t.Helper()
	a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plan, at, outcome))
	require.NoError(t, err)
	return a.Value
}

func visitAt(plan domain.Plan, at, outcome string) Visit {
	return Visit{PlanID: plan.ID, OccurredAt: instant(at), Kind: "group", Outcome: outcome}
}

// correct changes a visit's outcome.
func (d desk) correct(t testing.TB, a Attended, outcome string) Attended {
	t.Helper()
	c, err := d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: a.Attendance.AttendanceID, Outcome: outcome, Reason: "tastefejl"})
	require.NoError(t, err)
	return c.Value
}

// earn enrols a new citizen in the programme and gives the voucher of 200 kr.
// that two visits earn, and its code.
func (d desk) earn(t testing.TB, reference string, programme domain.Programme) (domain.Voucher, string) {
	t.Helper()
	plan, _ := d.join(t, reference, programme)
	d.attended(t, plan, "2026-02-03T09:00:00Z")
	a := d.attended(t, plan, "2026-02-10T09:00:00Z")
	require.Len(t, a.Vouchers, 1)
	return a.Vouchers[0], d.secret(t, a.Vouchers[0])
}

// secret is a voucher's code as it is typed.
func (d desk) secret(t testing.TB, v domain.Voucher) string {
	t.Helper()
	_, secret, err := d.Reveal(t.Context(), d.as(domain.Caseworker), "getVoucherCode", v.ID)
	require.NoError(t, err)
	return secret.Reveal()
}

// now reads a voucher as it is.
func (d desk) reread(t testing.TB, v domain.Voucher) domain.Voucher {
	t.Helper()
	v, err := d.Voucher(t.Context(), d.as(domain.TeamLeader), v.ID)
	require.NoError(t, err)
	return v
}

// stands asserts a voucher's state and balance.
func (d desk) stands(t testing.TB, v domain.Voucher, state domain.VoucherState, balance int64) {
	t.Helper()
	v = d.reread(t, v)
	require.Equal(t, state, v.State)
	require.Equal(t, balance, v.Balance)
}

// redeemed pays an amount at a till; its number for it is new.
func (d desk) redeemed(t testing.TB, till domain.Actor, secret string, amount int64) domain.Redemption {
	t.Helper()
	r, err := d.Redeem(t.Context(), till, Key{}, Redeem{Code: secret, Amount: amount, ClientRedemptionID: store.NewID().String()})
	require.NoError(t, err)
	return r.Value
}

// balance is what stands on each account: budget, outstanding, payable, lapsed.
func (d desk) balance(t testing.TB) [4]int64 {
	t.Helper()
	all, err := d.Balances(t.Context(), d.as(domain.Finance), domain.Date{})
	require.NoError(t, err)
	at := map[ledger.Account]int64{}
	for _, b := range all {
		at[b.Account] += b.Amount
	}
	return [4]int64{at[ledger.Budget] + at[ledger.Reserved], at[ledger.Outstanding], at[ledger.Payable], at[ledger.Lapsed]}
}

// keyed is an idempotency key for a request with this body.
func keyed(value, body string) Key { return Key{Value: value, Hash: sha256.Sum256([]byte(body))} }

// because asserts that err has this code, and says something to whom it may concern.
func because(t testing.TB, err error, code string) {
	t.Helper()
	require.Equal(t, code, domain.CodeOf(err), "%v", err)
	require.Greater(t, len(strings.Fields(err.Error())), 2)
}

// named asserts that err is about one field of the input, with this code.
func named(t testing.TB, err error, field, code string) {
	t.Helper()
	fields := domain.FieldsOf(err)
	require.Len(t, fields, 1, "%v", err)
	require.Equal(t, [2]string{field, code}, [2]string{fields[0].Field, fields[0].Code})
}

// eachBehind is storetest.Each with a second way into the database, behind the
// program's back: no triggers, no foreign keys.
func eachBehind(t *testing.T, fn func(t *testing.T, s *store.Store, raw *sql.DB)) {
	t.Helper()
	eachTwice(t, func(_ testing.TB, address string) string { return address }, behind, fn)
}

// eachBeside is eachBehind with the guards left in place.
func eachBeside(t *testing.T, fn func(t *testing.T, s *store.Store, raw *sql.DB)) {
	t.Helper()
	eachTwice(t, func(_ testing.TB, address string) string { return address }, beside, fn)
}

// eachTwice opens each database as somebody, and in a second way.
func eachTwice(t *testing.T, as func(testing.TB, string) string, second func(testing.TB, string) *sql.DB, fn func(t *testing.T, s *store.Store, raw *sql.DB)) {
	t.Helper()
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			fn(t, storetest.Open(t, as(t, address)), second(t, address))
		})
	}
}

// beside opens the database once more, as somebody whom nothing binds.
func beside(t testing.TB, address string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", strings.TrimPrefix(address, "sqlite://")+"?_busy_timeout=10000" // last uses are noted beside the work
	if strings.HasPrefix(address, "postgres") {
		driver, source = "pgx", storetest.Superuser(t, address)
	}
	raw, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	return raw
}

// behind opens the database once more and takes its guards away.
func behind(t testing.TB, address string) *sql.DB {
	t.Helper()
	guards := `SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'`
	if strings.HasPrefix(address, "postgres") {
		guards = `
			SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
			UNION ALL SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f'`
	}
	raw := beside(t, address)
	for _, drop := range texts(t, raw, guards) {
		_, err := raw.ExecContext(t.Context(), drop)
		require.NoError(t, err)
	}
	return raw
}

// texts gives the first column of a query.
func texts(t testing.TB, raw *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		list = append(list, text)
	}
	require.NoError(t, rows.Err())
	return list
}

// atOnce runs the functions in as many goroutines, let go together.
func atOnce(fns ...func()) {
	start, done := make(chan struct{}), make(chan struct{})
	for _, fn := range fns {
		go func() {
			<-start
			fn()
			done <- struct{}{}
		}()
	}
	close(start)
	for range fns {
		<-done
	}
}
