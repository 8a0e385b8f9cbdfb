package access

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// setupHolds is how long somebody can take to choose their means of signing in,
// once they have shown that they may.
const setupHolds = 30 * time.Minute

// setup is what a person's browser keeps while they choose: by what they may, and
// the secret of the code generator that they are shown.
type setup struct {
	Municipality domain.ID
	Account      domain.ID
	Invitation   domain.ID // zero unless they were invited
	Recovery     domain.ID // zero unless they are being helped
	SignIn       domain.ID // zero unless they are signed in
	TOTP         []byte
}

const setupPurpose = "setup"

// Setup is what a person is shown who may choose means of signing in.
type Setup struct {
	Person      string
	Ticket      string // to be given back with what they choose
	TOTPText    string // the secret of the new code generator, to type in
	TOTPAddress string // and to scan
}

// newSetup lets somebody choose.
func (s *Service) newSetup(account domain.Account, by setup) (Setup, error) {
	by.Municipality, by.Account, by.TOTP = account.MunicipalityID, account.ID, means.NewTOTP()
	ticket, err := s.ticket(setupPurpose, s.now().Add(setupHolds), by)
	return Setup{Person: account.Person, Ticket: ticket, TOTPText: means.TOTPText(by.TOTP), TOTPAddress: means.TOTPAddress(by.TOTP, account.Person)}, err
}

// SameSetup gives once more what the person was shown, when what they chose was
// not good.
func (s *Service) SameSetup(ctx context.Context, ticket string) (Setup, error) {
	by, account, err := s.setupOf(ctx, ticket)
	if err != nil {
		return Setup{}, err
	}
	return Setup{Person: account.Person, Ticket: ticket, TOTPText: means.TOTPText(by.TOTP), TOTPAddress: means.TOTPAddress(by.TOTP, account.Person)}, nil
}

// setupOf reads a ticket and whose it is.
func (s *Service) setupOf(ctx context.Context, ticket string) (by setup, account domain.Account, err error) {
	if !s.readTicket(setupPurpose, ticket, &by) {
		return by, account, setupEnded()
	}
	err = s.store.Read(ctx, by.Municipality, func(tx *store.Tx) error {
		account, err = store.Get[domain.Account](tx, by.Account)
		return err
	})
	return by, account, err
}

func setupEnded() error {
	return domain.Errorf(domain.Conflict, "setup_ended", "this took too long or was done already: begin again")
}

// attemptsToOpen is how often an address may try an invitation or a recovery.
const (
	attemptsToOpen = 30
	openWindow     = 15 * time.Minute
)

// OpenInvitation lets the person to whom an invitation was given choose their
// means of signing in. The invitation holds until they have. NotFound
// "invitation_ended" whatever is wrong with it, TooMany for who tries too often.
func (s *Service) OpenInvitation(ctx context.Context, text, address string) (Setup, error) {
	municipality, hash, ok := readText(invitationPrefix, strings.TrimSpace(text))
	if !ok {
		return Setup{}, invitationEnded()
	}
	if err := s.Attempt(ctx, municipality, "invitation "+Network(address), attemptsToOpen, openWindow); err != nil {
		return Setup{}, asUnknown(err)
	}
	var account domain.Account
	var invitation domain.Invitation
	err := s.store.Read(ctx, municipality, func(tx *store.Tx) (err error) {
		if invitation, err = store.First[domain.Invitation](tx, store.Is("hash", hash), store.None("ended_at")); err != nil {
			return err
		}
		account, err = store.Get[domain.Account](tx, invitation.AccountID)
		return err
	})
	if domain.KindOf(err) == domain.NotFound || err == nil && (!s.now().Before(invitation.ExpiresAt) || account.State != domain.AccountInvited) {
		err = invitationEnded()
	}
	if err != nil {
		return Setup{}, err
	}
	return s.newSetup(account, setup{Invitation: invitation.ID})
}

// asUnknown is an error for a municipality that may not be there: counting
// attempts fails where there is none to count in.
func asUnknown(err error) error {
	if domain.CodeOf(err) == "unknown_reference" {
		return invitationEnded()
	}
	return err
}

func invitationEnded() error {
	return domain.Errorf(domain.NotFound, "invitation_ended", "this invitation does not hold: it was used, is more than three days old, or is not whole: ask for another")
}

// choose ends what let a person choose and stores their choice, which fn makes of
// the account. What they had before ends with a recovery.
func (s *Service) choose(ctx context.Context, by setup, name string, fn func(tx *store.Tx, account domain.Account) error) error {
	err := s.store.Write(ctx, domain.Actor{MunicipalityID: by.Municipality, Person: name}, func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		account, err := store.GetLocked[domain.Account](tx, by.Account)
		if err != nil {
			return err
		}
		now := s.now()
		if by.Invitation != (domain.ID{}) {
			err = s.useInvitation(tx, account, by.Invitation, now)
		} else {
			err = s.useRecovery(tx, account, by.Recovery, now)
		}
		if err != nil {
			return err
		}
		if err := fn(tx, account); err != nil {
			return err
		}
		return store.Change[domain.Account](tx, map[string]any{"state": domain.AccountActive, "active_since": now}, store.Is("id", account.ID))
	})
	s.store.Forget()
	return err
}

// useInvitation ends an invitation for who has chosen.
func (s *Service) useInvitation(tx *store.Tx, account domain.Account, id domain.ID, now time.Time) error {
	err := store.Change[domain.Invitation](tx, map[string]any{"ended_at": now}, store.Is("id", id), store.None("ended_at"), store.After("expires_at", now))
	if err == nil && account.State == domain.AccountInvited {
		return tx.Audit("acceptInvitation", "account", account.ID, now, domain.Detail(map[string]any{"invitation": id}))
	}
	if err == nil || domain.KindOf(err) == domain.Conflict {
		return setupEnded()
	}
	return err
}

// ChoosePassword sets the password and the code generator of a person who may
// choose, and signs them in. The code is the generator's first: it shows that it
// was set up. Invalid for a password that is easily guessed or a code that is
// wrong; nothing is used up by it.
func (s *Service) ChoosePassword(ctx context.Context, ticket, password, code string) (SignedIn, error) {
	by, account, err := s.setupOf(ctx, ticket)
	if err != nil {
		return SignedIn{}, err
	}
	if by.SignIn != (domain.ID{}) {
		return SignedIn{}, setupEnded()
	}
	hash, step, err := s.checkPassword(ctx, by, account.Person, password, code)
	if err != nil {
		return SignedIn{}, err
	}
	err = s.choose(ctx, by, account.Person, func(tx *store.Tx, account domain.Account) error {
		return s.setPassword(tx, account, hash, by.TOTP, step)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.SignIn(ctx, by.Municipality, Proof{Person: account.Person, Method: byPassword})
}

// checkPassword gives the hash of a new password, and the time step of the code.
func (s *Service) checkPassword(ctx context.Context, by setup, name, password, code string) (hash string, step int64, err error) {
	var f domain.Fields
	means.CheckPassword(&f, password, name)
	step, ok := means.TOTPStep(by.TOTP, code, s.now(), 0)
	f.Check(ok, "code", "wrong", "is not the code that your code generator shows now: look again, and check its clock")
	if err := f.Err(); err != nil {
		return "", 0, err
	}
	hash, err = s.local.hasher.Hash(ctx, password)
	return hash, step, err
}

// totpPlace is what the secret of a code generator is sealed for.
const totpPlace = "accounts.totp_secret"

// setPassword stores a password with its code generator.
func (s *Service) setPassword(tx *store.Tx, account domain.Account, hash string, secret []byte, step int64) error {
	key, err := s.secretsKey(tx)
	if err != nil {
		return err
	}
	sealed, err := key.SealFile(totpPlace, account.ID, secret)
	if err != nil {
		return err
	}
	if err := store.Change[domain.Account](tx, map[string]any{"password_hash": hash, "totp_secret": sealed, "totp_step": step}, store.Is("id", account.ID)); err != nil {
		return err
	}
	return tx.Audit("setPassword", "account", account.ID, s.now(), nil)
}

// spend marks something as used that can be used once. Conflict "setup_ended"
// when it was.
func (s *Service) spend(tx *store.Tx, text string) error {
	hash := sha256.Sum256([]byte(text))
	err := store.Insert(tx, &domain.Spent{MunicipalityID: tx.Actor().MunicipalityID, Hash: hash[:], CreatedAt: s.now()})
	if err != nil && store.IsDuplicate(err) {
		return setupEnded()
	}
	return err
}
