package settlement

import "github.com/fasthold/fasthold/store"

// VerifyBank checks that every statement closes with its opening balance and its
// entries, and that what is matched is: the same amount and currency, a settlement
// that was paid or came back, and no payment confirmed without an entry. It gives how
// many entries there are, and calls differ for what is not so.
func VerifyBank(tx *store.Tx, differ func(format string, args ...any)) (entries int, err error) {
	found, entries, err := tx.BankFaults(mostFaults)
	for _, f := range found {
		differ("%s %s: %s", f.Thing, f.ID, f.What)
	}
	return entries, err
}
