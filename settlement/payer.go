package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/pain"
	"github.com/fasthold/fasthold/store"
)

// PayerInput says who pays partners (domain.PaymentSettings).
type PayerInput struct {
	Name      string
	IBAN      string // spaces are taken out
	BIC       string
	CVR       string
	GLN       string // optional
	Agreement string // optional
}

// PaymentSettings gives who pays partners now; with Number 0 and nothing else when
// that was never said.
func (s *Service) PaymentSettings(ctx context.Context, actor domain.Actor) (p domain.PaymentSettings, err error) {
	err = s.store.Look(ctx, s.call(actor, "getPaymentSettings"), func(tx *store.Tx) error {
		p, err = payerNow(tx)
		return err
	})
	return p, err
}

// UpdatePaymentSettings says anew who pays; the next payment file is made with it.
// Stale unless number is that of those last read, 0 for the first.
func (s *Service) UpdatePaymentSettings(ctx context.Context, actor domain.Actor, number int64, in PayerInput) (p domain.PaymentSettings, err error) {
	call := s.call(actor, "updatePaymentSettings")
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		if p, err = in.checked(); err != nil {
			return err
		}
		now, err := payerNow(tx)
		if err != nil {
			return err
		}
		stale := domain.Errorf(domain.Stale, "stale", "someone else changed them meanwhile: read them again and repeat the change")
		if int64(now.Number) != number {
			return stale
		}
		p.MunicipalityID, p.Number, p.ChangedBy, p.CreatedAt = actor.MunicipalityID, now.Number+1, domain.Fold(actor.Person), call.At
		if err := store.Insert(tx, &p); store.IsDuplicate(err) { // two at once
			return stale
		} else if err != nil {
			return err
		}
		return tx.Audit(call.Action, "payment_settings", actor.MunicipalityID, call.At, domain.Detail(map[string]any{
			"number": p.Number, "iban": p.IBAN, "bic": p.BIC, "cvr": p.CVR, "gln": p.GLN, "agreement": p.Agreement,
		}))
	})
	return p, err
}

// checked cleans what is said, and names all that is wrong with it.
func (in PayerInput) checked() (domain.PaymentSettings, error) {
	var f domain.Fields
	p := domain.PaymentSettings{
		Name: f.Clean("name", in.Name, 140, false), IBAN: f.IBAN("iban", in.IBAN, false), BIC: f.BIC("bic", in.BIC, false),
		CVR: in.CVR, GLN: f.GLN("gln", in.GLN, true), Agreement: f.Clean("agreement", in.Agreement, 35, true),
	}
	f.Check(p.Name == "" || pain.Name(p.Name) != "", "name", "unreadable", "must have letters that banks take")
	f.Check(domain.ValidCVR(p.CVR), "cvr", "invalid", "must be a CVR number: 8 digits, as the business register has it")
	f.Check(p.Agreement == "" || pain.IsAgreement(p.Agreement), "agreement", "invalid", "must be the letters, digits and - that the bank has given")
	return p, f.Err()
}

// payerNow reads who pays.
func payerNow(tx *store.Tx) (domain.PaymentSettings, error) {
	all, err := store.All[domain.PaymentSettings](tx, "number")
	if err != nil || len(all) == 0 {
		return domain.PaymentSettings{}, err
	}
	return all[len(all)-1], nil
}
