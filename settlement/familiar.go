package settlement

import (
	"slices"
	"strings"
	"unicode"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
	"github.com/fasthold/fasthold/store"
)

// familiar knows what of a bank's text is about a partner. The account may be used
// for more than settlements: of an entry that names no partner and no settlement
// only the amount, the day and the references are kept, since what else it says is
// nobody's business here.
type familiar []partnerWords

// partnerWords are the words by which a partner is known.
type partnerWords struct {
	id              domain.ID
	name, cvr, iban string
}

func familiarWith(partners []domain.Partner) familiar {
	known := make(familiar, len(partners))
	for i, p := range partners {
		known[i] = partnerWords{p.ID, plainName(p.Name), p.CVR, p.IBAN}
	}
	return known
}

// entryRow makes the row of an entry.
func (known familiar) entryRow(e camt.Entry, of domain.BankStatement, number int) domain.BankEntry {
	row := domain.BankEntry{
		MunicipalityID: of.MunicipalityID, ID: store.NewID(), StatementID: of.ID, Number: number, Line: e.Line, Amount: e.Amount, Currency: of.Currency, BookedOn: e.BookedOn,
		EndToEndID: e.EndToEndID, Returned: e.Returned, ReturnReason: e.Reason, Party: e.Party, PartyIBAN: e.PartyIBAN, Text: e.Text, Reference: e.Reference,
		State: domain.EntryUnmatched, Version: 1, CreatedAt: of.CreatedAt,
	}
	if !domain.SettlementNumbers.MatchString(row.EndToEndID+" "+row.Text) && !slices.ContainsFunc(known, func(p partnerWords) bool { return len(p.in(row)) > 0 }) {
		row.Party, row.PartyIBAN, row.Text = "", "", ""
	}
	return row
}

// The reasons for which an entry may be about a settlement.
const (
	sameNumber   = "number" // the entry says the settlement's number
	sameAmount   = "amount"
	sameIBAN     = "iban"
	sameCVR      = "cvr"
	sameName     = "name"
	nearDate     = "date"
	OtherAccount = "other_account" // speaks against it: the bank says another account than was approved
)

// in says by which of a partner's words an entry names it.
func (p partnerWords) in(e domain.BankEntry) (reasons []string) {
	if p.iban != "" && sameAccount(e.PartyIBAN, p.iban) {
		reasons = append(reasons, sameIBAN)
	}
	if p.cvr != "" && hasWord(e.Text, p.cvr) {
		reasons = append(reasons, sameCVR)
	}
	const shortest = 4 // letters of a name that says something
	if party, text := plainName(e.Party), plainName(e.Text); len(p.name) >= shortest &&
		(strings.Contains(party+" | "+text, p.name) || len(party) >= shortest && strings.Contains(p.name, party)) {
		reasons = append(reasons, sameName)
	}
	return reasons
}

// sameAccount compares an account number, or an IBAN, with an IBAN.
func sameAccount(account, iban string) bool {
	return account == iban || strings.HasPrefix(iban, "DK") && account != "" && account == iban[4:]
}

// hasWord reports whether a text has a word of digits, not as part of a longer one.
func hasWord(text, word string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if w == word {
			return true
		}
	}
	return false
}

// plainName brings names to one form: small letters, words with one space between
// them, without the form of the company.
func plainName(name string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(name, "/", "")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(companyForms, w) })
	return strings.Join(words, " ")
}

var companyForms = []string{"aps", "as", "is", "ivs", "amba", "ks", "smba"}
