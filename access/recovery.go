package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// RecoveryHolds is how long a recovery waits to be confirmed, and how long it can
// be used once it is.
const RecoveryHolds = 24 * time.Hour

// openRecovery wants recoveries that can still come to something.
var openRecovery = store.In("state", []string{domain.RecoveryStarted, domain.RecoveryConfirmed})

// Half is a recovery with the half of its code that one administrator is shown,
// here and never again.
type Half struct {
	Recovery domain.Recovery
	Text     string
}

// halfBytes make a half of 16 letters: alone it opens nothing, and it cannot be
// guessed either.
const halfBytes = 10

var halfText = base32.StdEncoding.WithPadding(base32.NoPadding)

// newHalf makes half a code and the hash that is kept of it.
func newHalf(recovery domain.ID) (text string, hash []byte) {
	raw := make([]byte, halfBytes)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	letters := halfText.EncodeToString(raw)
	return strings.Join([]string{letters[:4], letters[4:8], letters[8:12], letters[12:]}, "-"), hashHalf(recovery, letters)
}

// hashHalf is the hash of half a code, however it is typed.
func hashHalf(recovery domain.ID, typed string) []byte {
	letters := strings.NewReplacer("-", "", " ", "", "0", "O", "1", "I", "8", "B").Replace(strings.ToUpper(typed))
	sum := sha256.Sum256([]byte(recovery.String() + " " + letters))
	return sum[:]
}

// StartRecovery begins to give a person who has lost their means of signing in
// new ones: another administrator must confirm it. What they had holds until the
// new means are chosen. Forbidden "own_recovery" for oneself; Conflict when the
// account is not active or a recovery is open.
func (s *Service) StartRecovery(ctx context.Context, actor domain.Actor, accountID domain.ID, reason string) (half Half, err error) {
	err = s.write(ctx, actor, "startRecovery", func(tx *store.Tx) error {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return err
		}
		account, err := store.GetLocked[domain.Account](tx, accountID)
		if err != nil {
			return err
		}
		switch {
		case account.Person == actor.Person:
			return ownRecovery()
		case account.State != domain.AccountActive:
			return domain.Errorf(domain.Conflict, "wrong_state", "the account is %s: only an active one is recovered", account.State)
		}
		now := s.now()
		if err := s.noneOpen(tx, accountID, now); err != nil {
			return err
		}
		r := domain.Recovery{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), AccountID: accountID, State: domain.RecoveryStarted, Reason: reason, StartedBy: actor.Person,
			CreatedAt: now, ExpiresAt: now.Add(RecoveryHolds),
		}
		half.Text, r.FirstHash = newHalf(r.ID)
		half.Recovery = r
		if err := store.Insert(tx, &r); err != nil {
			return err
		}
		return tx.Audit("startRecovery", "recovery", r.ID, now, domain.Detail(map[string]any{"account": accountID}))
	})
	if err != nil {
		return Half{}, err
	}
	return half, nil
}

func ownRecovery() error {
	return domain.Errorf(domain.Forbidden, "own_recovery", "nobody recovers their own account: two other administrators do")
}

// noneOpen refuses an account that has an open recovery, and ends one that was
// open for too long.
func (s *Service) noneOpen(tx *store.Tx, account domain.ID, now time.Time) error {
	open, err := store.AllLocked[domain.Recovery](tx, "id", store.Is("account_id", account), openRecovery)
	if err != nil {
		return err
	}
	for _, r := range open {
		if now.Before(r.ExpiresAt) {
			return domain.Errorf(domain.Conflict, "wrong_state", "a recovery of this account is open: confirm or withdraw it first")
		}
		if err := endRecovery(tx, &r, domain.RecoveryWithdrawn, now); err != nil {
			return err
		}
	}
	return nil
}

// ConfirmRecovery is what another administrator does, who has made sure that it
// is the person who asks. They are shown the other half of the code. Forbidden
// "same_person" for who started it, "own_recovery" for whom it is about; Conflict
// when it is not waiting for it or waited too long.
func (s *Service) ConfirmRecovery(ctx context.Context, actor domain.Actor, id domain.ID) (half Half, err error) {
	err = s.write(ctx, actor, "confirmRecovery", func(tx *store.Tx) error {
		r, account, err := lockRecovery(tx, id)
		if err != nil {
			return err
		}
		now := s.now()
		switch {
		case r.StartedBy == actor.Person:
			return domain.Errorf(domain.Forbidden, "same_person", "nobody confirms a recovery that they started: another administrator does")
		case account.Person == actor.Person:
			return ownRecovery()
		case r.State != domain.RecoveryStarted || account.State != domain.AccountActive || !now.Before(r.ExpiresAt):
			return recoveryClosed()
		}
		half.Text, r.SecondHash = newHalf(r.ID)
		r.State, r.ConfirmedBy, r.ExpiresAt = domain.RecoveryConfirmed, actor.Person, now.Add(RecoveryHolds)
		half.Recovery = r
		columns := map[string]any{"state": r.State, "confirmed_by": r.ConfirmedBy, "second_hash": r.SecondHash, "expires_at": r.ExpiresAt}
		if err := store.Change[domain.Recovery](tx, columns, store.Is("id", id), store.Is("state", domain.RecoveryStarted)); err != nil {
			return err
		}
		return tx.Audit("confirmRecovery", "recovery", id, now, domain.Detail(map[string]any{"account": r.AccountID}))
	})
	if err != nil {
		return Half{}, err
	}
	return half, nil
}

func recoveryClosed() error {
	return domain.Errorf(domain.Conflict, "wrong_state", "the recovery was confirmed, used or withdrawn already, or waited too long: start another")
}

// lockRecovery gives a recovery and its account, the account locked first.
func lockRecovery(tx *store.Tx, id domain.ID) (r domain.Recovery, account domain.Account, err error) {
	if r, err = store.Get[domain.Recovery](tx, id); err != nil {
		return r, account, err
	}
	if account, err = store.GetLocked[domain.Account](tx, r.AccountID); err != nil {
		return r, account, err
	}
	r, err = store.GetLocked[domain.Recovery](tx, id)
	return r, account, err
}

// WithdrawRecovery ends a recovery that was not used; any administrator may.
// Conflict if it came to an end already.
func (s *Service) WithdrawRecovery(ctx context.Context, actor domain.Actor, id domain.ID) (r domain.Recovery, err error) {
	err = s.write(ctx, actor, "withdrawRecovery", func(tx *store.Tx) error {
		if r, _, err = lockRecovery(tx, id); err != nil {
			return err
		}
		if r.EndedAt != nil {
			return recoveryClosed()
		}
		return endRecovery(tx, &r, domain.RecoveryWithdrawn, s.now())
	})
	return r, err
}

// endRecovery ends a recovery, as used or withdrawn.
func endRecovery(tx *store.Tx, r *domain.Recovery, state string, now time.Time) error {
	r.State, r.EndedBy, r.EndedAt = state, tx.Actor().Person, &now
	if err := store.Change[domain.Recovery](tx, map[string]any{"state": state, "ended_by": r.EndedBy, "ended_at": now}, store.Is("id", r.ID), store.None("ended_at")); err != nil {
		return err
	}
	action := domain.Action("withdrawRecovery")
	if state == domain.RecoveryUsed {
		action = "useRecovery"
	}
	return tx.Audit(action, "recovery", r.ID, now, domain.Detail(map[string]any{"account": r.AccountID}))
}

// Recovery gives one recovery.
func (s *Service) Recovery(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Recovery, error) {
	return store.One(ctx, s.store, s.call(actor, "getRecovery"), id, store.Everyone[domain.Recovery])
}

// RecoveryFilter narrows a list of recoveries; zero fields narrow nothing.
type RecoveryFilter struct {
	AccountID domain.ID
	State     string
}

// Recoveries lists recoveries, newest first.
func (s *Service) Recoveries(ctx context.Context, actor domain.Actor, page store.Page, f RecoveryFilter) (store.Listed[domain.Recovery], error) {
	return store.Several[domain.Recovery](ctx, s.store, s.call(actor, "listRecoveries"), page, store.Eq("account_id", f.AccountID), store.Eq("state", f.State))
}

// RecoveryCode is what a person enters who is being helped.
type RecoveryCode struct {
	Person        string
	First, Second string // the two halves, in any order
	Address       string // the network address that it comes from
}

// OpenRecovery lets a person with both halves of a code choose new means of
// signing in. Unauthenticated "recovery_refused" whatever is wrong, TooMany for
// who tries too often.
func (s *Service) OpenRecovery(ctx context.Context, municipality domain.ID, in RecoveryCode) (Setup, error) {
	if err := s.Attempt(ctx, municipality, "recovery "+Network(in.Address), attemptsToOpen, openWindow); err != nil {
		return Setup{}, err
	}
	var account domain.Account
	var r domain.Recovery
	err := s.store.Read(ctx, municipality, func(tx *store.Tx) (err error) {
		if account, err = store.First[domain.Account](tx, store.Is("person", knownAs(in.Person)), store.Is("state", domain.AccountActive)); err != nil {
			return err
		}
		r, err = store.First[domain.Recovery](tx, store.Is("account_id", account.ID), store.Is("state", domain.RecoveryConfirmed))
		return err
	})
	if domain.KindOf(err) == domain.NotFound || err == nil && (!s.now().Before(r.ExpiresAt) || !bothHalves(r, in.First, in.Second)) {
		err = domain.Errorf(domain.Unauthenticated, "recovery_refused", "the name and the two halves of the code do not belong together, or they hold no more: ask an administrator")
	}
	if err != nil {
		return Setup{}, err
	}
	return s.newSetup(account, setup{Recovery: r.ID})
}

// bothHalves reports whether the two texts are the two halves, in any order.
func bothHalves(r domain.Recovery, one, other string) bool {
	a, b := hashHalf(r.ID, one), hashHalf(r.ID, other)
	straight := subtle.ConstantTimeCompare(a, r.FirstHash) & subtle.ConstantTimeCompare(b, r.SecondHash)
	crossed := subtle.ConstantTimeCompare(b, r.FirstHash) & subtle.ConstantTimeCompare(a, r.SecondHash)
	return straight|crossed == 1
}

// useRecovery ends a recovery for who has chosen, with every means of signing in
// that they had, and everything that they were let in by.
func (s *Service) useRecovery(tx *store.Tx, account domain.Account, id domain.ID, now time.Time) error {
	r, err := store.GetLocked[domain.Recovery](tx, id)
	if err != nil {
		return err
	}
	if account.State != domain.AccountActive || r.State != domain.RecoveryConfirmed || !now.Before(r.ExpiresAt) {
		return setupEnded()
	}
	if err := endRecovery(tx, &r, domain.RecoveryUsed, now); err != nil {
		return err
	}
	keys, err := store.All[domain.Passkey](tx, "id", store.Is("account_id", account.ID), store.None("removed_at"))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := store.Change[domain.Passkey](tx, map[string]any{"removed_at": now}, store.Is("id", key.ID)); err != nil {
			return err
		}
	}
	if err := store.Change[domain.Account](tx, map[string]any{"password_hash": "", "totp_secret": nil, "totp_step": 0}, store.Is("id", account.ID)); err != nil {
		return err
	}
	ended, err := revokeAll(tx, now, store.Is("person", account.Person))
	if err != nil {
		return err
	}
	return tx.Audit("endMeans", "account", account.ID, now, domain.Detail(map[string]any{"passkeys": len(keys), "ended": ended}))
}
