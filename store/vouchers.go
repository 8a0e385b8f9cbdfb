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
		WHERE caller.municipality_id = $1 AND caller.id = $5 AND caller.revoked_at IS NULL AND (caller.expires_at IS NULL OR caller.expires_at > $4) AND shop.state = 'active')
RETURNING id, unit_id, programme_id, currency, balance, categories`

// Claim takes amount from the balance of the voucher with this look-up hash, if
// the voucher can be spent at that moment, the actor's token still holds and its
// partner is active, and gives what booking needs to know
// of it: whose it is, its currency and categories, and the balance now left.
// NotFound when it cannot: of any number of callers at once, only as many
// succeed as there is money for.
func (tx *Tx) Claim(hash []byte, amount int64, at time.Time) (domain.Voucher, error) {
	v := domain.Voucher{MunicipalityID: tx.actor.MunicipalityID}
	found, err := tx.row(claim, []any{v.MunicipalityID, hash, amount, at, tx.actor.TokenID}, &v.ID, &v.UnitID, &v.ProgrammeID, &v.Currency, &v.Balance, &v.Categories)
	if err == nil && !found {
		err = domain.Errorf(domain.NotFound, "not_found", "no voucher that can be spent")
	}
	return v, err
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

// Lapsed gives up to limit live vouchers whose validity has ended, oldest first.
func (tx *Tx) Lapsed(at time.Time, limit int) (vs []domain.Voucher, err error) {
	err = locked(scoped[domain.Voucher](tx, []Cond{To("valid_to", at), In("state", live)})).
		Order("valid_to").Limit(limit).Find(&vs).Error
	return vs, err
}
