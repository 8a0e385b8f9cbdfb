package vault_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

func id() domain.ID { return uuid.Must(uuid.NewV7()) }

// newRow makes a key's row, wrapped by key 1.
func newRow(t testing.TB, k *vault.Keys, purpose string) domain.DataKey {
	t.Helper()
	row := domain.DataKey{MunicipalityID: id(), ID: id(), Purpose: purpose, KEK: 1}
	if citizen := id(); purpose == domain.KeyOfCitizen {
		row.CitizenID = &citizen
	}
	require.NoError(t, k.Make(&row))
	return row
}

func parsed(t testing.TB, text ...string) *vault.Keys {
	t.Helper()
	k, err := vault.Parse(strings.Join(text, ","))
	require.NoError(t, err)
	return k
}

// A sealed text opens in its own place and in no other.
func TestSealedTextsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	k := parsed(t, keys.Generate(1))
	row, other := newRow(t, k, domain.KeyOfCitizen), newRow(t, k, domain.KeyOfCitizen)
	key, err := k.Unwrap(row)
	require.NoError(t, err)
	text := domain.NewPrivate("Anna Ærlig")
	place := domain.PersonalText{Column: "citizens.name", Row: id(), Text: &text}
	require.NoError(t, key.Seal(place))
	stored, err := text.Value()
	require.NoError(t, err)
	require.NotContains(t, stored, "Anna")

	open := func(key vault.Key, column string, row domain.ID, stored any) (string, error) {
		var p domain.Private
		require.NoError(t, p.Scan(stored))
		of, err := vault.KeyOf(p.Unopened())
		if err == nil {
			require.NotEqual(t, domain.ID{}, of)
			err = key.Open(domain.PersonalText{Column: column, Row: row, Text: &p})
		}
		return p.Reveal(), err
	}
	said, err := open(key, place.Column, place.Row, stored)
	require.NoError(t, err)
	require.Equal(t, "Anna Ærlig", said)

	elsewhere := row
	elsewhere.MunicipalityID = other.MunicipalityID
	_, err = k.Unwrap(elsewhere)
	require.ErrorContains(t, err, "the row was changed")
	foreign, err := k.Unwrap(other)
	require.NoError(t, err)
	for name, try := range map[string]func() (string, error){
		"another row":     func() (string, error) { return open(key, place.Column, id(), stored) },
		"another column":  func() (string, error) { return open(key, "citizens.phone", place.Row, stored) },
		"another citizen": func() (string, error) { return open(foreign, place.Column, place.Row, stored) },
		"changed": func() (string, error) {
			return open(key, place.Column, place.Row, stored.(string)[:60]+"AAAA"+stored.(string)[64:])
		},
		"cut":       func() (string, error) { return open(key, place.Column, place.Row, stored.(string)[:40]) },
		"no base64": func() (string, error) { return open(key, place.Column, place.Row, domain.SealedPrefix+"!!") },
		"the key only": func() (string, error) {
			return open(key, place.Column, place.Row, domain.SealedPrefix+strings.Repeat("A", 22))
		},
	} {
		said, err := try()
		require.Error(t, err, name)
		require.Empty(t, said, name)
		require.NotContains(t, err.Error(), "Anna", name)
	}
}

// The same text sealed twice looks different; the same number hashed twice the
// same, in one municipality.
func TestHash(t *testing.T) {
	t.Parallel()
	k := parsed(t, keys.Generate(1))
	here, there := newRow(t, k, domain.KeyOfLookup), newRow(t, k, domain.KeyOfLookup)
	cpr, err := domain.ParseCPR("070761-4285")
	require.NoError(t, err)
	next, err := domain.ParseCPR("070761-4286")
	require.NoError(t, err)
	hash := func(row domain.DataKey, cpr domain.CPR) string {
		h, err := k.Hash(row, cpr)
		require.NoError(t, err)
		require.Len(t, h, 32)
		return string(h)
	}
	require.Equal(t, hash(here, cpr), hash(here, cpr))
	require.NotEqual(t, hash(here, cpr), hash(there, cpr))
	require.NotEqual(t, hash(here, cpr), hash(here, next))
}

// Wrapped by another key, a key is the same: what it sealed opens.
func TestRewrap(t *testing.T) {
	t.Parallel()
	one, two := keys.Generate(1), keys.Generate(2)
	before, both, after := parsed(t, one), parsed(t, one, two), parsed(t, two)
	require.Equal(t, 2, both.Newest())
	row := newRow(t, before, domain.KeyOfCitizen)
	key, err := before.Unwrap(row)
	require.NoError(t, err)
	text := domain.NewPrivate("Anna")
	place := domain.PersonalText{Column: "citizens.name", Row: id(), Text: &text}
	require.NoError(t, key.Seal(place))

	wrapped, err := both.Rewrap(row, 2)
	require.NoError(t, err)
	require.NotEqual(t, row.Wrapped, wrapped)
	_, err = after.Rewrap(row, 2)
	require.Equal(t, "data_key_missing", domain.CodeOf(err))
	row.KEK, row.Wrapped = 2, wrapped
	_, err = before.Unwrap(row)
	require.Equal(t, "data_key_missing", domain.CodeOf(err))
	require.NoError(t, after.Check(row))
	require.Error(t, parsed(t, keys.Generate(2)).Check(row), "another key of the same number")
	again, err := after.Unwrap(row)
	require.NoError(t, err)
	stored, err := text.Value()
	require.NoError(t, err)
	require.NoError(t, text.Scan(stored))
	require.NoError(t, again.Open(place))
	require.Equal(t, "Anna", text.Reveal())

	var none *vault.Keys
	require.Zero(t, none.Newest())
	require.ErrorContains(t, none.Check(row), vault.Variable+" is not set")
}

func TestKeysAreRedacted(t *testing.T) {
	t.Parallel()
	text := keys.Generate(7)
	k := parsed(t, text)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "keys", k)
	fmt.Fprintf(&log, "%v %+v %#v %s", k, k, *k, k)
	encoded, err := json.Marshal(k)
	require.NoError(t, err)
	require.NotContains(t, log.String()+string(encoded), text[2:])
	require.Contains(t, log.String(), "data keys [7]")
	_, err = vault.Parse("1:abc")
	require.ErrorContains(t, err, vault.Variable)
}

// BenchmarkOpen is one citizen's name in a list: the key unwrapped, one text opened.
func BenchmarkOpen(b *testing.B) {
	k := parsed(b, keys.Generate(1))
	row := newRow(b, k, domain.KeyOfCitizen)
	key, err := k.Unwrap(row)
	require.NoError(b, err)
	text := domain.NewPrivate("Anna Eksempel")
	place := domain.PersonalText{Column: "citizens.name", Row: id(), Text: &text}
	require.NoError(b, key.Seal(place))
	stored, err := text.Value()
	require.NoError(b, err)
	for b.Loop() {
		_ = text.Scan(stored)
		key, _ := k.Unwrap(row)
		_ = key.Open(place)
	}
	require.Equal(b, "Anna Eksempel", text.Reveal())
}
