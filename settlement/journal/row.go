package journal

import (
	"maps"
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// Row is one posting, with what it is called.
type Row struct {
	BookedOn      domain.Date
	Entry         string // the entry's ID, as the API writes it
	Posting       string // the posting's
	Event         ledger.Event
	Account       ledger.Account
	AccountString string
	Amount        int64 // minor units; debit > 0, credit < 0
	Currency      string
	Programme     string
	Unit          string
	Partner       string
	CVR           string // the partner's
	BudgetYear    int    // 0: no budget
	Settlement    string // the number of the settlement that is paid; "": none is
}

// texts are what the books call each event, in Danish as the ledger is.
var texts = map[ledger.Event]string{
	ledger.Reserving: "Reserveret", ledger.Releasing: "Reservation frigivet", ledger.Issuing: "Gavekort udstedt", ledger.Redeeming: "Gavekort indløst",
	ledger.Reversing: "Indløsning tilbageført", ledger.Expiring: "Gavekort udløbet", ledger.Voiding: "Gavekort annulleret", ledger.Reissuing: "Gavekort genudstedt",
	ledger.Disallowing: "Indløsning afvist", ledger.Paying: "Udbetalt til butik", ledger.Bouncing: "Udbetaling retur",
}

// sources are what a column can say of a row; amounts and the texts of columns are
// written by the Writer.
var sources = map[string]func(Row, Layout) string{
	"booked_on": func(r Row, l Layout) string { return r.BookedOn.In(utc).Format(Dates[l.Dates]) },
	"document": func(r Row, _ Layout) string {
		if r.Settlement != "" {
			return r.Settlement
		}
		return r.BookedOn.In(utc).Format("20060102")
	},
	"entry":          func(r Row, _ Layout) string { return r.Entry },
	"posting":        func(r Row, _ Layout) string { return r.Posting },
	"event":          func(r Row, _ Layout) string { return string(r.Event) },
	"text_of_event":  func(r Row, _ Layout) string { return texts[r.Event] },
	"account":        func(r Row, _ Layout) string { return string(r.Account) },
	"account_string": func(r Row, _ Layout) string { return r.AccountString },
	"currency":       func(r Row, _ Layout) string { return r.Currency },
	"programme":      func(r Row, _ Layout) string { return domain.SafeCell(r.Programme) },
	"unit":           func(r Row, _ Layout) string { return domain.SafeCell(r.Unit) },
	"partner":        func(r Row, _ Layout) string { return domain.SafeCell(r.Partner) },
	"partner_cvr":    func(r Row, _ Layout) string { return r.CVR },
	"settlement":     func(r Row, _ Layout) string { return r.Settlement },
	"budget_year": func(r Row, _ Layout) string {
		if r.BudgetYear == 0 {
			return ""
		}
		return strconv.Itoa(r.BudgetYear)
	},
	"debit": nil, "credit": nil, "amount": nil, "text": nil,
}

// perPosting are sources that tell rows apart which are to be one.
var perPosting = map[string]bool{"entry": true, "posting": true}

// Sources lists what a column can say.
func Sources() []string { return slices.Sorted(maps.Keys(sources)) }
