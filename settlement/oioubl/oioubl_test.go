package oioubl_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/oioubl"
)

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(tb, err)
	return data
}

func date(tb testing.TB, text string) domain.Date {
	tb.Helper()
	d, err := domain.ParseDate(text)
	require.NoError(tb, err)
	return d
}

// The sample files are what another parser takes for XML too.
func TestSamplesAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"testdata/invoice.xml", "testdata/credit-note.xml"} {
		out, err := exec.CommandContext(t.Context(), "xmllint", "--noout", sample).CombinedOutput()
		require.NoError(t, err, "install libxml2-utils (xmllint): %s", out)
	}
}

func TestInvoice(t *testing.T) {
	t.Parallel()
	d, err := oioubl.Read(file(t, "invoice.xml"))
	require.NoError(t, err)
	require.Equal(t, oioubl.Document{
		Kind: oioubl.Invoice, Number: "10482", IssuedOn: date(t, "2026-11-02"), Currency: "DKK", CVR: "13585628", GLN: "5798000000001",
		From: date(t, "2026-10-01"), To: date(t, "2026-10-31"), Amount: 120_050, References: []string{"2026-0007-02"}, IBAN: "DK3820005555123456",
	}, d)
}

func TestCreditNote(t *testing.T) {
	t.Parallel()
	d, err := oioubl.Read(file(t, "credit-note.xml"))
	require.NoError(t, err)
	require.Equal(t, oioubl.Document{
		Kind: oioubl.CreditNote, Number: "K-77", IssuedOn: date(t, "2026-11-09"), Currency: "DKK", CVR: "13585628", GLN: "5798000000001",
		Amount: 20_000, Corrects: []string{"10482"},
	}, d)
}

// Each file below differs from a good one in one place.
func TestInvoiceReads(t *testing.T) {
	t.Parallel()
	const branch = "<cac:FinancialInstitutionBranch><cbc:ID>2000</cbc:ID></cac:FinancialInstitutionBranch>"
	good := string(file(t, "invoice.xml"))
	for name, c := range map[string]struct {
		old, new string
		want     func(d *oioubl.Document)
	}{
		"an IBAN":            {"<cbc:ID>5555123456</cbc:ID>" + branch, "<cbc:ID>dk38 2000 5555 1234 56</cbc:ID>", func(*oioubl.Document) {}},
		"a short account":    {"5555123456", "512345", func(d *oioubl.Document) { d.IBAN = "DK3320000000512345" }},
		"no branch":          {branch, "", func(d *oioubl.Document) { d.IBAN = "" }},
		"another reference":  {"<cbc:ID>2026-0007-02</cbc:ID>", "<cbc:ID>Ordre 9</cbc:ID>", func(d *oioubl.Document) { d.References = []string{"Ordre 9", "2026-0007-02"} }},
		"a GLN of no scheme": {`schemeAgencyID="9" schemeID="GLN"`, `schemeID="DK:P"`, func(d *oioubl.Document) { d.GLN = "" }},
		"no period":          {"<cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod>", "", func(d *oioubl.Document) { d.From, d.To = domain.Date{}, domain.Date{} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			want, err := oioubl.Read([]byte(good))
			require.NoError(t, err)
			c.want(&want)
			d, err := oioubl.Read([]byte(strings.Replace(good, c.old, c.new, 1)))
			require.NoError(t, err)
			require.Equal(t, want, d)
		})
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, old, new, says string }{
		"another root":           {"invoice.xml", "xsd:Invoice-2", "xsd:Order-2", "line 2, Invoice: it is no OIOUBL Invoice or CreditNote"},
		"another profile":        {"invoice.xml", "OIOUBL-2.1", "urn:cen.eu:en16931:2017", "only OIOUBL-2.1 and its forerunners are read"},
		"no number":              {"invoice.xml", "<cbc:ID>10482</cbc:ID>", "", "line 2, Invoice: ID is missing"},
		"an empty number":        {"invoice.xml", ">10482<", "> <", "line 10, ID: it is empty"},
		"a long number":          {"invoice.xml", ">10482<", ">" + strings.Repeat("9", 61) + "<", "line 10, ID: it is longer than 60 letters"},
		"no day":                 {"invoice.xml", "<cbc:IssueDate>2026-11-02</cbc:IssueDate>", "", "IssueDate is missing"},
		"no such day":            {"invoice.xml", ">2026-11-02<", ">02-11-2026<", "line 12, IssueDate: \"02-11-2026\" is no date"},
		"no currency":            {"invoice.xml", ">DKK<", ">kr<", `DocumentCurrencyCode is "kr"`},
		"two currencies":         {"invoice.xml", `<cbc:PayableAmount currencyID="DKK">`, `<cbc:PayableAmount currencyID="EUR">`, `line 44, PayableAmount: currencyID is "EUR", the document's currency DKK`},
		"no CVR":                 {"credit-note.xml", `schemeID="DK:CVR"`, `schemeID="DK:P"`, "with schemeID DK:CVR is missing"},
		"a false CVR":            {"credit-note.xml", "13585628", "13585629", `"13585629" is no CVR number`},
		"two CVR numbers":        {"invoice.xml", `<cbc:EndpointID schemeID="DK:CVR">DK13585628`, `<cbc:EndpointID schemeID="DK:CVR">DK25313763`, "the supplier is CVR 25313763 here and 13585628 before"},
		"a false GLN":            {"invoice.xml", "5798000000001", "5798000000002", `"5798000000002" is no GLN`},
		"half a period":          {"invoice.xml", "<cbc:EndDate>2026-10-31</cbc:EndDate>", "", "line 16, InvoicePeriod: EndDate is missing"},
		"a period backwards":     {"invoice.xml", "2026-10-31", "2026-09-30", "the period ends before it begins"},
		"nothing to pay":         {"invoice.xml", `<cbc:PayableAmount currencyID="DKK">1200.50</cbc:PayableAmount>`, "", "PayableAmount is missing"},
		"below zero":             {"invoice.xml", `<cbc:PayableAmount currencyID="DKK">1200.50`, `<cbc:PayableAmount currencyID="DKK">-1200.50`, "ask the supplier for a credit note instead"},
		"lines do not sum":       {"invoice.xml", "<cbc:LineExtensionAmount currencyID=\"DKK\">1200.50</cbc:LineExtensionAmount>\n    <cac:Item>", "<cbc:LineExtensionAmount currencyID=\"DKK\">1200.00</cbc:LineExtensionAmount>\n    <cac:Item>", "line 41, LineExtensionAmount: it is 1.200,50 kr., the lines sum to 1.200,00 kr."},
		"the sum does not fit":   {"credit-note.xml", ">49.75<", ">50.75<", "it is 200,00 kr., TaxInclusiveAmount less what is prepaid gives 199,00 kr."},
		"about no invoice":       {"credit-note.xml", "<cbc:ID>10482</cbc:ID>", "", "which invoice the credit note is about"},
		"entities":               {"invoice.xml", "<Invoice ", "<!DOCTYPE Invoice [<!ENTITY a 'b'>]><Invoice ", "declares a document type"},
		"no lines":               {"credit-note.xml", "cac:CreditNoteLine>", "cac:InvoiceLine>", "it has no lines"},
		"two amounts to be paid": {"credit-note.xml", "</cac:LegalMonetaryTotal>", `<cbc:PayableAmount currencyID="DKK">1.00</cbc:PayableAmount></cac:LegalMonetaryTotal>`, "PayableAmount is there more than once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			good := string(file(t, c.file))
			require.Contains(t, good, c.old)
			_, err := oioubl.Read([]byte(strings.ReplaceAll(good, c.old, c.new)))
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			require.ErrorContains(t, err, c.says)
		})
	}
}

// Whatever the bytes: no panic, and a document is refused with a reason for the
// sender, or says what is to be paid to whom.
func FuzzRead(f *testing.F) {
	f.Add(file(f, "invoice.xml"))
	f.Add(file(f, "credit-note.xml"))
	f.Add([]byte("<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>"))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY b '&b;'>]><a>&b;</a>"))
	for _, old := range []string{"DKK", "-", ".", "0", "2026", "Invoice", "DK:CVR", "<cbc:ID>"} {
		for _, other := range []string{"", "EUR", "-1", "9223372036854775808", "\x00", "<!--", "]]>", "æ"} {
			f.Add(bytes.ReplaceAll(file(f, "invoice.xml"), []byte(old), []byte(other)))
			f.Add(bytes.ReplaceAll(file(f, "credit-note.xml"), []byte(old), []byte(other)))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := oioubl.Read(data)
		if err != nil {
			require.Equal(t, domain.Invalid, domain.KindOf(err), err)
			require.True(t, utf8.ValidString(err.Error()))
			require.Less(t, len(err.Error()), 1000)
			return
		}
		require.GreaterOrEqual(t, d.Amount, int64(0))
		require.True(t, domain.ValidCVR(d.CVR) && d.Number != "" && !d.IssuedOn.IsZero() && len(d.Currency) == 3)
		require.Equal(t, d.Kind == oioubl.CreditNote, len(d.Corrects) > 0)
		require.False(t, d.To.Before(d.From))
		for _, text := range append(append([]string{d.Number, d.IBAN, d.GLN}, d.References...), d.Corrects...) {
			require.True(t, utf8.ValidString(text) && !strings.ContainsRune(text, 0))
		}
	})
}
