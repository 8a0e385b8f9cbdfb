package statement_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/statement"
)

var copenhagen = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return loc
}()

// july is a statement of n purchases, of which every twentieth is reversed, in two
// branches, and its lines.
func july(n int) (statement.Statement, statement.Lines) {
	s := statement.Statement{
		Language: statement.Danish, Number: "2026-0007-01", Municipality: "Varde Kommune", Contact: "oekonomi@varde.example", Partner: "Rema Åbyhøj & Søn ApS", CVR: "12345674",
		Payer: statement.Payer{Name: "Varde Kommune", CVR: "29189811", GLN: "5798000000005"},
		From:  domain.Date{Year: 2026, Month: 7, Day: 1}, To: domain.Date{Year: 2026, Month: 7, Day: 31}, MadeOn: domain.Date{Year: 2026, Month: 8, Day: 3},
		Method: domain.ByBank, IBAN: "DK5000400440116243", Payment: statement.Payment{ExecuteOn: domain.Date{Year: 2026, Month: 8, Day: 5}},
		Zone: copenhagen, Currency: "DKK", CarriedIn: -12_50,
	}
	each := func(yield func(statement.Line) error) error {
		for i := range n {
			branch := []string{"Rema Åbyhøj, Silkeborgvej", "Rema Midtbyen", ""}[i%3]
			l := statement.Line{
				At: time.Date(2026, 7, 1, 7, 0, 0, 0, time.UTC).Add(time.Duration(i) * 31 * time.Minute), Kind: domain.LineRedemption,
				Branch: branch, Till: fmt.Sprintf("Kasse %d", i%4+1), Receipt: fmt.Sprintf("K%d-%06d", i%4+1, i), Serial: fmt.Sprintf("2026-DY4MD-%05d", i), Amount: int64(5_000 + i%777*25),
			}
			if err := yield(l); err != nil {
				return err
			}
			if i%20 == 10 {
				l.Kind, l.Amount, l.At = domain.LineReversal, -l.Amount, l.At.Add(7*time.Minute)
				if err := yield(l); err != nil {
					return err
				}
			}
		}
		return nil
	}
	_ = each(func(l statement.Line) error {
		part := &s.Redemptions
		if l.Kind == domain.LineReversal {
			part = &s.Reversals
		}
		part.Lines++
		part.Amount += l.Amount
		return nil
	})
	s.Total = s.Redemptions.Amount + s.Reversals.Amount + s.CarriedIn
	return s, each
}

func TestPDF(t *testing.T) {
	for name, change := range map[string]func(*statement.Statement){
		"danish":  func(*statement.Statement) {},
		"english": func(s *statement.Statement) { s.Language = statement.English },
		"draft":   func(s *statement.Statement) { s.Draft = true },
		"invoice": func(s *statement.Statement) { s.Method, s.IBAN, s.Payment = domain.ByInvoice, "", statement.Payment{} },
		"bounced": func(s *statement.Statement) { s.Payment.Returned = true },
	} {
		t.Run(name, func(t *testing.T) {
			s, lines := july(80)
			change(&s)
			var one, two bytes.Buffer
			require.NoError(t, statement.PDF(&one, s, lines))
			require.NoError(t, statement.PDF(&two, s, lines))
			require.Equal(t, one.Bytes(), two.Bytes(), "the same statement gives the same bytes")
			require.True(t, bytes.HasPrefix(one.Bytes(), []byte("%PDF-")))
			require.Len(t, regexp.MustCompile(`/Type /Page\b[^s]`).FindAll(one.Bytes(), -1), 3)
			if folder := os.Getenv("FASTHOLD_TEST_KEEP"); folder != "" { // to look at
				require.NoError(t, os.WriteFile(folder+"/"+name+".pdf", one.Bytes(), 0o600))
			}
		})
	}
}

// Ten thousand lines are a file of a few megabytes, and not many times that in memory.
func TestPDFOfManyLines(t *testing.T) {
	s, lines := july(10_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var size counter
	require.NoError(t, statement.PDF(&size, s, lines))
	runtime.ReadMemStats(&after)
	require.Less(t, int(size), 8<<20)
	require.Less(t, after.HeapSys-before.HeapSys, uint64(150<<20))
}

type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }

// Whatever the shops call themselves, there is a page.
func TestPDFOfOddNames(t *testing.T) {
	for _, name := range []string{"", "\x00\x1b", "🛒 Købmand", strings.Repeat("Købmandsgården ", 40), "商店", "\xff\xfe", "a\u0301"} {
		s, lines := july(3)
		s.Partner, s.Municipality = name, name
		require.NoError(t, statement.PDF(io.Discard, s, func(yield func(statement.Line) error) error {
			return lines(func(l statement.Line) error { l.Branch, l.Till, l.Receipt = name, name, name; return yield(l) })
		}), "%q", name)
	}
}

func TestNothingHappened(t *testing.T) {
	s, lines := july(0)
	require.NoError(t, statement.PDF(io.Discard, s, lines))
	var out bytes.Buffer
	require.NoError(t, statement.CSV(&out, s, lines))
	require.Equal(t, "\xef\xbb\xbfAfregning;Art;Dato;Kl.;Butik;Kasse;Bon;Gavekort;Beløb;Valuta\r\n"+
		"2026-0007-01;Overført fra tidligere afregning;;;;;;;-12,50;DKK\r\n2026-0007-01;I alt;;;;;;;-12,50;DKK\r\n", out.String())
}

func TestCSV(t *testing.T) {
	s, lines := july(11)
	s.Language = statement.English
	var out bytes.Buffer
	require.NoError(t, statement.CSV(&out, s, func(yield func(statement.Line) error) error {
		return lines(func(l statement.Line) error { l.Receipt = "=HYPERLINK(\"x\")"; return yield(l) })
	}))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\xef\xbb\xbf"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+12+2)
	require.Equal(t, []string{"Statement", "Kind", "Date", "Time", "Branch", "Till", "Receipt", "Voucher", "Amount", "Currency"}, rows[0])
	require.Equal(t, []string{"2026-0007-01", "Redeemed", "2026-07-01", "09:00", "Rema Åbyhøj, Silkeborgvej", "Kasse 1", "'=HYPERLINK(\"x\")", "2026-DY4MD-00000", "50.00", "DKK"}, rows[1])
	require.Equal(t, []string{"Reversed", "-52.50"}, []string{rows[12][1], rows[12][8]})
	require.Equal(t, []string{"Total", "498.75"}, []string{rows[14][1], rows[14][8]})
}

// A statement that is not the sum of its lines is never written to the end.
func TestLinesThatDoNotAddUp(t *testing.T) {
	for name, change := range map[string]func(*statement.Statement){
		"a line too many": func(s *statement.Statement) { s.Redemptions.Lines-- },
		"an amount":       func(s *statement.Statement) { s.Redemptions.Amount++ },
		"a total":         func(s *statement.Statement) { s.Total++ },
	} {
		t.Run(name, func(t *testing.T) {
			s, lines := july(30)
			change(&s)
			var out bytes.Buffer
			require.ErrorContains(t, statement.PDF(&out, s, lines), "2026-0007-01")
			require.Empty(t, out.Bytes())
			require.ErrorContains(t, statement.CSV(io.Discard, s, lines), "2026-0007-01")
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	s, lines := july(10_000)
	for b.Loop() {
		require.NoError(b, statement.PDF(io.Discard, s, lines))
	}
}
