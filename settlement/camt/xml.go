package camt

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

const spaces = "urn:iso:std:iso:20022:tech:xsd:"

// readXML reads a camt.053 file.
func readXML(data []byte) ([]Statement, error) {
	root, err := markup.Read(data, func(space string) bool { return space == spaces+Camt02 || space == spaces+Camt08 })
	if err != nil {
		return nil, err
	}
	format := strings.TrimPrefix(root.Space, spaces)
	if root.Name != "Document" || format != Camt02 && format != Camt08 {
		return nil, root.Errorf("it is %s, no bank statement of %s or %s: ask the bank for one of these, or for CSV", markup.Shown(root.Space), Camt02, Camt08)
	}
	found := root.All("BkToCstmrStmt", "Stmt")
	if len(found) == 0 {
		return nil, root.Errorf("BkToCstmrStmt/Stmt is missing: the file has no statement")
	}
	var statements []Statement
	entries := 0
	for _, e := range found {
		s, err := readStatement(e)
		if err != nil {
			return nil, err
		}
		s.Format = format
		if entries += len(s.Entries); entries > maxEntries {
			return nil, e.Errorf("the file has more than %d entries: ask the bank for fewer days at a time", maxEntries)
		}
		statements = append(statements, s)
	}
	return statements, nil
}

func readStatement(e *markup.Element) (s Statement, err error) {
	id, err := e.Need("Id")
	if err != nil {
		return s, err
	}
	if s.Reference, err = id.Text(); err != nil {
		return s, err
	}
	if s.IBAN, err = e.First([]string{"Acct", "Id", "IBAN"}, []string{"Acct", "Id", "Othr", "Id"}); err != nil {
		return s, err
	}
	if s.IBAN = strings.ToUpper(strings.ReplaceAll(s.IBAN, " ", "")); s.IBAN == "" || s.Reference == "" {
		return s, e.Errorf("Id or Acct/Id is empty: ask the bank for a complete statement")
	}
	if err := s.balances(e); err != nil {
		return s, err
	}
	sum := s.Opening
	for _, ntry := range e.All("Ntry") {
		taken, err := readEntry(ntry, s.Currency)
		if err != nil {
			return s, err
		}
		for _, entry := range taken {
			sum += entry.Amount
			s.From, s.To = widest(s.From, s.To, entry.BookedOn)
		}
		if s.Entries = append(s.Entries, taken...); len(s.Entries) > maxEntries {
			return s, ntry.Errorf("the statement has more than %d entries: ask the bank for fewer days at a time", maxEntries)
		}
	}
	if sum != s.Closing {
		return s, e.Errorf("the opening balance %s and the entries give %s, the closing balance is %s: entries are missing, ask the bank for the whole statement",
			domain.FormatMoney(s.Opening, s.Currency), domain.FormatMoney(sum, s.Currency), domain.FormatMoney(s.Closing, s.Currency))
	}
	return s, nil
}

// widest widens the days from and to by a day; zero days are not set.
func widest(from, to, day domain.Date) (first, last domain.Date) {
	if from.IsZero() || day.Before(from) {
		from = day
	}
	if to.IsZero() || to.Before(day) {
		to = day
	}
	return from, to
}

// balances reads the opening and the closing balance, the currency, and the days
// from the one to the other.
func (s *Statement) balances(e *markup.Element) error {
	found := map[string]*markup.Element{}
	for _, b := range e.All("Bal") {
		code, err := b.First([]string{"Tp", "CdOrPrtry", "Cd"})
		if err != nil {
			return err
		}
		if found[code] != nil && (code == "OPBD" || code == "CLBD" || code == "PRCD") {
			return b.Errorf("the balance %s is there more than once: ask the bank for one statement of the whole period", code)
		}
		found[code] = b
	}
	opening := found["OPBD"]
	if opening == nil {
		opening = found["PRCD"] // the closing balance of the day before
	}
	if opening == nil || found["CLBD"] == nil {
		return e.Errorf("the opening balance (OPBD) or the closing balance (CLBD) is missing: ask the bank for a statement with both")
	}
	var err error
	if s.Opening, s.Currency, err = money(opening, ""); err != nil {
		return err
	}
	if s.Closing, _, err = money(found["CLBD"], s.Currency); err != nil {
		return err
	}
	if s.To, err = day(found["CLBD"], "Dt"); err != nil {
		return err
	}
	if s.From, err = day(opening, "Dt"); err != nil {
		return err
	}
	if s.To.Before(s.From) {
		return e.Errorf("it begins on %s, after it ends on %s: ask the bank for the statement again", s.From, s.To)
	}
	if opening != found["OPBD"] {
		if s.From.Before(s.To) {
			s.From = s.From.AddDays(1) // the day after
		}
	}
	return nil
}

// money reads Amt and CdtDbtInd below e: minor units, above 0 when credited.
func money(e *markup.Element, currency string) (minor int64, code string, err error) {
	amount, err := e.Need("Amt")
	if err != nil {
		return 0, "", err
	}
	if minor, code, err = amountIn(amount, currency); err != nil {
		return 0, "", err
	}
	sign, err := direction(e)
	if err == nil && sign == 0 {
		err = e.Errorf("CdtDbtInd is missing: whether the amount came in or went out is not for us to guess")
	}
	return sign * minor, code, err
}

// amountIn reads an amount of the currency; "" takes any.
func amountIn(amount *markup.Element, currency string) (minor int64, code string, err error) {
	if minor, err = amount.Amount(); err != nil {
		return 0, "", err
	}
	if minor < 0 {
		return 0, "", amount.Errorf("the amount is below zero: CdtDbtInd says which way it went")
	}
	code = amount.Attribute("Ccy")
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return 0, "", amount.Errorf("Ccy must be an ISO 4217 code like DKK")
	}
	if currency != "" && code != currency {
		return 0, "", amount.Errorf("it is in %s, the account in %s: ask the bank for the booked amount", code, currency)
	}
	return minor, code, nil
}

// direction is 1 for what was credited, -1 for what was debited, 0 when e does not say.
func direction(e *markup.Element) (int64, error) {
	switch word, err := e.First([]string{"CdtDbtInd"}); {
	case err != nil || word == "":
		return 0, err
	case word == "CRDT":
		return 1, nil
	case word == "DBIT":
		return -1, nil
	default:
		return 0, e.Errorf("CdtDbtInd is %q: want CRDT or DBIT", markup.Shown(word))
	}
}

// day reads the date, or the date and time, of the element name below e.
func day(e *markup.Element, name string) (domain.Date, error) {
	for _, kind := range []string{"Dt", "DtTm"} {
		found, err := e.One(name, kind)
		if err != nil {
			return domain.Date{}, err
		}
		if found != nil {
			return found.Date()
		}
	}
	return domain.Date{}, e.Errorf("%s is missing: ask the bank for a complete statement", name)
}
