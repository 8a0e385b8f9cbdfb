package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
)

// Wrong codes are counted twice: in this process, which is asked before anything
// else and costs a right code nothing, and in the database, where all servers
// count together. A window's worth there is what one process allows in it, so
// that more servers do not allow more.
const (
	guessWindow = 10 * time.Minute
	mostGuesses = 80
)

// readCode gives the look-up hash of a code that we made, without any query. One
// that we did not make needs none either: it is counted against who sent it, in
// the database too where that answers.
func (s *Service) readCode(ctx context.Context, actor domain.Actor, text string) ([]byte, error) {
	if err := s.guesses.Check(s.clock(), senders(actor)...); err != nil {
		return nil, err
	}
	lookup, err := s.codes.Verify(text)
	if err != nil {
		return nil, s.wrongCode(ctx, actor)
	}
	return lookup.Hash, nil
}

// wrongCode counts a code that no voucher has and gives the answer to it. Who
// has used up a window on all servers together has no tries left on this one.
func (s *Service) wrongCode(ctx context.Context, actor domain.Actor) error {
	now := s.clock()
	s.guesses.Wrong(now, senders(actor)...)
	for _, sender := range senders(actor) {
		err := s.entry.Attempt(ctx, actor.MunicipalityID, "voucher code "+sender, mostGuesses, guessWindow)
		if domain.KindOf(err) == domain.TooMany {
			s.guesses.Stop(now, now.Add(guessWindow), sender)
			return access.TooManyGuesses()
		}
		if err != nil {
			break // the database is away: this process counts on, and what is wrong stays wrong
		}
	}
	return unknownCode()
}

// senders are whom a wrong code counts against: an enrolled till alone, for many
// shops may share an address, and none may stop its neighbours; others with the
// network that they come from.
func senders(actor domain.Actor) []string {
	list := []string{"token:" + actor.TokenID.String()}
	if actor.Address != "" && actor.TerminalID == (domain.ID{}) {
		list = append(list, "address:"+access.Network(actor.Address))
	}
	return list
}
