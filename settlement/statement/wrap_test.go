package statement

import (
	"bytes"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/fasthold/fasthold/domain"
)

// Whatever a text is, its lines fit, and together they are all of it.
func FuzzWrap(f *testing.F) {
	for _, text := range []string{"", "2026-DY4MD-7E3KQ", "Betalingen kom retur: beløbet overføres til næste afregning", strings.Repeat("Å", 90), "a  b\tc", "x" + strings.Repeat(" y", 50)} {
		f.Add(text)
	}
	p := &sheet{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.SetFont("go", "", 8)
	f.Fuzz(func(t *testing.T, text string) {
		lines := p.wrap(text, columns[5])
		if len(lines) < mostLines {
			require.Equal(t, strings.Join(strings.Fields(plane(text)), ""), strings.ReplaceAll(strings.Join(lines, ""), " ", ""))
		}
		for _, line := range lines {
			require.LessOrEqual(t, p.GetStringWidth(line), columns[5])
		}
	})
}

// A statement by which nothing is paid never says that something will be; one by
// invoice says where the invoice goes and what must stand on it.
func TestWhatIsSaidOfPayment(t *testing.T) {
	s := Statement{Number: "2026-0014-01", Total: 100, Method: domain.ByBank, Payer: Payer{Name: "Varde Kommune", CVR: "29189811", GLN: "5798000000005"}}
	said := func(s Statement) string {
		var out bytes.Buffer
		for _, fact := range s.facts(s.words()) {
			out.WriteString(fact[0] + ": " + fact[1] + "\n")
		}
		return out.String()
	}
	require.Equal(t, "Til udbetaling", s.sum(s.words()))
	require.Contains(t, said(s), "Betaler: Varde Kommune, CVR 29189811\n")
	for name, p := range map[string]Payment{"bounced": {Returned: true}, "reversed": {Reversed: true}, "forward": {Forward: true}} {
		s.Payment = p
		require.Equal(t, "Overføres til næste afregning", s.sum(s.words()), name)
	}
	s.Payment, s.Method = Payment{}, domain.ByInvoice
	require.Contains(t, said(s), "Faktura sendes til: Varde Kommune, CVR 29189811\nGLN: 5798000000005\nPå fakturaen: Skriv 2026-0014-01 på fakturaen\n")
	s.Language = English
	require.Contains(t, said(s), "Write 2026-0014-01 on the invoice")
	s.Payment.Reversed = true
	require.NotContains(t, said(s), "invoice", "nobody is to send one")
}
