package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// MostMoney is the largest limit that a terminal can have: 1,000,000 kr.
const MostMoney = 100_000_000

// CheckLimits notes limits that are out of range; least is the smallest that each
// may be.
func CheckLimits(f *domain.Fields, l domain.Limits, least int64) {
	for _, limit := range []struct {
		field string
		most  int64
	}{{"most_per_voucher", l.MostPerVoucher}, {"most_per_hour", l.MostPerHour}, {"most_per_day", l.MostPerDay}} {
		f.Check(limit.most >= least && limit.most <= MostMoney, limit.field, "out_of_range", "must be %d to %d, in minor units", least, MostMoney)
	}
}

// TerminalInput is what is said about a new till.
type TerminalInput struct {
	Label    string
	BranchID domain.ID // where it stands; zero: in the partner's only branch
}

// CreateTerminal adds a till to a partner, which waits for its device, and makes
// the code that lets it in. Conflict if the partner has a till with that label.
func (s *Service) CreateTerminal(ctx context.Context, actor domain.Actor, partnerID domain.ID, input TerminalInput) (in TerminalInvitation, err error) {
	err = s.write(ctx, actor, "createTerminal", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Partner](tx, partnerID); err != nil {
			return err
		}
		var f domain.Fields
		label := f.Clean("label", input.Label, 100, false)
		if err := f.Err(); err != nil {
			return err
		}
		branch, err := branchFor(tx, partnerID, input.BranchID)
		if err != nil {
			return err
		}
		terminal := domain.Terminal{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), PartnerID: partnerID, BranchID: branch, Label: label, State: domain.TerminalWaiting, Version: 1, CreatedAt: s.now()}
		if err := store.Insert(tx, &terminal); err != nil {
			return err
		}
		if in, err = s.invite(tx, terminal); err != nil {
			return err
		}
		return tx.Audit("createTerminal", "terminal", terminal.ID, terminal.CreatedAt, domain.Detail(map[string]any{"partner": partnerID}))
	})
	if err != nil {
		return TerminalInvitation{}, err
	}
	return in, nil
}

// branchFor gives the partner's branch that was named, or its only one.
func branchFor(tx *store.Tx, partner, named domain.ID) (domain.ID, error) {
	if named != (domain.ID{}) {
		branch, err := store.Refer(tx, "branch_id", named, func(b domain.Branch) bool { return b.PartnerID == partner })
		return branch.ID, err
	}
	branches, more, err := store.List[domain.Branch](tx, store.Page{Limit: 1}, store.Is("partner_id", partner))
	if err != nil {
		return named, err
	}
	if len(branches) == 0 || more {
		return named, domain.InvalidField("branch_id", "required", "must say in which branch it stands: the partner has more than one, or none yet")
	}
	return branches[0].ID, nil
}

// RenewTerminalCode makes another code for a till: the one before was lost, or
// its device is replaced, whose key stops working at once. Conflict if the till
// is revoked.
func (s *Service) RenewTerminalCode(ctx context.Context, actor domain.Actor, id domain.ID) (in TerminalInvitation, err error) {
	err = s.write(ctx, actor, "renewTerminalCode", func(tx *store.Tx) error {
		terminal, err := unrevoked(tx, id)
		if err != nil {
			return err
		}
		terminal.State = domain.TerminalWaiting
		terminal.Version++
		if err := store.Change[domain.Terminal](tx, map[string]any{"state": terminal.State, "version": terminal.Version}, store.Is("id", id)); err != nil {
			return err
		}
		now := s.now()
		if err := revokeKeys(tx, id, now); err != nil {
			return err
		}
		if in, err = s.invite(tx, terminal); err != nil {
			return err
		}
		return tx.Audit("renewTerminalCode", "terminal", id, now, domain.Detail(map[string]any{"partner": terminal.PartnerID}))
	})
	s.store.Forget()
	if err != nil {
		return TerminalInvitation{}, err
	}
	return in, nil
}

// TerminalChange says what to change; nil stays as it is.
type TerminalChange struct {
	Label          *string
	BranchID       *domain.ID // a branch of the same partner
	MostPerVoucher *int64     // minor units; 0: the municipality's
	MostPerHour    *int64
	MostPerDay     *int64
}

// UpdateTerminal changes a till's label, its branch and its limits, which count from
// the next redemption on. Stale unless version is the one last read; Conflict if it is
// revoked.
func (s *Service) UpdateTerminal(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change TerminalChange) (terminal domain.Terminal, err error) {
	err = s.write(ctx, actor, "updateTerminal", func(tx *store.Tx) error {
		if terminal, err = unrevoked(tx, id); err != nil {
			return err
		}
		domain.Set(&terminal.Label, change.Label)
		if change.BranchID != nil {
			if terminal.BranchID, err = branchFor(tx, terminal.PartnerID, *change.BranchID); err != nil {
				return err
			}
		}
		domain.Set(&terminal.MostPerVoucher, change.MostPerVoucher)
		domain.Set(&terminal.MostPerHour, change.MostPerHour)
		domain.Set(&terminal.MostPerDay, change.MostPerDay)
		var f domain.Fields
		terminal.Label = f.Clean("label", terminal.Label, 100, false)
		CheckLimits(&f, terminal.Limits, 0)
		if err := f.Err(); err != nil {
			return err
		}
		terminal.Version = version + 1
		limits := map[string]any{"most_per_voucher": terminal.MostPerVoucher, "most_per_hour": terminal.MostPerHour, "most_per_day": terminal.MostPerDay}
		limits["branch"] = terminal.BranchID
		detail := domain.Detail(limits)
		delete(limits, "branch")
		limits["label"], limits["branch_id"] = terminal.Label, terminal.BranchID
		if err := store.Set[domain.Terminal](tx, id, version, limits); err != nil {
			return err
		}
		return tx.Audit("updateTerminal", "terminal", id, s.now(), detail)
	})
	return terminal, err
}

// RevokeTerminal takes a lost or retired till out of service, with its keys and
// its code: at once here, and everywhere when it wants to redeem. Conflict if it
// is already.
func (s *Service) RevokeTerminal(ctx context.Context, actor domain.Actor, id domain.ID) (terminal domain.Terminal, err error) {
	err = s.write(ctx, actor, "revokeTerminal", func(tx *store.Tx) error {
		if terminal, err = unrevoked(tx, id); err != nil {
			return err
		}
		terminal.State = domain.TerminalRevoked
		terminal.Version++
		if err := store.Change[domain.Terminal](tx, map[string]any{"state": terminal.State, "version": terminal.Version}, store.Is("id", id)); err != nil {
			return err
		}
		now := s.now()
		if err := revokeKeys(tx, id, now); err != nil {
			return err
		}
		return tx.Audit("revokeTerminal", "terminal", id, now, domain.Detail(map[string]any{"partner": terminal.PartnerID}))
	})
	s.store.Forget()
	return terminal, err
}

// unrevoked reads a terminal that can still be changed, and locks it.
func unrevoked(tx *store.Tx, id domain.ID) (domain.Terminal, error) {
	terminal, err := store.GetLocked[domain.Terminal](tx, id)
	if err == nil && terminal.State == domain.TerminalRevoked {
		err = domain.Errorf(domain.Conflict, "already_revoked", "the terminal is revoked already")
	}
	return terminal, err
}

// revokeKeys makes the keys of a terminal's devices worthless.
func revokeKeys(tx *store.Tx, terminal domain.ID, now time.Time) error {
	tokens, err := store.All[domain.Token](tx, "id", store.Is("terminal_id", terminal), store.None("revoked_at"))
	if err != nil {
		return err
	}
	for _, token := range tokens {
		if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": now}, store.Is("id", token.ID)); err != nil {
			return err
		}
	}
	return nil
}

// Terminal gives one terminal; to a partner only its own.
func (s *Service) Terminal(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Terminal, error) {
	return store.One(ctx, s.store, s.call(actor, "getTerminal"), id, func(t domain.Terminal) bool { return actor.Serves(t.PartnerID) })
}

// Terminals lists a partner's terminals, newest first, in any state when state
// is empty; to a partner only its own.
func (s *Service) Terminals(ctx context.Context, actor domain.Actor, partnerID domain.ID, page store.Page, state string) (l store.Listed[domain.Terminal], err error) {
	err = s.read(ctx, actor, "listTerminals", func(tx *store.Tx) error {
		if !actor.Serves(partnerID) {
			return domain.OutOfReach()
		}
		if _, err := store.Get[domain.Partner](tx, partnerID); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.Terminal](tx, page, store.Is("partner_id", partnerID), store.Eq("state", state))
		return err
	})
	return l, err
}
