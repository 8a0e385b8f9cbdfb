package settlement

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
	"github.com/fasthold/fasthold/store"
)

// credible refuses a file that cannot be about what was paid: one of an account that
// was never the municipality's, or one of days that have not come.
func credible(tx *store.Tx, call store.Call, statements []camt.Statement) error {
	if err := ofOurAccount(tx, statements); err != nil {
		return err
	}
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	return happened(statements, domain.DateOf(call.At, loc))
}

// ofOurAccount refuses the statement of an account that payments never went out from.
// One that was replaced still has statements. A CSV file says no account.
func ofOurAccount(tx *store.Tx, statements []camt.Statement) error {
	settings, err := store.All[domain.PaymentSettings](tx, "number")
	if err != nil {
		return err
	}
	var f domain.Fields
	for _, said := range statements {
		ours := slices.ContainsFunc(settings, func(p domain.PaymentSettings) bool { return sameAccount(said.IBAN, p.IBAN) })
		switch {
		case said.Format == camt.CSV || ours:
		case len(settings) == 0:
			f.Add("file", "no_account", "the statement is of account %s, and the municipality's account is not entered yet: PUT /v1/payment-settings first", said.IBAN)
		default:
			f.Add("file", "other_account", "the statement is of account %s, the municipality pays from %s: send that account's alone, or, if the first is the municipality's too, enter it with PUT /v1/payment-settings",
				said.IBAN, settings[len(settings)-1].IBAN)
		}
	}
	return f.Err()
}

// happened refuses what is booked later than today at the site.
func happened(statements []camt.Statement, today domain.Date) error {
	for _, said := range statements {
		for _, e := range said.Entries {
			if today.Before(e.BookedOn) {
				return domain.InvalidField("file", "in_future", "line %d: an entry is booked on %s, and today is %s: send the statement when that day has come", e.Line, e.BookedOn, today)
			}
		}
		if today.Before(said.To) {
			return domain.InvalidField("file", "in_future", "the statement is until %s, and today is %s: send it when that day has come", said.To, today)
		}
	}
	return nil
}
