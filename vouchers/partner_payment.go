package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// PaymentInput says how a partner is paid: to an account, named by its IBAN or, a
// Danish one, by the bank's registration number and its own, or by invoice.
type PaymentInput struct {
	Method             string // domain.ByBank or domain.ByInvoice
	IBAN               string // with ByBank, unless the next two are given
	RegistrationNumber string // 4 digits
	AccountNumber      string // 1 to 10 digits
}

// account gives the IBAN that was named, or says what is wrong with it.
func (in PaymentInput) account(f *domain.Fields) string {
	danish := in.RegistrationNumber != "" || in.AccountNumber != ""
	switch {
	case in.Method == domain.ByInvoice:
		f.Check(in.IBAN == "" && !danish, "iban", "contradiction", "must be left out, as any account, with the method %s", domain.ByInvoice)
		return ""
	case in.Method != domain.ByBank:
		f.Add("method", "unknown", "must be %s or %s", domain.ByBank, domain.ByInvoice)
		return ""
	case in.IBAN != "" && danish:
		f.Add("iban", "contradiction", "must be left out where the account has a registration number and an account number")
		return ""
	case danish:
		iban, ok := domain.DanishIBAN(in.RegistrationNumber, in.AccountNumber)
		f.Check(ok, "account_number", "invalid", "must be 1 to 10 digits, beside a registration_number of 4")
		return iban
	}
	return f.IBAN("iban", in.IBAN, false)
}

// SetPartnerPayment says how a partner is paid, from the next settlement that is
// made on. The audit entry has the accounts before and after with their last four
// letters. Stale unless version is the one last read.
func (s *Service) SetPartnerPayment(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in PaymentInput) (p domain.Partner, err error) {
	err = s.write(ctx, actor, "setPartnerPayment", func(tx *store.Tx) error {
		if p, err = store.Get[domain.Partner](tx, id); err != nil {
			return err
		}
		before := p.Payment
		var f domain.Fields
		p.Payment = domain.Payment{Method: in.Method, IBAN: in.account(&f)}
		if err := f.Err(); err != nil {
			return err
		}
		p.Version = version + 1
		if err := store.Set[domain.Partner](tx, id, version, map[string]any{"method": p.Method, "iban": p.IBAN}); err != nil {
			return err
		}
		return tx.Audit("setPartnerPayment", "partner", id, s.now(), domain.Detail(map[string]any{
			"method_before": before.Method, "iban_before": domain.MaskIBAN(before.IBAN), "method": p.Method, "iban": domain.MaskIBAN(p.IBAN),
		}))
	})
	return p, err
}
