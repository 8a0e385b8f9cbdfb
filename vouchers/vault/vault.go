// Package vault seals what is personal. Each citizen has a key of their own,
// and each municipality one to look citizens up by: both are stored wrapped by
// a key that only the service's environment has. Destroy a citizen's key, and
// nobody can read what it sealed, in no copy of the database.
//
// It is pure: it knows keys and texts, and no database.
package vault

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/keys"
)

// Variable is the environment variable that the keys are read from; errors name
// it, so that who starts the service knows what to mend.
const Variable = "FASTHOLD_DATA_KEYS"

const mostKeys = 999

// Keys are the numbered keys that wrap all others. The highest number is the
// newest. It is safe for concurrent use and never shows a key.
type Keys struct {
	wrapping map[int]tink.AEAD
	carrying map[int]tink.AEAD // for what browsers carry
	newest   int
}

// Parse reads "1:<base64 of 32 bytes>,2:<base64 of 32 bytes>". Its errors never
// repeat a key.
func Parse(text string) (*Keys, error) {
	masters, err := keys.Parse(Variable, text, mostKeys)
	if err != nil {
		return nil, err
	}
	k := &Keys{wrapping: map[int]tink.AEAD{}, carrying: map[int]tink.AEAD{}}
	for number, master := range masters {
		sub, err := hkdf.Key(sha256.New, master, nil, "personal data 1: wrap", keys.Size)
		if err != nil {
			return nil, fmt.Errorf("%s: key %d: %w", Variable, number, err)
		}
		if k.wrapping[number], err = subtle.NewAESGCM(sub); err != nil {
			return nil, fmt.Errorf("%s: key %d: %w", Variable, number, err)
		}
		if k.carrying[number], err = carrier(number, master); err != nil {
			return nil, err
		}
		k.newest = max(k.newest, number)
	}
	return k, nil
}

// Newest is the highest number of a key; 0 where there are no keys.
func (k *Keys) Newest() int {
	if k == nil {
		return 0
	}
	return k.newest
}

// String names the keys by number only.
func (k Keys) String() string {
	return fmt.Sprintf("data keys %v", slices.Sorted(maps.Keys(k.wrapping)))
}

// Format writes String whatever the verb, so that %+v and %#v show no key.
func (k Keys) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }

// LogValue logs String.
func (k Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText writes String, in JSON too.
func (k Keys) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// templates say what kind of key each purpose has.
var templates = map[string]func() *tinkpb.KeyTemplate{
	domain.KeyOfCitizen: aead.AES256GCMKeyTemplate,
	domain.KeyOfLookup:  prf.HMACSHA256PRFKeyTemplate,
	domain.KeyOfFiles:   aead.AES256GCMKeyTemplate,
}

// Make fills a row's Wrapped with a new random key of the row's purpose, wrapped
// by the key whose number the row says.
func (k *Keys) Make(row *domain.DataKey) error {
	fresh, err := keyset.NewHandle(templates[row.Purpose]())
	if err != nil {
		return fmt.Errorf("make a data key: %w", err)
	}
	row.Wrapped, err = k.wrap(*row, fresh)
	return err
}

// Rewrap gives the row's key wrapped by another key. The key itself, and so all
// that it sealed, stays as it is.
func (k *Keys) Rewrap(row domain.DataKey, number int) ([]byte, error) {
	opened, err := k.unwrap(row)
	if err != nil {
		return nil, err
	}
	row.KEK = number
	return k.wrap(row, opened)
}

// Check gives an error unless the row's key can be unwrapped.
func (k *Keys) Check(row domain.DataKey) error {
	_, err := k.unwrap(row)
	return err
}

func (k *Keys) wrap(row domain.DataKey, key *keyset.Handle) ([]byte, error) {
	by, err := k.by(row.KEK)
	if err != nil {
		return nil, err
	}
	var wrapped bytes.Buffer
	if err := key.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), by, rowData(row)); err != nil {
		return nil, fmt.Errorf("wrap a data key: %w", err)
	}
	return wrapped.Bytes(), nil
}

func (k *Keys) unwrap(row domain.DataKey) (*keyset.Handle, error) {
	by, err := k.by(row.KEK)
	if err != nil {
		return nil, err
	}
	key, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(row.Wrapped)), by, rowData(row))
	if err != nil {
		return nil, fmt.Errorf("data key %s does not open with key %d of %s: it is another key, or the row was changed: %w", row.ID, row.KEK, Variable, err)
	}
	return key, nil
}

// by finds the wrapping key; k may be nil, where a command has no keys.
func (k *Keys) by(number int) (tink.AEAD, error) {
	if k != nil && k.wrapping[number] != nil {
		return k.wrapping[number], nil
	}
	if k == nil {
		return nil, domain.Errorf(domain.Unavailable, "data_key_missing", "%s is not set: personal data cannot be read or written without it", Variable)
	}
	return nil, domain.Errorf(domain.Unavailable, "data_key_missing", "key %d is not in %s: personal data cannot be read or written without it", number, Variable)
}

// rowData binds a wrapped key to its row, so that it opens in no other.
func rowData(row domain.DataKey) []byte {
	var citizen domain.ID
	if row.CitizenID != nil {
		citizen = *row.CitizenID
	}
	return slices.Concat([]byte("fasthold data key 1 "+row.Purpose+" "), row.MunicipalityID[:], row.ID[:], citizen[:])
}
