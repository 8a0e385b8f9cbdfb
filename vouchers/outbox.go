package vouchers

import (
	"context"
	"errors"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Post sends a mail that says only that there is something to read.
type Post func(ctx context.Context, address string) error

const (
	firstRetry = time.Minute   // longer than an attempt may take
	lastRetry  = 6 * time.Hour // between attempts once many have failed; it is never given up
)

// SendMail sends what is due, one mail to an address however many notices wait
// for it, and gives how many were sent. What is killed half-way is sent again:
// better twice than never. A failure is tried again later, ever less often.
func (s *Service) SendMail(ctx context.Context, municipality domain.ID, post Post) (sent int, err error) {
	var failed error
	for {
		claimed, err := s.claimMail(ctx, municipality)
		if err != nil || len(claimed) == 0 {
			return sent, errors.Join(failed, err)
		}
		if err := post(ctx, claimed[0].Address); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if err := s.noteSent(ctx, municipality, claimed); err != nil {
			return sent, errors.Join(failed, err)
		}
		sent++
	}
}

// claimMail takes what is due to one address; nothing when nothing is, or when
// another server was faster.
func (s *Service) claimMail(ctx context.Context, municipality domain.ID) (claimed []domain.Mail, err error) {
	var due domain.Mail
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		rows, err := store.All[domain.Mail](tx, "next_at", store.None("sent_at"), store.To("next_at", s.now()))
		if len(rows) > 0 {
			due = rows[0]
		}
		return err
	})
	if err != nil || due.Address == "" {
		return nil, err
	}
	err = s.store.Write(ctx, mailJob(municipality), func(tx *store.Tx) error {
		now := s.now()
		if claimed, err = tx.ClaimMail(due.Address, now, now.Add(retry(due.Attempts))); err != nil {
			return err
		}
		return tx.Audit("sendMail", "notice", due.NoticeID, now, domain.Detail(map[string]any{"attempt": due.Attempts + 1}))
	})
	return claimed, err
}

// retry is how long to wait after so many attempts before this one.
func retry(attempts int) time.Duration {
	return min(firstRetry<<min(attempts, 10), lastRetry)
}

// noteSent notes that what was claimed is sent.
func (s *Service) noteSent(ctx context.Context, municipality domain.ID, mails []domain.Mail) error {
	return s.store.Write(ctx, mailJob(municipality), func(tx *store.Tx) error {
		now := s.now()
		for _, m := range mails {
			if err := store.Change[domain.Mail](tx, map[string]any{"sent_at": now}, store.Is("id", m.ID)); err != nil {
				return err
			}
		}
		return tx.Audit("mailSent", "notice", mails[0].NoticeID, now, domain.Detail(map[string]any{"notices": len(mails)}))
	})
}

// mailJob is who sends mail.
func mailJob(municipality domain.ID) domain.Actor {
	return domain.Actor{MunicipalityID: municipality, Person: domain.SystemPerson + "mail", Role: domain.System}
}
