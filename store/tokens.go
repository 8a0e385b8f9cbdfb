package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/fasthold/fasthold/domain"
)

// callerQuery finds who a token is in one round trip: every request begins with
// it. A revoked or expired token, or one of a revoked terminal, is not found.
const callerQuery = `
SELECT t.id, t.family_id, t.kind, t.person, t.role, t.scopes, t.unit_id, t.terminal_id, t.citizen_id, t.created_at, t.expires_at, t.idle_minutes, t.last_used_at, t.proved_at, t.method,
  p.id, p.name, p.cvr, p.categories, p.state, p.contract_from, p.contract_to, p.most_per_month, p.most_per_voucher, p.version, p.created_at
FROM tokens t
LEFT JOIN partners p ON p.municipality_id = t.municipality_id AND p.id = t.partner_id
LEFT JOIN terminals r ON r.municipality_id = t.municipality_id AND r.id = t.terminal_id
WHERE t.municipality_id = $1 AND t.hash = $2 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $3) AND (t.terminal_id IS NULL OR r.state = 'active')`

// caller is who a token is and for how long it holds.
type caller struct {
	actor   domain.Actor
	expires time.Time     // zero: never
	idle    time.Duration // unused for so long it ends; zero: it does not
	used    time.Time     // last, to within noteUse; when it was made, if never
	unnoted bool          // never used so far
}

// holds reports whether the token has neither expired nor been idle for too long.
func (c caller) holds(at time.Time) bool {
	return (c.expires.IsZero() || at.Before(c.expires)) && (c.idle == 0 || at.Before(c.used.Add(c.idle)))
}

// Caller gives the actor whose token has this hash, with the partner it acts
// for; NotFound when no token that holds at that time has it.
func (s *Store) Caller(ctx context.Context, municipality domain.ID, hash []byte, at time.Time) (domain.Actor, error) {
	c, err := s.caller(ctx, municipality, hash, at)
	return c.actor, err
}

func (s *Store) caller(ctx context.Context, municipality domain.ID, hash []byte, at time.Time) (c caller, err error) {
	actor := domain.Actor{MunicipalityID: municipality}
	var family, unit, terminal, citizen, partner uuid.NullUUID
	var name, cvr, state sql.NullString
	var perMonth, perVoucher, version sql.NullInt64
	var created, expires, used, proved, founded sql.NullTime
	var scopes domain.Strings
	var idle int
	err = s.sql.QueryRowContext(only(municipality).with(ctx), callerQuery, municipality, hash, at).Scan(
		&actor.TokenID, &family, &actor.Kind, &actor.Person, &actor.Role, &scopes, &unit, &terminal, &citizen, &created, &expires, &idle, &used, &proved, &actor.Method,
		&partner, &name, &cvr, &actor.Partner.Categories, &state, &actor.Partner.ContractFrom, &actor.Partner.ContractTo, &perMonth, &perVoucher, &version, &founded)
	if errors.Is(err, sql.ErrNoRows) {
		return caller{}, noSuchToken()
	}
	if err != nil {
		return caller{}, translate(err)
	}
	actor.FamilyID, actor.UnitID, actor.TerminalID, actor.CitizenID, actor.ProvedAt = family.UUID, unit.UUID, terminal.UUID, citizen.UUID, proved.Time
	for _, scope := range scopes {
		actor.Scopes = append(actor.Scopes, domain.Action(scope))
	}
	if p := &actor.Partner; partner.Valid {
		p.MunicipalityID, p.ID, p.Name, p.CVR, p.State = municipality, partner.UUID, name.String, cvr.String, state.String
		p.MostPerMonth, p.MostPerVoucher = perMonth.Int64, perVoucher.Int64
		p.Version, p.CreatedAt = version.Int64, founded.Time
	}
	c = caller{actor: actor, expires: expires.Time, idle: time.Duration(idle) * time.Minute, used: created.Time, unnoted: !used.Valid}
	if used.Valid {
		c.used = used.Time
	}
	if !c.holds(at) {
		return caller{}, noSuchToken()
	}
	return c, nil
}

func noSuchToken() error {
	return domain.Errorf(domain.NotFound, "not_found", "there is no such token")
}

// noted is the statement that notes a token's use. It names what it found, so
// that it changes nothing when another server has noted it meanwhile.
const noted = `UPDATE tokens SET last_used_at = $3 WHERE municipality_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3) RETURNING id`

// Used notes when a token was last used. It leaves no audit entry, unlike every
// other change: it says nothing that somebody did, only that the token is alive,
// and what was done with it has entries of its own.
func (s *Store) Used(ctx context.Context, municipality, token domain.ID, at time.Time) error {
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	var id domain.ID
	err = s.sql.QueryRowContext(only(municipality).with(ctx), noted, municipality, token, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return translate(err)
}

// longEnded are the sign-ins and visits that ended before a time.
const longEnded = "kind IN ('sign_in', 'citizen') AND (revoked_at < ? OR expires_at < ?)"

// LongEnded wants sign-ins and citizens' visits that ended before that time.
func LongEnded(before time.Time) Cond { return Cond{longEnded, []any{before, before}} }

// DeleteLongEnded deletes the tokens that LongEnded wants and says how many. Those
// that only expired are marked as ended first: the schema lets no other go.
func (tx *Tx) DeleteLongEnded(before time.Time) (int, error) {
	done := scoped[domain.Token](tx, []Cond{LongEnded(before), None("revoked_at")}).Update("revoked_at", gorm.Expr("expires_at"))
	if done.Error != nil {
		return 0, done.Error
	}
	done = scoped[domain.Token](tx, []Cond{LongEnded(before)}).Delete(&domain.Token{})
	return int(done.RowsAffected), done.Error
}
