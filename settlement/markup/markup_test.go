package markup_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

func ours(space string) bool { return space == "urn:x" }

func TestRead(t *testing.T) {
	t.Parallel()
	root, err := markup.Read([]byte("\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c --><a xmlns='urn:x' xmlns:o='urn:o'>\n<b k=' v '> one\n two </b><o:b>3</o:b><c><d>x&amp;y</d><o:d/></c></a>\n"), ours)
	require.NoError(t, err)
	require.Equal(t, "a", root.Name)
	b, err := root.Need("b") // that of the other namespace is left out
	require.NoError(t, err)
	require.Equal(t, 3, b.Line)
	require.Equal(t, "v", b.Attribute("k"))
	text, err := b.Text()
	require.NoError(t, err)
	require.Equal(t, "one two", text)
	text, err = root.First([]string{"z"}, []string{"c", "d"})
	require.NoError(t, err)
	require.Equal(t, "x&y", text)
	_, err = root.Need("z")
	require.EqualError(t, err, "the file is not taken; file: line 2, a: z is missing: ask the sender for a complete file")
}

func TestReadLatin(t *testing.T) {
	t.Parallel()
	root, err := markup.Read([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><a xmlns='urn:x'>\xf8</a>"), ours)
	require.NoError(t, err)
	text, err := root.Text()
	require.NoError(t, err)
	require.Equal(t, "ø", text)
}

// What is hostile or broken is refused, in words that say where and what to do.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, code, says string }{
		"empty":              {" \n", "file_empty", "send the XML file"},
		"no element":         {"<?xml version='1.0'?>", "file_not_xml", "no XML element"},
		"entities":           {"<!DOCTYPE a [<!ENTITY x 'xxxxxxxx'><!ENTITY y '&x;&x;&x;'>]>\n<a>&y;</a>", "file_not_xml", "line 1: the file declares a document type"},
		"an outside entity":  {"\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "file_not_xml", "line 2: the file declares a document type"},
		"an unknown entity":  {"<a>&x;</a>", "file_not_xml", "line 1: the file is not well-formed XML"},
		"not closed":         {"<a>\n<b></b>", "file_not_xml", "line 2: the file is not well-formed"},
		"closed wrongly":     {"<a>\n</b>", "file_not_xml", "line 2"},
		"two roots":          {"<a/><b/>", "file_not_xml", "a second root element b"},
		"text behind":        {"<a/>b", "file_not_xml", "text outside the root element"},
		"an attribute twice": {"<a b='1' b='2'/>", "file_not_xml", "the attribute b twice"},
		"many attributes":    {"<a" + attributes(1_000_000) + "/>", "file_not_xml", "more than 64 attributes"},
		"too deep":           {strings.Repeat("<a>", 33) + strings.Repeat("</a>", 33), "file_not_xml", "nest deeper than 32"},
		"too many":           {"<a>" + strings.Repeat("<b/>", 600_000) + "</a>", "file_too_big", "more than 600000 elements"},
		"too big":            {strings.Repeat(" ", markup.MaxBytes+1), "file_too_big", "at most 16777216 (16 MiB)"},
		"UTF-16":             {"\xff\xfe<\x00a\x00/\x00>\x00", "file_not_text", "save it as UTF-8"},
		"another encoding":   {"<?xml version='1.0' encoding='KOI8-R'?><a/>", "file_not_text", "save the file as UTF-8"},
		"broken letters":     {"<a>\xff</a>", "file_not_xml", "invalid UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := markup.Read([]byte(c.file), ours)
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			require.Equal(t, c.code, domain.CodeOf(err))
			require.ErrorContains(t, err, c.says)
		})
	}
}

// attributes are so many different ones: comparing each with each would take hours.
func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d=''", i)
	}
	return b.String()
}

func element(t *testing.T, inside string) *markup.Element {
	t.Helper()
	root, err := markup.Read([]byte("<a xmlns='urn:x'>"+inside+"</a>"), ours)
	require.NoError(t, err)
	return root
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "1": 100, "1.5": 150, "1.50": 150, "1.500": 150, "-2.05": -205, "99999999999.99": 9_999_999_999_999, "007.00": 700,
	} {
		minor, err := element(t, text).Amount()
		require.NoError(t, err, text)
		require.Equal(t, want, minor, text)
	}
	for _, text := range []string{"", "-", ".", "1.", ".5", "1,5", "1.005", "1e3", "+1", "--1", "1 000", "100000000000", "0x1", "NaN", "١", strings.Repeat("0", 50)} {
		_, err := element(t, text).Amount()
		require.ErrorContains(t, err, "line 1, a: ", text)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-11-05", "2026-11-05Z", "2026-11-05+01:00", "2026-11-05T23:59:59+01:00"} {
		date, err := element(t, text).Date()
		require.NoError(t, err, text)
		require.Equal(t, "2026-11-05", date.String())
	}
	for _, text := range []string{"", "05-11-2026", "2026-02-30", "1899-01-01", "2026-11-055", "20261105"} {
		_, err := element(t, text).Date()
		require.ErrorContains(t, err, "want yyyy-mm-dd", text)
	}
}

// A text without end costs no more than its length and is refused only where it is
// read: an invoice may carry a picture that nobody asks for.
func TestLongText(t *testing.T) {
	t.Parallel()
	root := element(t, "<b>"+strings.Repeat("x", 100_000)+"</b><b>y</b>")
	_, err := root.All("b")[0].Text()
	require.ErrorContains(t, err, "longer than 2000 letters")
	_, err = root.One("b")
	require.ErrorContains(t, err, "b is there more than once")
}
