package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
)

// callerQuery finds who a token is in one round trip: every request begins with
// it. A revoked token, or one of a revoked terminal, is not found.
const callerQuery = `
SELECT t.id, t.person, t.role, t.unit_id, t.terminal_id,
  p.id, p.name, p.cvr, p.categories, p.state, p.version, p.created_at
FROM tokens t
LEFT JOIN partners p ON p.municipality_id = t.municipality_id AND p.id = t.partner_id
LEFT JOIN terminals r ON r.municipality_id = t.municipality_id AND r.id = t.terminal_id
WHERE t.municipality_id = $1 AND t.hash = $2 AND t.revoked_at IS NULL AND (t.terminal_id IS NULL OR r.state = 'active')`

// Caller gives the actor whose token has this hash, with the partner it acts
// for; NotFound when no token that holds has it.
func (s *Store) Caller(ctx context.Context, municipality domain.ID, hash []byte) (domain.Actor, error) {
	actor := domain.Actor{MunicipalityID: municipality}
	var unit, terminal, partner uuid.NullUUID
	var name, cvr, state sql.NullString
	var version sql.NullInt64
	var created sql.NullTime
	err := s.sql.QueryRowContext(only(municipality).with(ctx), callerQuery, municipality, hash).Scan(&actor.TokenID, &actor.Person, &actor.Role, &unit, &terminal,
		&partner, &name, &cvr, &actor.Partner.Categories, &state, &version, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Actor{}, domain.Errorf(domain.NotFound, "not_found", "there is no such token")
	}
	if err != nil {
		return domain.Actor{}, translate(err)
	}
	actor.UnitID, actor.TerminalID = unit.UUID, terminal.UUID
	if p := &actor.Partner; partner.Valid {
		p.MunicipalityID, p.ID, p.Name, p.CVR, p.State = municipality, partner.UUID, name.String, cvr.String, state.String
		p.Version, p.CreatedAt = version.Int64, created.Time
	}
	return actor, nil
}
