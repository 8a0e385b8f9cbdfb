package access

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// InvitationHolds is how long an invited person can take to choose their means of
// signing in.
const InvitationHolds = 72 * time.Hour

// Invited is an account and the text with which its owner chooses the first
// means of signing in. The text belongs in a link's fragment, and is shown once.
type Invited struct {
	Account domain.Account
	Text    string
	Until   time.Time
}

// Invite makes an account for a person and a text that lets them choose their
// means of signing in, once and within InvitationHolds. Whoever is invited again
// gets another text, and the earlier one holds no more. Conflict "already_exists"
// when they have chosen already, or "known_elsewhere" when they sign in at a
// provider, or ever did: else an administrator could become them. Forbidden
// "second_administrator" to who gave the person a role.
func (s *Service) Invite(ctx context.Context, actor domain.Actor, name string) (invited Invited, err error) {
	err = s.write(ctx, actor, "createAccount", func(tx *store.Tx) error {
		var f domain.Fields
		name = person(&f, name)
		if err := f.Err(); err != nil {
			return err
		}
		if err := lockAssignments(tx); err != nil {
			return err
		}
		if err := grantedByAnother(tx, name); err != nil {
			return err
		}
		now := s.now()
		if invited.Account, err = s.invitable(tx, name, now); err != nil {
			return err
		}
		open, err := store.All[domain.Invitation](tx, "", store.Is("account_id", invited.Account.ID), store.None("ended_at"))
		if err != nil {
			return err
		}
		for _, earlier := range open {
			if err := store.Change[domain.Invitation](tx, map[string]any{"ended_at": now}, store.Is("id", earlier.ID)); err != nil {
				return err
			}
		}
		invitation := domain.Invitation{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), AccountID: invited.Account.ID, CreatedBy: actor.Person, CreatedAt: now, ExpiresAt: now.Add(InvitationHolds),
		}
		invited.Until = invitation.ExpiresAt
		invited.Text, invitation.Hash = newText(invitationPrefix, actor.MunicipalityID)
		if err := store.Insert(tx, &invitation); err != nil {
			return err
		}
		return tx.Audit("createAccount", "account", invited.Account.ID, now, domain.Detail(map[string]any{"person": name, "invitation": invitation.ID}))
	})
	if err != nil {
		return Invited{}, err
	}
	return invited, nil
}

// invitable gives the account of a person who can be invited, made if there is
// none. The command line may invite anybody: it can read the database anyway.
func (s *Service) invitable(tx *store.Tx, name string, now time.Time) (account domain.Account, err error) {
	account, err = store.First[domain.Account](tx, store.Is("person", name))
	switch {
	case err == nil && account.State != domain.AccountInvited:
		return account, domain.Errorf(domain.Conflict, "already_exists", "this person has an account and has chosen how to sign in: who has lost that is helped by a recovery")
	case err == nil || domain.KindOf(err) != domain.NotFound:
		return account, err
	}
	if tx.Actor().Role != domain.System {
		elsewhere, err := store.Count[domain.Identity](tx, store.Is("person", name)) // who released one does not become them either
		if err != nil {
			return account, err
		}
		if elsewhere > 0 {
			return account, domain.Errorf(domain.Conflict, "known_elsewhere", "this person signs in at a provider, or did: an account here would let whoever has the link act in their name")
		}
	}
	account = domain.Account{MunicipalityID: tx.Actor().MunicipalityID, ID: store.NewID(), Person: name, State: domain.AccountInvited, CreatedBy: tx.Actor().Person, CreatedAt: now}
	return account, store.Insert(tx, &account)
}

// HasAccounts reports whether anybody in a municipality has an account. It asks
// for no permission: whoever wants to sign in must know how.
func (s *Service) HasAccounts(ctx context.Context, municipality domain.ID) (there bool, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		rows, _, err := store.List[domain.Account](tx, store.Page{Limit: 1})
		there = len(rows) > 0
		return err
	})
	return there, err
}

// Account gives one account.
func (s *Service) Account(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Account, error) {
	return store.One(ctx, s.store, s.call(actor, "getAccount"), id, store.Everyone[domain.Account])
}

// AccountFilter narrows a list of accounts; zero fields narrow nothing.
type AccountFilter struct{ Person, State string }

// Accounts lists accounts, newest first.
func (s *Service) Accounts(ctx context.Context, actor domain.Actor, page store.Page, f AccountFilter) (store.Listed[domain.Account], error) {
	return store.Several[domain.Account](ctx, s.store, s.call(actor, "listAccounts"), page, store.Eq("person", strings.ToLower(f.Person)), store.Eq("state", f.State))
}

// SuspendAccount keeps a person out: their sign-ins and tokens end at once, and
// with them an invitation and a recovery that are open; they cannot sign in at a
// provider either. Conflict if they are kept out already; Forbidden
// "own_account" for one's own.
func (s *Service) SuspendAccount(ctx context.Context, actor domain.Actor, id domain.ID) (account domain.Account, err error) {
	err = s.write(ctx, actor, "suspendAccount", func(tx *store.Tx) error {
		if err := lockAssignments(tx); err != nil {
			return err
		}
		if account, err = store.GetLocked[domain.Account](tx, id); err != nil {
			return err
		}
		switch {
		case account.Person == actor.Person:
			return domain.Errorf(domain.Forbidden, "own_account", "nobody suspends themself: ask another administrator")
		case account.State == domain.AccountSuspended:
			return domain.Errorf(domain.Conflict, "wrong_state", "the account is suspended already")
		}
		now := s.now()
		account.State, account.SuspendedAt = domain.AccountSuspended, &now
		if err := store.Change[domain.Account](tx, map[string]any{"state": account.State, "suspended_at": now}, store.Is("id", id)); err != nil {
			return err
		}
		if err := endOpen(tx, id, now); err != nil {
			return err
		}
		ended, err := revokeAll(tx, now, store.Is("person", account.Person))
		if err != nil {
			return err
		}
		return tx.Audit("suspendAccount", "account", id, now, domain.Detail(map[string]any{"ended": ended}))
	})
	s.store.Forget()
	return account, err
}

// endOpen ends an account's open invitation and recovery.
func endOpen(tx *store.Tx, account domain.ID, now time.Time) error {
	invitations, err := store.All[domain.Invitation](tx, "", store.Is("account_id", account), store.None("ended_at"))
	if err != nil {
		return err
	}
	for _, open := range invitations {
		if err := store.Change[domain.Invitation](tx, map[string]any{"ended_at": now}, store.Is("id", open.ID)); err != nil {
			return err
		}
	}
	recoveries, err := store.All[domain.Recovery](tx, "", store.Is("account_id", account), openRecovery)
	if err != nil {
		return err
	}
	for _, open := range recoveries {
		if err := endRecovery(tx, &open, domain.RecoveryWithdrawn, now); err != nil {
			return err
		}
	}
	return nil
}

// ResumeAccount lets a person who was kept out in again, by the means that they
// had; one who had none is to be invited again. Conflict if they are not kept out.
func (s *Service) ResumeAccount(ctx context.Context, actor domain.Actor, id domain.ID) (account domain.Account, err error) {
	err = s.write(ctx, actor, "resumeAccount", func(tx *store.Tx) error {
		if account, err = store.GetLocked[domain.Account](tx, id); err != nil {
			return err
		}
		if account.State != domain.AccountSuspended {
			return domain.Errorf(domain.Conflict, "wrong_state", "the account is not suspended")
		}
		account.State, account.SuspendedAt = domain.AccountActive, nil
		if account.ActiveSince == nil {
			account.State = domain.AccountInvited
		}
		if err := store.Change[domain.Account](tx, map[string]any{"state": account.State, "suspended_at": nil}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("resumeAccount", "account", id, s.now(), nil)
	})
	return account, err
}

// suspended gives why somebody is kept out, whichever way they come in; nil when
// they are not. Call it under lockAssignments.
func suspended(tx *store.Tx, name string) (refused, err error) {
	n, err := store.Count[domain.Account](tx, store.Is("person", name), store.Is("state", domain.AccountSuspended))
	if err == nil && n > 0 {
		refused = domain.Errorf(domain.Forbidden, "suspended", "your access is suspended: ask an administrator of your municipality")
	}
	return refused, err
}
