package vouchers

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// busy is a municipality in which everything that can happen has happened.
type busy struct {
	story
	raw                                                    *sql.DB
	shop, other                                            domain.Actor
	live, spent, blocked, replaced, fresh, expired, voided domain.Voucher
	visit, missed                                          Attended
	paid                                                   domain.Redemption
	reversal                                               domain.Reversal
	proposed, rejected                                     domain.Award
	plan, ended                                            domain.Plan
	goal                                                   domain.Goal
	rest                                                   domain.Pause
}

func newBusy(t testing.TB, s *store.Store, raw *sql.DB) busy {
	t.Helper()
	b := busy{story: story{desk: newDesk(t, s)}, raw: raw}
	b.move, _ = b.programme(t)
	worker, leader := b.as(domain.Caseworker), b.as(domain.TeamLeader)
	b.shop, b.other = b.till(t, "Kiosk", "groceries"), b.till(t, "Tøj", "clothing")
	b.agree(t, b.shop, domain.Contract{MostPerMonth: 1_000_000})
	done := func(err error) { require.NoError(t, err) }

	b.expired, _ = b.earn(t, "P-expired", b.variant(t, "short", "valid_days: 365", "valid_days: 1"))
	b.time.set(b.expired.ValidTo)
	done(second(b.Expire(t.Context(), b.home.MunicipalityID)))
	plan, _ := b.join(t, "P-live", b.move)
	b.plan = plan
	b.visit = b.attended(t, plan, "2026-02-03T09:00:00Z")
	b.missed = b.desk.visit(t, plan, "2026-02-05T09:00:00Z", domain.NoShow)
	b.missed = b.correct(t, b.missed, domain.Excused)
	b.live = b.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0]
	spent, secret := b.earn(t, "P-spent", b.move)
	b.spent, b.paid = spent, b.redeemed(t, b.shop, secret, 20000)
	part, secret := b.earn(t, "P-part", b.move)
	r := b.redeemed(t, b.other, secret, 5000)
	reversal, err := b.Reverse(t.Context(), b.other, Key{}, r.ID, "fortrudt")
	done(err)
	b.reversal = reversal.Value
	b.redeemed(t, b.other, secret, 2500)
	re, err := b.Reissue(t.Context(), worker, Key{}, part.ID, "tabt")
	done(err)
	b.replaced, b.fresh = re.Value.Old, re.Value.New
	b.blocked, _ = b.earn(t, "P-blocked", b.move)
	done(second(b.Block(t.Context(), worker, b.blocked.ID, "tabt")))
	b.voided, _ = b.earn(t, "P-void", b.move)
	done(second(b.Void(t.Context(), leader, Key{}, b.voided.ID, "fejl")))
	proposes := b.proposes(t)
	_, _, a := b.proposal(t, "P-proposed", proposes)
	b.proposed = a.Awards[0]
	_, _, a = b.proposal(t, "P-rejected", proposes)
	b.rejected = a.Awards[0]
	done(second(b.Reject(t.Context(), leader, Key{}, b.rejected.ID, "nej")))
	b.ended = b.desk.plan(t, "P-ended", "2026-02-02")
	b.goal = b.reached(t, worker, b.desk.goal(t, b.ended, GoalInput{}), "2026-02-20").Goal
	b.rest = b.pause(t, b.ended, domain.Leave, "2026-02-09", "2026-02-15").Pause
	done(second(b.UpdatePlan(t.Context(), worker, b.ended.ID, b.ended.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new("moved")})))
	b.time.add(time.Hour)
	return b
}

// alter changes exactly one row behind the program's back, lets look see it, and
// puts it back.
func (b busy) alter(t testing.TB, statement string, look func()) {
	t.Helper()
	table := strings.Fields(strings.TrimPrefix(statement, "DELETE FROM "))[0]
	if table == "UPDATE" {
		table = strings.Fields(statement)[1]
	}
	run := func(statement string) int64 {
		done, err := b.raw.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
		return must(done.RowsAffected())
	}
	run("CREATE TABLE before AS SELECT * FROM " + table)
	require.Equal(t, int64(1), run(statement), statement)
	look()
	run("DELETE FROM " + table)
	run("INSERT INTO " + table + " SELECT * FROM before")
	run("DROP TABLE before")
}

// alterations are statements that each change one row, and the row's ID, or the
// word, that Verify's difference must name.
func (b busy) alterations() map[string]struct{ statement, names string } {
	posting := func(set, event, account string, of domain.Voucher) string {
		return fmt.Sprintf("UPDATE ledger_postings SET %s WHERE event = '%s' AND account = '%s' AND voucher_id = '%s'", set, event, account, of.ID)
	}
	voucher := func(set string, v domain.Voucher) string {
		return fmt.Sprintf("UPDATE vouchers SET %s WHERE id = '%s'", set, v.ID)
	}
	award := func(set string, a domain.ID) string {
		return fmt.Sprintf("UPDATE awards SET %s WHERE id = '%s'", set, a)
	}
	one := func(table, set string, id domain.ID) string {
		return fmt.Sprintf("UPDATE %s SET %s WHERE id = '%s'", table, set, id)
	}
	gone := func(table string, id domain.ID) string {
		return fmt.Sprintf("DELETE FROM %s WHERE id = '%s'", table, id)
	}
	audit := func(action domain.Action, id domain.ID) string {
		return fmt.Sprintf("DELETE FROM audit_entries WHERE action = '%s' AND object_id = '%s'", action, id)
	}
	another := store.NewID().String()
	return map[string]struct{ statement, names string }{
		"voucher: less on it":               {voucher("balance = 19999, state = 'partly_redeemed'", b.live), b.live.ID.String()},
		"voucher: spent without a purchase": {voucher("balance = 0, state = 'redeemed'", b.live), b.live.ID.String()},
		"voucher: spent and full again":     {voucher("balance = 20000, state = 'issued'", b.spent), b.spent.ID.String()},
		"voucher: worth more":               {voucher("amount = 30000, balance = 30000", b.live), b.live.ID.String()},
		"voucher: blocked silently":         {voucher("state = 'blocked'", b.live), b.live.ID.String()},
		"voucher: unblocked silently":       {voucher("state = 'issued'", b.blocked), b.blocked.ID.String()},
		"voucher: alive again":              {voucher("balance = 20000, state = 'issued'", b.expired), b.expired.ID.String()},
		"voucher: void, not expired":        {voucher("state = 'void'", b.expired), b.expired.ID.String()},
		"voucher: expired, not used":        {voucher("state = 'expired'", b.spent), b.spent.ID.String()},
		"voucher: expired, not void":        {voucher("state = 'expired'", b.voided), b.voided.ID.String()},
		"voucher: another's award":          {voucher("award_id = '"+another+"'", b.live), another},
		"voucher: another unit":             {voucher("unit_id = '"+another+"'", b.live), "unit"},
		"voucher: another programme":        {voucher("programme_id = '"+another+"'", b.live), "programme"},
		"voucher: another currency":         {voucher("currency = 'EUR'", b.live), b.live.ID.String()},
		"voucher: another code":             {voucher("lookup_hash = '"+strings.Repeat("x", 32)+"'", b.live), b.live.ID.String()},
		"voucher: another serial":           {voucher("serial = '2026-00000-00000'", b.live), b.live.ID.String()},
		"voucher: replaces another":         {voucher("replaces_id = '"+another+"'", b.fresh), b.fresh.ID.String()},
		"voucher: replaced by another":      {voucher("replaced_by_id = '"+b.live.ID.String()+"'", b.replaced), b.replaced.ID.String()},
		"voucher: in a circle":              {voucher("replaces_id = id", b.fresh), b.fresh.ID.String()},
		"voucher: deleted":                  {gone("vouchers", b.live.ID), b.live.ID.String()},

		"voucher: valid longer":  {voucher("valid_to = '2030-01-01 00:00:00+00:00'", b.live), b.live.ID.String()},
		"voucher: valid earlier": {voucher("valid_from = '2020-01-01 00:00:00+00:00'", b.fresh), b.fresh.ID.String()},
		"voucher: for alcohol":   {voucher("excluded = '[]'", b.live), b.live.ID.String()},
		"voucher: in parts":      {voucher("partial = FALSE", b.live), b.live.ID.String()},

		"posting: credit's event": {posting("event = 'void'", "redeem", "payable", b.spent), "void"},
		"posting: time":           {posting("created_at = '2026-03-02 11:00:00+00:00'", "redeem", "payable", b.spent), "happened at"},
		"posting: amount":         {posting("amount = 19999", "issue", "reserved", b.live), "sum to -1"},
		"posting: account":        {posting("account = 'lapsed'", "issue", "reserved", b.live), "lapsed"},
		"posting: partner":        {posting("partner_id = '"+b.other.Partner.ID.String()+"'", "redeem", "payable", b.spent), "partner"},
		"posting: voucher":        {posting("voucher_id = '"+b.live.ID.String()+"'", "issue", "outstanding", b.spent), b.live.ID.String()},
		"posting: no voucher":     {posting("voucher_id = '"+another+"'", "issue", "reserved", b.spent), another},
		"posting: unit":           {posting("unit_id = '"+another+"'", "issue", "reserved", b.live), b.live.ID.String()},
		"posting: programme":      {posting("programme_id = '"+another+"'", "issue", "reserved", b.live), b.live.ID.String()},
		"posting: currency":       {posting("currency = 'EUR'", "issue", "reserved", b.live), b.live.ID.String()},
		"posting: day":            {posting("booked_on = '2026-02-28'", "issue", "reserved", b.live), "2026-02-28"},
		"posting: event":          {posting("event = 'void'", "issue", "reserved", b.live), b.live.ID.String()},
		"posting: reference":      {posting("reference_id = '"+another+"'", "redeem", "outstanding", b.spent), another},
		"posting: lapsed deleted": {fmt.Sprintf("DELETE FROM ledger_postings WHERE account = 'lapsed' AND voucher_id = '%s'", b.expired.ID), "sum to"},

		"redemption: amount":   {one("redemptions", "amount = 19000", b.paid.ID), b.paid.ID.String()},
		"redemption: partner":  {one("redemptions", "partner_id = '"+b.other.Partner.ID.String()+"'", b.paid.ID), "partner"},
		"redemption: voucher":  {one("redemptions", "voucher_id = '"+b.live.ID.String()+"'", b.paid.ID), b.live.ID.String()},
		"redemption: currency": {one("redemptions", "currency = 'EUR'", b.paid.ID), b.paid.ID.String()},
		"redemption: deleted":  {gone("redemptions", b.paid.ID), b.paid.ID.String()},
		"reversal: amount":     {one("reversals", "amount = 4000", b.reversal.ID), b.reversal.ID.String()},
		"reversal: voucher":    {one("reversals", "voucher_id = '"+b.live.ID.String()+"'", b.reversal.ID), b.live.ID.String()},
		"reversal: redemption": {one("reversals", "redemption_id = '"+b.paid.ID.String()+"'", b.reversal.ID), b.reversal.ID.String()},
		"reversal: deleted":    {gone("reversals", b.reversal.ID), b.reversal.ID.String()},

		"partner: taken in a month": {fmt.Sprintf("UPDATE partner_months SET spent = spent - 1 WHERE partner_id = '%s'", b.shop.Partner.ID), b.shop.Partner.ID.String()},
		"partner: not counted":      {fmt.Sprintf("DELETE FROM partner_months WHERE partner_id = '%s'", b.shop.Partner.ID), "nothing is counted"},
		"partner: no cap":           {fmt.Sprintf("UPDATE partners SET most_per_month = 0 WHERE id = '%s'", b.shop.Partner.ID), "without a cap"},

		"award: amount":      {award("amount = 30000", b.live.AwardID), b.live.AwardID.String()},
		"award: granted":     {award("granted = 10000", b.live.AwardID), b.live.AwardID.String()},
		"award: state":       {award("state = 'denied', waits_since = NULL, reserved = 0", b.proposed.ID), b.proposed.ID.String()},
		"award: rejected":    {award("state = 'rejected', waits_since = NULL, reserved = 0, reason = 'nej'", b.proposed.ID), b.proposed.ID.String()},
		"award: proposed":    {award("state = 'proposed', waits_since = created_at", b.rejected.ID), b.rejected.ID.String()},
		"award: milestone":   {award("milestone = 2", b.live.AwardID), b.live.AwardID.String()},
		"award: day":         {award("reached_on = '2026-02-11'", b.live.AwardID), b.live.AwardID.String()},
		"award: explanation": {award("explanation = '{}'", b.live.AwardID), b.live.AwardID.String()},
		"award: recorder":    {award("recorded_by = '[\"someone@varde.dk\"]'", b.proposed.ID), b.proposed.ID.String()},
		"award: decider":     {award("decided_by = 'someone@varde.dk'", b.live.AwardID), b.live.AwardID.String()},
		"award: unit":        {award("unit_id = '"+another+"'", b.proposed.ID), b.proposed.ID.String()},
		"award: currency":    {award("currency = 'EUR'", b.proposed.ID), b.proposed.ID.String()},
		"award: deleted":     {gone("awards", b.proposed.ID), "milestone 1"},
		"enrolment: state":   {fmt.Sprintf("UPDATE enrolments SET rule_state = '{}' WHERE plan_id = '%s'", b.plan.ID), "enrolment"},
		"enrolment: start":   {fmt.Sprintf("UPDATE enrolments SET start_date = '2026-02-04' WHERE plan_id = '%s'", b.plan.ID), "enrolment"},

		"attendance: outcome":                            {one("attendance_events", "outcome = 'no_show'", b.visit.Attendance.ID), "enrolment"},
		"attendance: kind":                               {one("attendance_events", "kind = 'phone'", b.visit.Attendance.ID), "enrolment"},
		"attendance: date":                               {one("attendance_events", "local_date = '2026-02-04'", b.visit.Attendance.ID), b.visit.Attendance.ID.String()},
		"attendance: time":                               {one("attendance_events", "occurred_at = '2026-02-11 09:00:00+00:00'", b.visit.Attendance.ID), "enrolment"},
		"attendance: withdrawn":                          {one("attendance_events", "withdrawn = TRUE", b.visit.Attendance.ID), "enrolment"},
		"attendance: deleted":                            {gone("attendance_events", b.visit.Attendance.ID), "enrolment"},
		"attendance: recorder":                           {one("attendance_events", "recorded_by = 'someone@varde.dk'", b.visit.Attendance.ID), b.live.AwardID.String()},
		"attendance: a correction's first event deleted": {gone("attendance_events", b.missed.Attendance.AttendanceID), b.missed.Attendance.AttendanceID.String()},

		"goal: open":           {one("goals", "state = 'open', reached_on = NULL, reached_by = '[]'", b.goal.ID), b.goal.ID.String()},
		"goal: another day":    {one("goals", "reached_on = '2026-02-21'", b.goal.ID), b.goal.ID.String()},
		"goal: another person": {one("goals", "reached_by = '[\"someone@varde.dk\"]'", b.goal.ID), b.goal.ID.String()},
		"goal: nobody":         {one("goals", "reached_by = '[]'", b.goal.ID), b.goal.ID.String()},
		"plan: completed":      {one("plans", "end_reason = 'completed'", b.ended.ID), b.ended.ID.String()},
		"plan: ended by other": {one("plans", "ended_by = 'someone@varde.dk'", b.ended.ID), b.ended.ID.String()},
		"pause: longer":        {one("pauses", "last_day = '2026-02-16'", b.rest.ID), b.rest.ID.String()},
		"pause: open":          {one("pauses", "last_day = NULL", b.rest.ID), b.rest.ID.String()},
		"pause: later":         {one("pauses", "first_day = '2026-02-10'", b.rest.ID), b.rest.ID.String()},
		"pause: withdrawn":     {one("pauses", "withdrawn = TRUE", b.rest.ID), b.rest.ID.String()},
		"audit: of nothing":    {fmt.Sprintf("UPDATE audit_entries SET object_id = '%s' WHERE action = 'issueVoucher' AND object_id = '%s'", another, b.live.ID), "issueVoucher of " + another},
		"audit: goal":          {audit("updateGoal", b.goal.ID), b.goal.ID.String()},
		"audit: new goal":      {audit("createGoal", b.goal.ID), b.goal.ID.String()},
		"audit: plan's end":    {audit("updatePlan", b.ended.ID), b.ended.ID.String()},
		"audit: pause":         {audit("createPause", b.rest.ID), b.rest.ID.String()},

		"audit: issue":      {audit("issueVoucher", b.live.ID), b.live.ID.String()},
		"audit: redemption": {audit("redeemVoucher", b.paid.ID), b.paid.ID.String()},
		"audit: reversal":   {audit("reverseRedemption", b.reversal.RedemptionID), b.reversal.RedemptionID.String()},
		"audit: block":      {audit("blockVoucher", b.blocked.ID), b.blocked.ID.String()},
		"audit: reissue":    {audit("reissueVoucher", b.replaced.ID), b.replaced.ID.String()},
		"audit: void":       {audit("voidVoucher", b.voided.ID), b.voided.ID.String()},
		"audit: expiry":     {audit("expireVoucher", b.expired.ID), b.expired.ID.String()},
		"audit: award":      {audit("award", b.live.AwardID), b.live.AwardID.String()},
		"audit: rejection":  {audit("rejectAward", b.rejected.ID), b.rejected.ID.String()},
		"audit: correction": {audit("correctAttendance", b.missed.Attendance.AttendanceID), b.missed.Attendance.AttendanceID.String()},
		"audit: attendance": {audit("recordAttendance", b.visit.Attendance.ID), b.visit.Attendance.ID.String()},
	}
}

// Each alteration of one row is noticed and named; without one nothing differs.
func TestVerifyNotices(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		b := newBusy(t, s, raw)
		b.verified(t)
		for name, c := range b.alterations() {
			b.alter(t, c.statement, func() {
				v, err := b.Verify(t.Context(), b.home.MunicipalityID)
				require.NoError(t, err, name)
				require.Contains(t, strings.Join(v.Differences, "\n"), c.names, name)
			})
		}
		b.verified(t)
	})
}

// What is checked is told, and the differences stop at a length that can be read.
func TestVerification(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		b := newBusy(t, s, raw)
		v, err := b.Verify(t.Context(), b.home.MunicipalityID)
		require.NoError(t, err)
		rows := map[string]int{}
		for _, c := range v.Checks {
			rows[c.Name] = c.Rows
		}
		require.Equal(t, 7, rows["vouchers"])
		require.Equal(t, 3, rows["redemptions"])
		require.Equal(t, 1, rows["reversals"])
		require.Equal(t, 2*(6+3+1+1+1+1+9), rows["ledger postings"], "nine reserve or release")
		require.Equal(t, 8*2+2, rows["attendance events"])
		_, err = raw.ExecContext(t.Context(), "UPDATE audit_entries SET action = 'nothing'")
		require.NoError(t, err)
		_, err = raw.ExecContext(t.Context(), "UPDATE ledger_postings SET booked_on = '2025-01-01'")
		require.NoError(t, err)
		v, err = b.Verify(t.Context(), b.home.MunicipalityID)
		require.NoError(t, err)
		require.Greater(t, len(v.Differences)+v.More, 50)
		require.LessOrEqual(t, len(v.Differences), maxDifferences)
	})
}
