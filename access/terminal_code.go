package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// A terminal's code is 16 of domain.Symbols, 80 random bits, in groups that can
// be read aloud. It lets one device in, within a day.
const (
	terminalSymbols   = 16
	terminalGroup     = 4
	terminalCodeLasts = 24 * time.Hour
)

// TerminalInvitation is a terminal with the code for its device, which is told here and
// never again.
type TerminalInvitation struct {
	domain.Terminal
	Code  string // XXXX-XXXX-XXXX-XXXX
	Until time.Time
}

// newTerminalCode makes a code's text and the hash that is kept.
func newTerminalCode() (text string, hash []byte) {
	raw := make([]byte, terminalSymbols)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	var b strings.Builder
	for i, v := range raw {
		if i > 0 && i%terminalGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(domain.Symbols[v&31])
	}
	return b.String(), hashTerminalCode(b.String())
}

// hashTerminalCode gives the hash of a code as it was typed or scanned; nil when
// it can be none. It forgives case, spaces and dashes, O for 0, and I or L for 1.
func hashTerminalCode(text string) []byte {
	if len(text) > 8*terminalSymbols {
		return nil
	}
	values := make([]byte, 0, terminalSymbols)
	for _, r := range text {
		if domain.Separates(r) {
			continue
		}
		v, ok := domain.SymbolValue(r)
		if !ok || len(values) == terminalSymbols {
			return nil
		}
		values = append(values, v)
	}
	if len(values) < terminalSymbols {
		return nil
	}
	sum := sha256.Sum256(append([]byte("terminal code 1: "), values...))
	return sum[:]
}

// invite makes a terminal's new code, in the place of the one before.
func (s *Service) invite(tx *store.Tx, terminal domain.Terminal) (TerminalInvitation, error) {
	now := s.now()
	in := TerminalInvitation{Terminal: terminal, Until: now.Add(terminalCodeLasts)}
	code := domain.TerminalCode{MunicipalityID: terminal.MunicipalityID, TerminalID: terminal.ID, CreatedBy: tx.Actor().Person, CreatedAt: now, ExpiresAt: in.Until}
	in.Code, code.Hash = newTerminalCode()
	_, err := store.First[domain.TerminalCode](tx, store.Is("terminal_id", terminal.ID))
	if domain.KindOf(err) == domain.NotFound {
		return in, store.Insert(tx, &code)
	}
	if err != nil {
		return in, err
	}
	return in, store.Change[domain.TerminalCode](tx, map[string]any{"hash": code.Hash, "created_by": code.CreatedBy, "created_at": now, "expires_at": code.ExpiresAt},
		store.Is("terminal_id", terminal.ID))
}

// Device is what asks to be let in, before it is known who it is.
type Device struct {
	Address   string // the network address it came from
	RequestID string // ties the audit entry to the request's log line
}

// Enrolled is a terminal whose device was let in, and its key, which is told
// here and never again.
type Enrolled struct {
	domain.Terminal
	Partner      domain.Partner
	Municipality domain.Municipality
	Key          string
}

// EnrolTerminal lets in the device that has a terminal's code, once, and gives it
// a key of its own. Whatever is wrong with a code the answer is the same,
// NotFound "invalid_code"; who sends wrong ones is slowed down (Guesses).
func (s *Service) EnrolTerminal(ctx context.Context, from Device, code string) (Enrolled, error) {
	now, sender := s.clock(), "address:"+Network(from.Address)
	if err := s.guesses.Check(now, sender); err != nil {
		return Enrolled{}, err
	}
	in, err := s.enrolTerminal(ctx, from, hashTerminalCode(code))
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Conflict: // none has it, or another device was faster
		s.guesses.Wrong(now, sender)
		return Enrolled{}, domain.Errorf(domain.NotFound, "invalid_code", "no terminal waits for this code: type it again with care, or ask for a new one; it works once, within a day")
	}
	return in, err
}

func (s *Service) enrolTerminal(ctx context.Context, from Device, hash []byte) (in Enrolled, err error) {
	if hash == nil {
		return in, domain.Errorf(domain.NotFound, "not_found", "no terminal has a code like this")
	}
	municipality, id, err := s.store.TerminalOfCode(ctx, hash)
	if err != nil {
		return in, err
	}
	actor := domain.Actor{
		MunicipalityID: municipality, Person: domain.TerminalPerson + id.String(), Kind: domain.ByTerminal, Role: domain.PartnerRole, TerminalID: id,
		Address: from.Address, RequestID: from.RequestID,
	}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		now := s.now()
		if err := tx.UseCode(id, hash, now); err != nil {
			return err
		}
		if in, err = s.admit(tx, id, now); err != nil {
			return err
		}
		return tx.Audit("enrolTerminal", "terminal", id, now, domain.Detail(map[string]any{"partner": in.PartnerID}))
	})
	if err != nil {
		return Enrolled{}, err
	}
	return in, nil
}

// admit makes the key of a waiting terminal's device.
func (s *Service) admit(tx *store.Tx, id domain.ID, now time.Time) (in Enrolled, err error) {
	if in.Terminal, err = store.GetLocked[domain.Terminal](tx, id); err != nil {
		return in, err
	}
	if in.Partner, err = store.Get[domain.Partner](tx, in.PartnerID); err != nil {
		return in, err
	}
	if in.Municipality, err = store.First[domain.Municipality](tx); err != nil {
		return in, err
	}
	err = store.Change[domain.Terminal](tx, map[string]any{"state": domain.TerminalActive, "enrolled_at": now, "version": in.Terminal.Version + 1},
		store.Is("id", id), store.Is("state", domain.TerminalWaiting))
	if err != nil {
		return in, err
	}
	in.State, in.EnrolledAt, in.Terminal.Version = domain.TerminalActive, &now, in.Terminal.Version+1
	token := domain.Token{
		MunicipalityID: in.Terminal.MunicipalityID, ID: store.NewID(), Kind: domain.ByTerminal, Person: domain.TerminalPerson + id.String(), Role: domain.PartnerRole,
		PartnerID: &in.PartnerID, TerminalID: &id, CreatedAt: now,
	}
	in.Key, token.Hash = newSecret(token.Kind, in.Terminal.MunicipalityID)
	return in, store.Insert(tx, &token)
}
