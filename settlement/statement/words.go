package statement

// words are those of one language.
type words struct {
	title, draftTitle, number, period, made, reference, to, account, payment               string
	purchases, reversals, purchase, manyPurchases, reversal, manyReversals, carried, total string
	owed                                                                                   string // in the stead of total, when nothing is paid
	payer, billTo, onInvoice, bears                                                        string // of invoices: to whom, and what stands on them
	date, clock, kind, branch, till, receipt, voucher, amount, currency, redeemed, undone  string
	perBranch, noBranch, sum, page, questions, none                                        string
	draft, forward, returned, reversed, paid, executes, invoice, waits                     string
	statement                                                                              string // the heading of its number in CSV
}

var texts = map[string]words{
	Danish: {
		title: "Afregning", draftTitle: "Afregning, kladde", number: "Afregningsnummer", period: "Periode", made: "Dannet", reference: "Betalingsreference",
		to: "Til", account: "Udbetales til konto", payment: "Betaling",
		purchases: "Indløste gavekort", reversals: "Tilbageførsler", purchase: "køb", manyPurchases: "køb", reversal: "tilbageført", manyReversals: "tilbageført",
		carried: "Overført fra tidligere afregning", total: "Til udbetaling", owed: "Overføres til næste afregning",
		payer: "Betaler", billTo: "Faktura sendes til", onInvoice: "På fakturaen", bears: "Skriv %s på fakturaen",
		date: "Dato", clock: "Kl.", kind: "Art", branch: "Butik", till: "Kasse", receipt: "Bon", voucher: "Gavekort", amount: "Beløb", currency: "Valuta", redeemed: "Indløst", undone: "Tilbageført",
		perBranch: "Pr. butik", noBranch: "Uden butik", sum: "I alt", page: "Side %d af {alle}", questions: "Spørgsmål til afregningen: %s", none: "Der er ingen køb eller tilbageførsler i perioden.",
		draft: "Kladde: afregningen er ikke godkendt", forward: "Intet udbetales: beløbet overføres til næste afregning", returned: "Betalingen kom retur: beløbet overføres til næste afregning",
		reversed: "Trukket tilbage: beløbet overføres til næste afregning", paid: "Betalt %s", executes: "Betales %s", invoice: "Betales, når fakturaen er modtaget", waits: "Godkendt, endnu ikke betalt",
		statement: "Afregning",
	},
	English: {
		title: "Statement", draftTitle: "Statement, draft", number: "Statement number", period: "Period", made: "Made", reference: "Payment reference",
		to: "To", account: "Paid to account", payment: "Payment",
		purchases: "Redeemed vouchers", reversals: "Reversals", purchase: "purchase", manyPurchases: "purchases", reversal: "reversal", manyReversals: "reversals",
		carried: "Carried over from earlier statements", total: "To be paid", owed: "Carried over to the next statement",
		payer: "Payer", billTo: "Send the invoice to", onInvoice: "On the invoice", bears: "Write %s on the invoice",
		date: "Date", clock: "Time", kind: "Kind", branch: "Branch", till: "Till", receipt: "Receipt", voucher: "Voucher", amount: "Amount", currency: "Currency", redeemed: "Redeemed", undone: "Reversed",
		perBranch: "By branch", noBranch: "In no branch", sum: "Total", page: "Page %d of {alle}", questions: "Questions about this statement: %s", none: "There are no purchases or reversals in the period.",
		draft: "Draft: the statement is not approved", forward: "Nothing is paid: the amount goes into the next statement", returned: "The payment came back: the amount goes into the next statement",
		reversed: "Withdrawn: the amount goes into the next statement", paid: "Paid on %s", executes: "To be paid on %s", invoice: "Paid when the invoice is received", waits: "Approved, not paid yet",
		statement: "Statement",
	},
}

// words gives those of the statement's language; Danish, unless it is English.
func (s Statement) words() words {
	if s.Language == English {
		return texts[English]
	}
	return texts[Danish]
}
