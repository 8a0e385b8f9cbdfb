package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// For wants the notices that are for an actor: their own, and those of their role
// in the units within reach.
func For(a domain.Actor) Cond {
	if !a.Restricted() {
		return Cond{"(person = ? OR role = ?)", []any{a.Person, a.Role}}
	}
	return Cond{"(person = ? OR role = ? AND (unit_id IS NULL OR unit_id = ?))", []any{a.Person, a.Role, a.UnitID}}
}

// ClaimMail takes what is due to an address at that moment, for as long as
// nobody else shall: of several who ask at once, one gets it.
func (tx *Tx) ClaimMail(address string, now, until time.Time) (claimed []domain.Mail, err error) {
	err = tx.db().Raw(`UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE municipality_id = ? AND address = ? AND sent_at IS NULL AND next_at <= ? RETURNING *`,
		until, tx.actor.MunicipalityID, address, now).Scan(&claimed).Error
	return claimed, err
}
