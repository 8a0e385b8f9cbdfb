package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// live are the states from which a balance can still go somewhere.
var live = []domain.VoucherState{domain.Issued, domain.PartlyRedeemed, domain.Blocked}

// claim is the one statement that spends: what it does not find cannot be spent.
const claim = `UPDATE vouchers SET balance = balance - $3, version = version + 1,
	state = CASE WHEN balance = $3 THEN 'redeemed' ELSE 'partly_redeemed' END
WHERE municipality_id = $1 AND lookup_hash = $2 AND state IN ('issued', 'partly_redeemed')
	AND balance >= $3 AND (partial OR balance = $3) AND valid_from <= $4 AND valid_to > $4
	AND EXISTS (SELECT 1 FROM tokens AS caller JOIN partners AS shop ON shop.municipality_id = caller.municipality_id AND shop.id = caller.partner_id
		WHERE caller.municipality_id = $1 AND caller.id = $5 AND caller.revoked_at IS NULL AND (caller.expires_at IS NULL OR caller.expires_at > $4)
			AND shop.state = 'active' AND shop.contract_from <= $6 AND (shop.contract_to IS NULL OR shop.contract_to >= $6))
RETURNING id, unit_id, programme_id, budget_id, currency, balance, categories`

// Purchase is what a terminal wants to have paid.
type Purchase struct {
	Hash   []byte // of the voucher's code
	Amount int64  // minor units, > 0
	At     time.Time
	Span   domain.Span // that At lies in
}

// Claim takes a purchase's amount from the balance of the voucher with that
// look-up hash, if the voucher can be spent at that moment, the actor's token
// still holds and its partner is active and has a contract in force, and counts it
// against the limits of the actor's terminal and of its partner. It gives what
// booking needs to know of the voucher: whose it is, its currency and categories,
// and the balance now left. Of any number of callers at once, only as many succeed
// as there is money for and the limits allow. NotFound when the voucher cannot be spent, Conflict "limit_exceeded"
// when it does not fit in the limits; it names CapPartnerMonth where it fits in all
// others. All of it travels in one round trip, the rows that other redemptions wait
// for last: the terminal's, and then that of the partner's month, which only a
// partner with a cap per month has.
func (tx *Tx) Claim(p Purchase) (domain.Voucher, error) {
	v := domain.Voucher{MunicipalityID: tx.actor.MunicipalityID}
	spend := question{sql: claim, args: []any{v.MunicipalityID, p.Hash, p.Amount, p.At, tx.actor.TokenID, p.Span.Day}, into: []any{&v.ID, &v.UnitID, &v.ProgrammeID, &v.BudgetID, &v.Currency, &v.Balance, &v.Categories}}
	var spent int64
	count := question{sql: take, args: []any{v.MunicipalityID, tx.actor.TerminalID, p.Amount, p.Span.Hour, p.Span.Day, p.Hash}, into: []any{&spent}}
	of, month := tx.actor.Partner.ID, p.Span.Day.FirstOfMonth()
	var sum, most int64
	add := question{sql: takeOfMonth, args: []any{v.MunicipalityID, of, month, p.Amount}, into: []any{&sum}}
	agreed := question{sql: capOfMonth, args: []any{v.MunicipalityID, of}, into: []any{&most}}
	err := tx.ask(&spend, &count, &add, &agreed)
	switch {
	case err != nil:
		return v, err
	case !spend.found:
		return v, domain.Errorf(domain.NotFound, "not_found", "no voucher that can be spent")
	case !count.found || most > 0 && !add.found:
		return v, OverLimit{Till: !count.found, Month: most > 0 && !add.found}
	}
	return v, nil
}

// OverLimit says which limits a purchase does not fit in; the others have counted it
// already, until the transaction ends.
type OverLimit struct {
	Till  bool // one of the terminal's, or what its partner takes of a voucher
	Month bool // what its partner takes in a month
}

func (o OverLimit) Error() string { return o.Unwrap().Error() }

// Unwrap gives the Conflict that it is.
func (o OverLimit) Unwrap() error {
	return domain.Errorf(domain.Conflict, "limit_exceeded", "the terminal or its partner may not take so much now")
}

// Credit gives amount back to a voucher that is not dead, and the voucher as it
// then is. Conflict when it is expired, void or replaced.
func (tx *Tx) Credit(id domain.ID, amount int64) (v domain.Voucher, err error) {
	done := tx.db().Raw(`UPDATE vouchers SET balance = balance + ?, version = version + 1,
		state = CASE WHEN state = 'blocked' THEN 'blocked' WHEN balance + ? = amount THEN 'issued' ELSE 'partly_redeemed' END
		WHERE municipality_id = ? AND id = ? AND state IN ('issued', 'partly_redeemed', 'redeemed', 'blocked')
		RETURNING *`,
		amount, amount, tx.actor.MunicipalityID, id).Scan(&v)
	if done.Error == nil && done.RowsAffected == 0 {
		return v, domain.Errorf(domain.Conflict, "wrong_state", "the voucher cannot take money back")
	}
	return v, done.Error
}

// Close takes what is left on a live voucher and puts it in a state in which it
// is worth nothing. Conflict unless the voucher still has the version given.
func (tx *Tx) Close(v domain.Voucher, state domain.VoucherState, columns map[string]any) error {
	columns["state"], columns["balance"], columns["version"] = state, 0, v.Version+1
	return Change[domain.Voucher](tx, columns, Is("id", v.ID), Is("version", v.Version), In("state", live))
}

// Lapsed gives up to limit live vouchers whose validity has ended, oldest first, and
// makes other writers of them wait. They are locked in one order: of two that ended
// in the same moment, too.
func (tx *Tx) Lapsed(at time.Time, limit int) (vs []domain.Voucher, err error) {
	err = locked(scoped[domain.Voucher](tx, []Cond{To("valid_to", at), In("state", live)})).
		Order("valid_to, id").Limit(limit).Find(&vs).Error
	return vs, err
}

// GrantedSum is what awards of one currency have vouchers for.
type GrantedSum struct {
	Currency string
	Amount   int64 // minor units
}

// Granted adds up, by currency, what vouchers were issued for.
func (tx *Tx) Granted(conds ...Cond) (sums []GrantedSum, err error) {
	err = scoped[domain.Award](tx, conds).Select("currency, CAST(SUM(granted) AS BIGINT) AS amount").Group("currency").Order("currency").Find(&sums).Error
	return sums, err
}
