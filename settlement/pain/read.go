package pain

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Read reads a file that Write has written: what is paid to whom, out of which
// account, and on which day. The error says why it is no such file, also when its
// payments are not as many, or come not to as much, as it says.
func Read(file string) (b Batch, err error) {
	var d document
	if err := xml.Unmarshal([]byte(file), &d); err != nil {
		return b, fmt.Errorf("read pain.001: %w", err)
	}
	b = Batch{MessageID: d.MessageID, ID: d.Batch.ID, Currency: d.Batch.Currency, Payer: Payer{Name: d.Batch.Payer.Name, IBAN: d.Batch.IBAN, BIC: d.Batch.BIC}}
	if b.ExecuteOn, err = domain.ParseDate(d.Batch.ExecuteOn); err != nil {
		return b, fmt.Errorf("read pain.001: %w", err)
	}
	var sum int64
	for _, t := range d.Batch.Transfers {
		p := Payment{EndToEndID: t.EndToEndID, Name: t.Creditor, IBAN: t.IBAN}
		if p.Amount, err = strconv.ParseInt(strings.Replace(t.Amount.Value, ".", "", 1), 10, 64); err != nil || decimal(p.Amount) != t.Amount.Value {
			return b, fmt.Errorf("read pain.001: payment %s is of %q", p.EndToEndID, t.Amount.Value)
		}
		if t.Amount.Currency != b.Currency {
			return b, fmt.Errorf("read pain.001: payment %s is in %q, the file in %q", p.EndToEndID, t.Amount.Currency, b.Currency)
		}
		if t.Text != nil {
			p.Text = t.Text.Line
		}
		sum += p.Amount
		b.Payments = append(b.Payments, p)
	}
	for _, said := range [][2]string{{d.Count, d.Sum}, {d.Batch.Count, d.Batch.Sum}} {
		if said != [2]string{strconv.Itoa(len(b.Payments)), decimal(sum)} {
			return b, fmt.Errorf("read pain.001: it says %s payments of %s, and has %d of %s", said[0], said[1], len(b.Payments), decimal(sum))
		}
	}
	return b, nil
}
