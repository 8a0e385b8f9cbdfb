package camt_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/camt"
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
	samples, err := filepath.Glob("testdata/*.xml")
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	for _, sample := range samples {
		out, err := exec.CommandContext(t.Context(), "xmllint", "--noout", sample).CombinedOutput()
		require.NoError(t, err, "install libxml2-utils (xmllint): %s", out)
	}
}

func TestCamt08(t *testing.T) {
	t.Parallel()
	statements, err := camt.Read(file(t, "statement08.xml"), camt.Columns{})
	require.NoError(t, err)
	require.Len(t, statements, 1)
	s := statements[0]
	on, after := date(t, "2026-11-05"), date(t, "2026-11-06")
	require.Equal(t, camt.Statement{
		Format: camt.Camt08, Reference: "2026-310", IBAN: "DK5000400440116243", Currency: "DKK", From: on, To: after,
		Opening: 25_000_000, Closing: 24_397_450, Entries: []camt.Entry{
			{Line: 32, Amount: -400_000, BookedOn: on, EndToEndID: "2026-0007-01", Party: "Brugsen Varde", PartyIBAN: "DK7550512000000018", Text: "Afregning 2026-0007-01", Reference: "FT26310A0001-1"},
			{Line: 32, Amount: -120_050, BookedOn: on, EndToEndID: "2026-0007-02", Party: "Sportshjørnet ApS", PartyIBAN: "DK3820005555123456", Text: "Afregning 2026-0007-02", Reference: "FT26310A0001-2"},
			{Line: 65, Amount: 120_050, BookedOn: after, EndToEndID: "2026-0007-02", Returned: true, Reason: "AC04", Party: "Sportshjørnet ApS", PartyIBAN: "DK3820005555123456", Reference: "FT26310B0007"},
			{Line: 85, Amount: -2550, BookedOn: after, Text: "Gebyr betalinger", Reference: "FT26310C0001"},
			{Line: 95, Amount: -200_000, BookedOn: after, Party: "Boghandleren", PartyIBAN: "53010001234567", Text: "71 000000012345674", Reference: "FT26310D0001"},
		},
	}, s)
}

func TestCamt02(t *testing.T) {
	t.Parallel()
	statements, err := camt.Read(file(t, "statement02.xml"), camt.Columns{})
	require.NoError(t, err)
	require.Len(t, statements, 1)
	s := statements[0]
	require.Equal(t, camt.Camt02, s.Format)
	require.Equal(t, []int64{100_000, -50_025}, []int64{s.Opening, s.Closing})
	require.Equal(t, []domain.Date{date(t, "2026-11-06"), date(t, "2026-11-06")}, []domain.Date{s.From, s.To})
	require.Equal(t, []camt.Entry{{
		Line: 14, Amount: -150_025, BookedOn: date(t, "2026-11-06"), EndToEndID: "2026-0007-01", Party: "Købmanden Ølgod",
		PartyIBAN: "DK7550512000000018", Text: "Afregning 2026-0007-01",
	}}, s.Entries)
}

// Each file below differs from a good one in one place, and is refused there.
func TestCamtRefuses(t *testing.T) {
	t.Parallel()
	good := string(file(t, "statement08.xml"))
	for name, c := range map[string]struct{ old, new, says string }{
		"an entry is missing":     {`<Amt Ccy="DKK">25.50</Amt>`, `<Amt Ccy="DKK">25.40</Amt>`, "line 9, Stmt: the opening balance 250.000,00 kr. and the entries give 243.974,60 kr., the closing balance is 243.974,50 kr."},
		"a batch does not sum":    {`<Amt Ccy="DKK">4000.00</Amt>`, `<Amt Ccy="DKK">4000.01</Amt>`, "line 32, Ntry: its transactions sum to -5.200,51 kr., the entry is -5.200,50 kr."},
		"half a batch has prices": {`<Amt Ccy="DKK">4000.00</Amt>`, ``, "line 32, Ntry: its transactions sum to"},
		"another currency":        {`<Amt Ccy="DKK">25.50</Amt>`, `<Amt Ccy="EUR">25.50</Amt>`, "line 87, Amt: it is in EUR, the account in DKK"},
		"no currency":             {`<Amt Ccy="DKK">25.50</Amt>`, `<Amt>25.50</Amt>`, "line 87, Amt: Ccy must be an ISO 4217 code"},
		"half an øre":             {`>25.50<`, `>25.505<`, "line 87, Amt: \"25.505\" is no amount"},
		"below zero":              {`>25.50<`, `>-25.50<`, "line 87, Amt: the amount is below zero"},
		"no direction":            {"<CdtDbtInd>DBIT</CdtDbtInd>\n        <Sts>", "<Sts>", "CdtDbtInd is missing"},
		"a strange direction":     {"<CdtDbtInd>DBIT</CdtDbtInd>\n        <Sts>", "<CdtDbtInd>OUT</CdtDbtInd><Sts>", `CdtDbtInd is "OUT"`},
		"only announced":          {"BOOK", "PDNG", `Sts is "PDNG": only booked entries (BOOK) are read`},
		"no opening balance":      {"OPBD", "ITBD", "line 9, Stmt: the opening balance (OPBD) or the closing balance (CLBD) is missing"},
		"two closing balances":    {"OPBD", "CLBD", "line 25, Bal: the balance CLBD is there more than once"},
		"no date":                 {"<BookgDt><Dt>2026-11-05</Dt></BookgDt>", "", "BookgDt is missing"},
		"no such date":            {"<BookgDt><Dt>2026-11-05</Dt></BookgDt>", "<BookgDt><Dt>2026-11-31</Dt></BookgDt>", "\"2026-11-31\" is no date"},
		"ends before it begins":   {"<Dt><Dt>2026-11-05</Dt></Dt>", "<Dt><Dt>2026-12-05</Dt></Dt>", "it begins on 2026-12-05, after it ends on 2026-11-06"},
		"no account":              {"<IBAN>DK5000400440116243</IBAN>", "", "Id or Acct/Id is empty"},
		"no id":                   {"<Id>2026-310</Id>", "", "line 9, Stmt: Id is missing"},
		"another format":          {"camt.053.001.08", "camt.054.001.08", "ask the bank for one of these, or for CSV"},
		"two references":          {"<EndToEndId>2026-0007-01</EndToEndId>", "<EndToEndId>2026-0007-01</EndToEndId><EndToEndId>2026-0007-02</EndToEndId>", "Refs/EndToEndId is there more than once"},
		"a strange reversal":      {"<NtryRef>3</NtryRef>", "<NtryRef>3</NtryRef><RvslInd>yes</RvslInd>", `RvslInd is "yes"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			_, err := camt.Read([]byte(strings.Replace(good, c.old, c.new, 1)), camt.Columns{})
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := camt.Read([]byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>`), camt.Columns{})
	require.ErrorContains(t, err, "the file has no statement")
}

// A batch whose transactions say no amounts stays one entry: what each was is not guessed.
func TestBatchWithoutAmounts(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(`<Amt Ccy="DKK">4000.00</Amt>`, "", `<Amt Ccy="DKK">1200.50</Amt>
            <CdtDbtInd>DBIT</CdtDbtInd>`, "").Replace(string(file(t, "statement08.xml")))
	statements, err := camt.Read([]byte(text), camt.Columns{})
	require.NoError(t, err)
	require.Len(t, statements[0].Entries, 4)
	require.Equal(t, camt.Entry{Line: 32, Amount: -520_050, BookedOn: date(t, "2026-11-05"), Reference: "FT26310A0001"}, statements[0].Entries[0])
}

// The reversal of an entry is a return without RtrInf.
func TestReversal(t *testing.T) {
	t.Parallel()
	text := strings.Replace(string(file(t, "statement08.xml")), "<NtryRef>3</NtryRef>", "<NtryRef>3</NtryRef><RvslInd>true</RvslInd>", 1)
	statements, err := camt.Read([]byte(text), camt.Columns{})
	require.NoError(t, err)
	require.True(t, statements[0].Entries[3].Returned)
	require.Empty(t, statements[0].Entries[3].Reason)
}
