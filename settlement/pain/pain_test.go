package pain_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/pain"
)

// The IBANs are the examples of their registers, the CVR numbers nobody's.
func july() pain.Batch {
	return pain.Batch{
		MessageID: "2026-0007-0198f3a2b4c5", ID: "2026-0007", MadeAt: time.Date(2026, 8, 3, 9, 30, 15, 0, time.UTC), ExecuteOn: domain.Date{Year: 2026, Month: 8, Day: 5},
		Currency: "DKK",
		Payer:    pain.Payer{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "dabadkkk", CVR: "12345674", Agreement: "5567890001"},
		Payments: []pain.Payment{
			{EndToEndID: "2026-0007-01", Amount: 1_234_550, Name: "Rema & Søn ApS", IBAN: "DK5000400440116243", Text: "Afregning 2026-0007-01"},
			{EndToEndID: "2026-0007-02", Amount: 5, Name: "Café Åbyhøj <Ærø>", IBAN: "DE89370400440532013000", Text: "Afregning 2026-0007-02"},
		},
	}
}

func written(t testing.TB, b pain.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, pain.Write(&out, b))
	return out.Bytes()
}

func TestWrite(t *testing.T) {
	want, err := os.ReadFile("testdata/july.xml")
	require.NoError(t, err)
	require.Equal(t, string(want), string(written(t, july())))
	require.Equal(t, written(t, july()), written(t, july()), "the same batch gives the same bytes")
}

// A parser that is not ours reads the file against a schema of what we write.
func TestWriteIsReadByXmllint(t *testing.T) {
	b := july()
	for name, change := range map[string]func(*pain.Batch){
		"as it is":     func(*pain.Batch) {},
		"one payment":  func(b *pain.Batch) { b.Payments = b.Payments[:1] },
		"no text":      func(b *pain.Batch) { b.Payments[0].Text = "" },
		"no number":    func(b *pain.Batch) { b.Payer.CVR, b.Payer.Agreement = "", "" },
		"no agreement": func(b *pain.Batch) { b.Payer.Agreement = "" },
		"euro":         func(b *pain.Batch) { b.Currency = "EUR" },
		"the longest of all": func(b *pain.Batch) {
			b.Payments[0].Name = strings.Repeat("å", 500)
			b.MessageID = strings.Repeat("9", 35)
		},
		"a bank's branch":     func(b *pain.Batch) { b.Payer.BIC = "DABADKKKXXX" },
		"the largest of sums": func(b *pain.Batch) { b.Payments[0].Amount = 999_999_999_999_99 },
	} {
		t.Run(name, func(t *testing.T) {
			b := b
			b.Payments = append([]pain.Payment{}, b.Payments...)
			change(&b)
			file := written(t, b)
			lint(t, file, "--noout", "--nonet", "--schema", "testdata/pain.001.001.09.xsd", "-")
			const sum = `sum(//*[local-name()="InstdAmt"])`
			require.Equal(t, "true", lint(t, file, "--xpath", `number(//*[local-name()="GrpHdr"]/*[local-name()="CtrlSum"]) = `+sum, "-"))
			require.Equal(t, "true", lint(t, file, "--xpath", `number(//*[local-name()="PmtInf"]/*[local-name()="CtrlSum"]) = `+sum, "-"))
			require.Equal(t, "true", lint(t, file, "--xpath", `number(//*[local-name()="GrpHdr"]/*[local-name()="NbOfTxs"]) = count(//*[local-name()="CdtTrfTxInf"])`, "-"))
		})
	}
	file := written(t, b)
	require.Equal(t, "12345.55", lint(t, file, "--xpath", `string(//*[local-name()="CtrlSum"])`, "-"))
	require.Equal(t, "Rema + Søn ApS", lint(t, file, "--xpath", `string((//*[local-name()="Cdtr"])[1]/*[local-name()="Nm"])`, "-"))
	require.Equal(t, "2026-08-05", lint(t, file, "--xpath", `string(//*[local-name()="ReqdExctnDt"]/*[local-name()="Dt"])`, "-"))
}

// The schema is one that a wrong file breaks: without this, it could allow anything.
func TestSchemaRefuses(t *testing.T) {
	file := string(written(t, july()))
	for name, change := range map[string][2]string{
		"an order":     {"<PmtMtd>TRF</PmtMtd>\n      <BtchBookg>false</BtchBookg>", "<BtchBookg>false</BtchBookg>\n      <PmtMtd>TRF</PmtMtd>"},
		"a version":    {"pain.001.001.09", "pain.001.001.03"},
		"an IBAN":      {"<IBAN>DK5000400440116243</IBAN>", "<IBAN>0040 0440116243</IBAN>"},
		"an amount":    {">0.05<", ">0,05<"},
		"a long name":  {"Varde Kommune", strings.Repeat("V", 141)},
		"an empty one": {"<Nm>Varde Kommune</Nm>", "<Nm></Nm>"},
		"a date":       {"2026-08-05", "05-08-2026"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, file, change[0])
			command := exec.CommandContext(t.Context(), xmllint(t), "--noout", "--nonet", "--schema", "testdata/pain.001.001.09.xsd", "-")
			command.Stdin = strings.NewReader(strings.Replace(file, change[0], change[1], 1))
			require.Error(t, command.Run())
		})
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*pain.Batch)
		want   string
	}{
		"no payment":      {func(b *pain.Batch) { b.Payments = nil }, "payments required"},
		"nothing to pay":  {func(b *pain.Batch) { b.Payments[1].Amount = 0 }, "payments[1].amount out_of_range"},
		"negative":        {func(b *pain.Batch) { b.Payments[1].Amount = -5 }, "payments[1].amount out_of_range"},
		"no account":      {func(b *pain.Batch) { b.Payments[0].IBAN = "" }, "payments[0].iban required"},
		"a wrong account": {func(b *pain.Batch) { b.Payments[0].IBAN = "DK5100400440116243" }, "payments[0].iban not_an_iban"},
		"twice":           {func(b *pain.Batch) { b.Payments[1].EndToEndID = "2026-0007-01" }, "payments[1].end_to_end_id duplicate"},
		"a slash":         {func(b *pain.Batch) { b.Payments[1].EndToEndID = "/2026" }, "payments[1].end_to_end_id invalid"},
		"two slashes":     {func(b *pain.Batch) { b.Payments[1].EndToEndID = "20//26" }, "payments[1].end_to_end_id invalid"},
		"nobody":          {func(b *pain.Batch) { b.Payments[0].Name = "???" }, "payments[0].name required"},
		"unreadable":      {func(b *pain.Batch) { b.Payments[0].Name = "商店" }, "payments[0].name required"},
		"long id":         {func(b *pain.Batch) { b.MessageID = strings.Repeat("a", 36) }, "message_id invalid"},
		"no id":           {func(b *pain.Batch) { b.ID = "" }, "id invalid"},
		"no time":         {func(b *pain.Batch) { b.MadeAt = time.Time{} }, "made_at required"},
		"no day":          {func(b *pain.Batch) { b.ExecuteOn = domain.Date{} }, "execute_on required"},
		"no currency":     {func(b *pain.Batch) { b.Currency = "kr." }, "currency invalid"},
		"no payer":        {func(b *pain.Batch) { b.Payer.Name = " " }, "payer.name required"},
		"no own account":  {func(b *pain.Batch) { b.Payer.IBAN = "" }, "payer.iban required"},
		"no bank":         {func(b *pain.Batch) { b.Payer.BIC = "" }, "payer.bic required"},
		"a CVR":           {func(b *pain.Batch) { b.Payer.CVR = "12345678" }, "payer.cvr invalid"},
		"an agreement":    {func(b *pain.Batch) { b.Payer.Agreement = "æ" }, "payer.agreement invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			b := july()
			c.change(&b)
			var out bytes.Buffer
			fields := domain.FieldsOf(pain.Write(&out, b))
			require.Len(t, fields, 1)
			require.Equal(t, c.want, fields[0].Field+" "+fields[0].Code)
			require.Empty(t, out.Bytes(), "nothing is written of a file that a bank would refuse")
		})
	}
}

func TestName(t *testing.T) {
	for text, want := range map[string]string{
		"Blåbærgrød & Æbler ApS":              "Blåbærgrød + Æbler ApS",
		"A\u030Arhus":                         "Århus", // the ring as a letter of its own
		"Café Zürich, Łódź":                   "Cafe Zurich, Lodz",
		"Müller's “Brød”\t\n v/ Jens\u0000 H": "Muller's 'Brød' v/ Jens H",
		"<script>":                            "?script?",
		"Straße №1 ②":                         "Strasse No1 2",
		"商店 Nord":                             "?? Nord",
		"\u202Eabc":                           "abc", // what turns the text around is gone
		"\xff\xfe":                            "",
		"- + -":                               "",
		"":                                    "",
		"  7-Eleven  ":                        "7-Eleven",
	} {
		require.Equal(t, want, pain.Name(text), "%q", text)
	}
	require.Len(t, []rune(pain.Name(strings.Repeat("ø", 200))), 140)
}

// xmllint is the path of Debian's program.
func xmllint(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("FASTHOLD_TEST_XMLLINT"); named != "" {
		return named
	}
	path, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("the tests of payment files need a parser that is not ours: apt-get install libxml2-utils, or name xmllint with FASTHOLD_TEST_XMLLINT")
	}
	return path
}

// lint runs xmllint over a file, and gives what it says.
func lint(t testing.TB, file []byte, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), xmllint(t), args...)
	command.Stdin = bytes.NewReader(file)
	said, err := command.CombinedOutput()
	require.NoError(t, err, "%s\n%s", said, file)
	return strings.TrimSpace(string(said))
}

// What is written is read again; a file that was altered is no such file.
func TestRead(t *testing.T) {
	t.Parallel()
	file := string(written(t, july()))
	b, err := pain.Read(file)
	require.NoError(t, err)
	want := july()
	require.Equal(t, []any{want.MessageID, want.ID, want.ExecuteOn, "DKK", "DK5000400440116243"}, []any{b.MessageID, b.ID, b.ExecuteOn, b.Currency, b.Payer.IBAN})
	for i, p := range want.Payments {
		p.Name = pain.Name(p.Name)
		require.Equal(t, p, b.Payments[i])
	}
	for name, c := range map[string][3]string{
		"cut off":          {"</Document>", "", "unexpected EOF"},
		"another amount":   {">0.05<", ">5.00<", "it says 2 payments of 12345.55, and has 2 of 12350.50"},
		"another sum":      {"<CtrlSum>12345.55<", "<CtrlSum>12345.56<", "it says 2 payments of 12345.56"},
		"no amount":        {">0.05<", ">5<", `payment 2026-0007-02 is of "5"`},
		"another currency": {`Ccy="DKK">0.05`, `Ccy="EUR">0.05`, `is in "EUR", the file in "DKK"`},
		"no day":           {"2026-08-05", "soon", "read pain.001"},
		"another count":    {"<NbOfTxs>2<", "<NbOfTxs>3<", "it says 3 payments"},
	} {
		_, err := pain.Read(strings.ReplaceAll(file, c[0], c[1]))
		require.ErrorContains(t, err, c[2], name)
	}
}
