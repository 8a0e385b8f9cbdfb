package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// MostOverlap is how long at most a token goes on after another took over.
const MostOverlap = 7 * 24 * time.Hour

// RotateToken makes a token that takes over from another, for the same person,
// role and scopes and for as long as that was made for, and gives its text, here
// and never again. The old one ends after the overlap, 0 to MostOverlap, and never
// later than it would have. Idempotency keys hold across it. A person rotates
// their own, with the token itself too if it is for that; an administrator also
// those of the role partner. Conflict "already_rotated" the second time, "wrong_kind"
// for a till's, "already_revoked" for one that has ended.
func (s *Service) RotateToken(ctx context.Context, actor domain.Actor, id domain.ID, overlap time.Duration) (token domain.Token, text string, err error) {
	err = s.write(ctx, actor, "rotateToken", func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		old, err := store.GetLocked[domain.Token](tx, id)
		if err != nil {
			return err
		}
		now := s.now()
		if err := rotatable(tx, old, now, overlap); err != nil {
			return err
		}
		token = old
		token.ID, token.CreatedAt, token.LastUsedAt, token.ReplacesID = store.NewID(), now, nil, &old.ID
		if token.FamilyID == nil {
			token.FamilyID = &old.ID
		}
		expires := now.Add(old.ExpiresAt.Sub(old.CreatedAt))
		token.ExpiresAt = &expires
		text, token.Hash = newSecret(token.Kind, token.MunicipalityID)
		if err := store.Insert(tx, &token); err != nil {
			return err
		}
		ends := now.Add(overlap)
		if ends.After(*old.ExpiresAt) {
			ends = *old.ExpiresAt
		}
		if err := store.Change[domain.Token](tx, map[string]any{"expires_at": ends}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("rotateToken", "token", token.ID, now, domain.Detail(map[string]any{"replaced_token": id, "replaced_ends_at": ends, "expires_at": expires}))
	})
	s.store.Forget()
	if err != nil {
		return domain.Token{}, "", err
	}
	return token, text, nil
}

// rotatable refuses what another token cannot take over from.
func rotatable(tx *store.Tx, old domain.Token, now time.Time, overlap time.Duration) error {
	actor := tx.Actor()
	if !mayManage(actor, old) {
		return domain.OutOfReach()
	}
	switch {
	case old.Kind != domain.ByToken:
		return domain.Errorf(domain.Conflict, "wrong_kind", "a till's key is not rotated: enrol the till anew")
	case old.Person != actor.Person && old.Role != domain.PartnerRole && actor.Role != domain.System:
		return domain.Errorf(domain.Conflict, "not_yours_to_rotate", "only who uses this token rotates it: nobody has a token in another's name")
	case old.RevokedAt != nil || !now.Before(*old.ExpiresAt):
		return domain.Errorf(domain.Conflict, "already_revoked", "the token has ended: make a new one")
	case overlap < 0 || overlap > MostOverlap:
		return domain.InvalidField("overlap_minutes", "out_of_range", "must be 0 to %d", int(MostOverlap.Minutes()))
	}
	n, err := store.Count[domain.Token](tx, store.Is("replaces_id", old.ID))
	if err == nil && n > 0 {
		err = domain.Errorf(domain.Conflict, "already_rotated", "another token took over from this one already: rotate that")
	}
	return err
}
