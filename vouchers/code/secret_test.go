package code

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A code must not come out by accident, however it is nested.
func TestSecretRedacts(t *testing.T) {
	t.Parallel()
	secret, _ := testRing(t, 1).Make(voucher(1))
	type answer struct{ Code Secret }
	for name, v := range map[string]any{
		"value":   secret,
		"pointer": &secret,
		"field":   answer{secret},
		"slice":   []Secret{secret},
		"map":     map[string]Secret{"code": secret},
		"any":     map[string]any{"code": answer{secret}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%30s"} {
				requireRedacted(t, secret, verb, fmt.Sprintf(verb, v))
			}
			requireRedacted(t, secret, "Errorf", fmt.Errorf("issue %v", v).Error())
			requireRedacted(t, secret, "json", encode(t, v, json.Marshal))
			requireRedacted(t, secret, "slog text", logged(v, func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) }))
			requireRedacted(t, secret, "slog JSON", logged(v, func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) }))
		})
	}
	requireRedacted(t, secret, "xml", encode(t, answer{secret}, xml.Marshal))
	requireRedacted(t, secret, "Sprint", fmt.Sprint("code ", secret))
	requireRedacted(t, secret, "String", secret.String())
	requireRedacted(t, secret, "GoString", secret.GoString())

	var page bytes.Buffer
	require.NoError(t, template.Must(template.New("").Parse(`<b title="{{.}}">{{.}}</b>`)).Execute(&page, secret))
	requireRedacted(t, secret, "template", page.String())
}

func TestSecretIsNeverStored(t *testing.T) {
	t.Parallel()
	secret, _ := testRing(t, 1).Make(voucher(1))
	_, err := driver.DefaultParameterConverter.ConvertValue(secret)
	require.ErrorContains(t, err, "never stored")
}

// requireRedacted wants no part of the code in text, in hexadecimal neither.
func requireRedacted(t *testing.T, secret Secret, how, text string) {
	t.Helper()
	require.Contains(t, text, redacted, how)
	for part := range strings.SplitSeq(secret.Reveal(), "-") {
		require.NotContains(t, text, part, how)
		require.NotContains(t, strings.ToLower(text), fmt.Sprintf("%x", part), how)
		require.NotContains(t, strings.ToLower(text), fmt.Sprintf("% x", part), how)
	}
}

func encode(t *testing.T, v any, marshal func(any) ([]byte, error)) string {
	t.Helper()
	b, err := marshal(v)
	require.NoError(t, err)
	return string(b)
}

func logged(v any, handler func(*bytes.Buffer) slog.Handler) string {
	var b bytes.Buffer
	slog.New(handler(&b)).Info("issued", "voucher", v)
	return b.String()
}
