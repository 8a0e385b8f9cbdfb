package camt

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// readEntry reads an Ntry. One with several transactions, each with its amount, is
// a batch and becomes an entry for each; one whose transactions have no amounts
// stays whole.
func readEntry(ntry *markup.Element, currency string) ([]Entry, error) {
	if err := booked(ntry); err != nil {
		return nil, err
	}
	amount, _, err := money(ntry, currency)
	if err != nil {
		return nil, err
	}
	whole := Entry{Line: ntry.Line, Amount: amount}
	if whole.BookedOn, err = day(ntry, "BookgDt"); err != nil {
		return nil, err
	}
	if whole.Reference, err = ntry.First([]string{"AcctSvcrRef"}, []string{"NtryRef"}); err != nil {
		return nil, err
	}
	if whole.Text, err = ntry.First([]string{"AddtlNtryInf"}); err != nil {
		return nil, err
	}
	switch reversal, err := ntry.First([]string{"RvslInd"}); {
	case err != nil:
		return nil, err
	case reversal == "true" || reversal == "1":
		whole.Returned = true
	case reversal != "" && reversal != "false" && reversal != "0":
		return nil, ntry.Errorf("RvslInd is %q: want true or false", markup.Shown(reversal))
	}
	entries, err := transactions(ntry, whole, currency)
	for i := range entries {
		entries[i].shorten()
	}
	return entries, err
}

// booked refuses what is announced and not booked: it is in no balance.
func booked(ntry *markup.Element) error {
	status, err := ntry.First([]string{"Sts", "Cd"}, []string{"Sts"})
	if err == nil && status != "BOOK" {
		err = ntry.Errorf("Sts is %q: only booked entries (BOOK) are read, ask the bank for the final statement", markup.Shown(status))
	}
	return err
}

// transactions takes an entry apart.
func transactions(ntry *markup.Element, whole Entry, currency string) ([]Entry, error) {
	details := ntry.All("NtryDtls", "TxDtls")
	var entries []Entry
	sum, priced := int64(0), 0
	for _, d := range details {
		entry := whole
		amount, err := transactionAmount(d, whole.Amount, currency)
		if err != nil {
			return nil, err
		}
		if amount != nil {
			entry.Amount = *amount
			sum += *amount
			priced++
		}
		if err := entry.details(d); err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	switch {
	case len(details) == 0, len(details) > 1 && priced == 0:
		return []Entry{whole}, nil
	case priced == 0: // one transaction, which is the entry
		return entries, nil
	case sum != whole.Amount || priced != len(details):
		return nil, ntry.Errorf("its transactions sum to %s, the entry is %s: ask the bank for the statement again", domain.FormatMoney(sum, currency), domain.FormatMoney(whole.Amount, currency))
	}
	return entries, nil
}

// transactionAmount is the amount of a transaction in the account's currency, nil
// when it says none. Its direction is the entry's unless it has its own.
func transactionAmount(d *markup.Element, whole int64, currency string) (*int64, error) {
	sign, err := direction(d)
	if err != nil {
		return nil, err
	}
	if sign == 0 {
		if sign = 1; whole < 0 {
			sign = -1
		}
	}
	for _, path := range [][]string{{"Amt"}, {"AmtDtls", "TxAmt", "Amt"}, {"AmtDtls", "InstdAmt", "Amt"}} {
		found, err := d.One(path...)
		if err != nil {
			return nil, err
		}
		if found == nil || found.Attribute("Ccy") != currency && path[0] == "AmtDtls" {
			continue // what was instructed in another currency is not what was booked
		}
		minor, _, err := amountIn(found, currency)
		if err != nil {
			return nil, err
		}
		minor *= sign
		return &minor, nil
	}
	return nil, nil //nolint:nilnil // it says no amount
}

// details reads who, what for and whether it came back.
func (e *Entry) details(d *markup.Element) (err error) {
	read := func(into *string, paths ...[]string) {
		if err != nil {
			return
		}
		var text string
		if text, err = d.First(paths...); text != "" {
			*into = text
		}
	}
	read(&e.EndToEndID, []string{"Refs", "EndToEndId"})
	if e.EndToEndID == "NOTPROVIDED" {
		e.EndToEndID = ""
	}
	read(&e.Reference, []string{"Refs", "AcctSvcrRef"})
	if err == nil && len(d.All("RtrInf")) > 0 {
		e.Returned = true
		read(&e.Reason, []string{"RtrInf", "Rsn", "Cd"}, []string{"RtrInf", "Rsn", "Prtry"})
	}
	// The other side of what went out, and of what came back of it, is the creditor.
	side := "Dbtr"
	if e.Amount < 0 || e.Returned {
		side = "Cdtr"
	}
	read(&e.Party, []string{"RltdPties", side, "Pty", "Nm"}, []string{"RltdPties", side, "Nm"})
	read(&e.PartyIBAN, []string{"RltdPties", side + "Acct", "Id", "IBAN"}, []string{"RltdPties", side + "Acct", "Id", "Othr", "Id"})
	e.PartyIBAN = strings.ToUpper(strings.ReplaceAll(e.PartyIBAN, " ", ""))
	if err != nil {
		return err
	}
	return e.remittance(d)
}

// remittance reads what was written to the payment, in as many lines as there are.
func (e *Entry) remittance(d *markup.Element) error {
	var lines []string
	for _, path := range [][]string{{"RmtInf", "Ustrd"}, {"RmtInf", "Strd", "CdtrRefInf", "Ref"}, {"AddtlTxInf"}} {
		for _, found := range d.All(path...) {
			text, err := found.Text()
			if err != nil {
				return err
			}
			lines = append(lines, text)
		}
	}
	if text := strings.Join(lines, " "); text != "" {
		e.Text = text
	}
	return nil
}

// longestText is how much of what was written to a payment is of use.
const longestText = 500

// shorten cuts an entry's texts to what is kept of them.
func (e *Entry) shorten() {
	for text, most := range map[*string]int{&e.Text: longestText, &e.Party: 140, &e.PartyIBAN: 40, &e.Reference: 140, &e.Reason: 40, &e.EndToEndID: 140} {
		if letters := []rune(*text); len(letters) > most {
			*text = string(letters[:most])
		}
	}
}
