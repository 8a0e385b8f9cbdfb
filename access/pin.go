package access

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// How many PINs may be wrong for a link or a sign-in, which the last of them
// ends. It is counted for that one and not for the citizen, so that nobody can
// lock a citizen out: a new link works.
const wrongPINs = 5

// pinCost is what it costs to try a PIN: above the least that OWASP advises
// (19 MiB, 2 passes).
var pinCost = &argon2id.Params{Memory: 32 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// errPINsSpent says that too many PINs were wrong.
var errPINsSpent = errors.New("too many wrong PINs")

// pinOf gives a citizen's PIN; its zero value when none was ever set.
func pinOf(tx *store.Tx, citizen domain.ID) (domain.CitizenPIN, error) {
	pin, err := store.First[domain.CitizenPIN](tx, store.Is("citizen_id", citizen))
	if domain.KindOf(err) == domain.NotFound {
		return domain.CitizenPIN{}, nil
	}
	return pin, err
}

// provePIN checks what was sent as a citizen's PIN for a link or a sign-in, the
// bucket, and gives the hash that it fits; "" when no PIN is set. The attempt is
// counted first, so that no more are made at once either.
func (s *Service) provePIN(ctx context.Context, municipality, citizen domain.ID, bucket, pin string) (hash string, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		set, err := pinOf(tx, citizen)
		hash = set.Hash
		return err
	})
	switch {
	case err != nil || hash == "":
		return "", err
	case pin == "":
		return "", pinRequired()
	}
	return hash, s.pins.Do(ctx, func() error { return s.tryPIN(ctx, municipality, bucket, pin, hash) })
}

// tryPIN counts an attempt and gives an error unless it is the PIN. It is run when
// there is room, so that who is told to come back has used up nothing.
func (s *Service) tryPIN(ctx context.Context, municipality domain.ID, bucket, pin, hash string) error {
	if err := s.attemptPIN(ctx, municipality, "pin "+bucket, wrongPINs); err != nil {
		return err
	}
	right := false
	if len(pin) <= domain.LongestPIN {
		var err error
		if right, err = argon2id.ComparePasswordAndHash(pin, hash); err != nil {
			return err
		}
	}
	if right {
		return nil
	}
	if err := s.attemptPIN(ctx, municipality, "wrong pin "+bucket, wrongPINs-1); err != nil {
		return err
	}
	return domain.Errorf(domain.Forbidden, "pin_wrong", "that is not the PIN; after %d wrong ones a new link is needed", wrongPINs)
}

// attemptPIN gives errPINsSpent when this is one attempt too many.
func (s *Service) attemptPIN(ctx context.Context, municipality domain.ID, bucket string, most int) error {
	err := s.Attempt(ctx, municipality, bucket, most, visitMost)
	if domain.KindOf(err) == domain.TooMany {
		return errPINsSpent
	}
	return err
}

// unchangedPIN gives a citizen's PIN, unless it is another one than was proved.
func unchangedPIN(tx *store.Tx, citizen domain.ID, proof string) (domain.CitizenPIN, error) {
	pin, err := pinOf(tx, citizen)
	if err == nil && pin.Hash != proof {
		err = domain.Errorf(domain.Conflict, "pin_changed", "the PIN was just changed: try again with the new one")
	}
	return pin, err
}

// Unlock opens a page that was left alone, with the PIN, and says whether one is
// set: where none is, it does nothing. Forbidden pin_wrong, or Unauthenticated
// once the wrong ones have ended the sign-in.
func (s *Service) Unlock(ctx context.Context, actor domain.Actor, pin string) (set bool, err error) {
	err = s.withPIN(ctx, actor, "unlockOwnPage", pin, func(_ *store.Tx, p domain.CitizenPIN, _ time.Time) error {
		set = p.Hash != ""
		return nil
	})
	return set, err
}

// SetOwnPIN sets a citizen's PIN, or changes it, for which the current one is
// wanted.
func (s *Service) SetOwnPIN(ctx context.Context, actor domain.Actor, pin, current string) error {
	if err := actor.May("setOwnPIN"); err != nil {
		return err
	}
	if err := s.checkPIN(ctx, actor, pin); err != nil {
		return err
	}
	hash := ""
	err := s.pins.Do(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(pin, pinCost)
		return err
	})
	if err != nil {
		return err
	}
	return s.withPIN(ctx, actor, "setOwnPIN", current, func(tx *store.Tx, set domain.CitizenPIN, now time.Time) error {
		return keepPIN(tx, set, domain.CitizenPIN{MunicipalityID: actor.MunicipalityID, CitizenID: actor.CitizenID, Hash: hash, ChangedBy: actor.Person, ChangedAt: now})
	})
}

// checkPIN refuses a PIN that is easily guessed of this citizen.
func (s *Service) checkPIN(ctx context.Context, actor domain.Actor, pin string) error {
	return s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		citizen, err := store.Get[domain.Citizen](tx, actor.CitizenID)
		if err != nil {
			return err
		}
		var f domain.Fields
		domain.CheckPIN(&f, "pin", pin, citizen.BirthDate)
		return f.Err()
	})
}

// RemoveOwnPIN takes a citizen's PIN away, for which it is wanted.
func (s *Service) RemoveOwnPIN(ctx context.Context, actor domain.Actor, current string) error {
	return s.withPIN(ctx, actor, "removeOwnPIN", current, func(tx *store.Tx, set domain.CitizenPIN, now time.Time) error {
		return takePIN(tx, set, now)
	})
}

// withPIN runs fn for a citizen on their own page who has sent the PIN, where one
// is set, and keeps the page open.
func (s *Service) withPIN(ctx context.Context, actor domain.Actor, action domain.Action, pin string, fn func(tx *store.Tx, set domain.CitizenPIN, now time.Time) error) error {
	if err := actor.May(action); err != nil {
		return err
	}
	if actor.Kind != domain.ByCitizen {
		return Unauthenticated()
	}
	bucket := "visit " + actor.TokenID.String() + " " + actor.ProvedAt.UTC().Format(time.RFC3339Nano) // counts from the last right PIN
	proof, err := s.provePIN(ctx, actor.MunicipalityID, actor.CitizenID, bucket, pin)
	if errors.Is(err, errPINsSpent) {
		return errors.Join(Unauthenticated(), s.endVisit(ctx, actor))
	}
	if err != nil {
		return err
	}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		visit, err := visitOf(tx)
		if err != nil {
			return err
		}
		set, err := unchangedPIN(tx, actor.CitizenID, proof)
		if err != nil {
			return err
		}
		now := s.now()
		if err := fn(tx, set, now); err != nil {
			return err
		}
		if err := store.Change[domain.Token](tx, map[string]any{"proved_at": now, "open_until": now.Add(openFor)}, store.Is("id", visit.ID)); err != nil {
			return err
		}
		return tx.Audit(action, "citizen", actor.CitizenID, now, nil)
	})
	s.store.Forget() // when it was last proved is a part of who is known
	return err
}

// endVisit ends the sign-in of an actor who sent too many wrong PINs.
func (s *Service) endVisit(ctx context.Context, actor domain.Actor) error {
	err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
		now := s.now()
		if _, err := revokeAll(tx, now, store.Is("id", actor.TokenID)); err != nil {
			return err
		}
		return tx.Audit("unlockOwnPage", "citizen", actor.CitizenID, now, domain.Detail(map[string]any{"ended": "wrong_pins"}))
	})
	s.store.Forget()
	return err
}

// keepPIN stores a citizen's new PIN.
func keepPIN(tx *store.Tx, before, pin domain.CitizenPIN) error {
	if before.ChangedBy == "" {
		return store.Insert(tx, &pin)
	}
	columns := map[string]any{"hash": pin.Hash, "changed_by": pin.ChangedBy, "changed_at": pin.ChangedAt}
	return store.Change[domain.CitizenPIN](tx, columns, store.Is("citizen_id", pin.CitizenID), store.Is("hash", before.Hash))
}

// takePIN takes a citizen's PIN away. Conflict when there is none.
func takePIN(tx *store.Tx, set domain.CitizenPIN, now time.Time) error {
	if set.Hash == "" {
		return domain.Errorf(domain.Conflict, "no_pin", "no PIN is set")
	}
	set.Hash, set.ChangedBy, set.ChangedAt = "", tx.Actor().Person, now
	columns := map[string]any{"hash": set.Hash, "changed_by": set.ChangedBy, "changed_at": set.ChangedAt}
	return store.Change[domain.CitizenPIN](tx, columns, store.Is("citizen_id", set.CitizenID))
}

// Why staff take a citizen's PIN away.
const (
	PINForgotten = "forgotten"
	PINKnown     = "known_to_others"
	PINOther     = "other"
)

// ClearCitizenPIN takes away the PIN of a citizen within reach, for one of the
// reasons above. What the PIN protected ends with it, every open sign-in and
// unused link, for the phone may be in other hands: a new link lets the citizen
// in. Conflict when there is no PIN.
func (s *Service) ClearCitizenPIN(ctx context.Context, actor domain.Actor, citizen domain.ID, reason string) (ended Ended, err error) {
	err = s.write(ctx, actor, "clearCitizenPIN", func(tx *store.Tx) error {
		var f domain.Fields
		f.Check(reason == PINForgotten || reason == PINKnown || reason == PINOther, "reason", "unknown", "must be %s, %s or %s", PINForgotten, PINKnown, PINOther)
		if err := f.Err(); err != nil {
			return err
		}
		if err := reached(tx, citizen); err != nil {
			return err
		}
		set, err := pinOf(tx, citizen)
		if err != nil {
			return err
		}
		now := s.now()
		if ended, err = EndCitizen(tx, citizen, now); err != nil { // before the PIN, which a sign-in that is changing it holds last
			return err
		}
		if err := takePIN(tx, set, now); err != nil {
			return err
		}
		return tx.Audit("clearCitizenPIN", "citizen", citizen, now, domain.Detail(map[string]any{"reason": reason, "links": ended.Links, "sign_ins": ended.SignIns}))
	})
	s.store.Forget()
	return ended, err
}
