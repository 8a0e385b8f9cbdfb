package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/fasthold/fasthold/domain"
)

// Key is an unwrapped key that seals.
type Key struct {
	row  domain.DataKey
	aead tink.AEAD
}

// Unwrap opens a key that seals.
func (k *Keys) Unwrap(row domain.DataKey) (Key, error) {
	opened, err := k.unwrap(row)
	if err != nil {
		return Key{}, err
	}
	cipher, err := aead.New(opened)
	return Key{row, cipher}, err
}

// Seal seals a text for its place in the municipality's rows: in no other place
// does it open. The sealed text begins with the key's ID.
func (k Key) Seal(t domain.PersonalText) error {
	sealed, err := k.aead.Encrypt([]byte(t.Text.Reveal()), k.place(t))
	if err != nil {
		return fmt.Errorf("seal %s: %w", t.Column, err)
	}
	t.Text.Seal(base64.RawURLEncoding.EncodeToString(append(k.row.ID[:], sealed...)))
	return nil
}

// Open opens a text that was sealed with this key for this place.
func (k Key) Open(t domain.PersonalText) error {
	_, sealed, err := split(t.Text.Unopened())
	if err != nil {
		return fmt.Errorf("open %s of %s: %w", t.Column, t.Row, err)
	}
	text, err := k.aead.Decrypt(sealed, k.place(t))
	if err != nil {
		return fmt.Errorf("open %s of %s: it was not sealed for this place, or it was changed: %w", t.Column, t.Row, err)
	}
	t.Text.Open(string(text))
	return nil
}

// SealFile seals a file for its place; no file stays no file.
func (k Key) SealFile(column string, row domain.ID, file []byte) ([]byte, error) {
	if len(file) == 0 {
		return file, nil
	}
	sealed, err := k.aead.Encrypt(file, k.place(domain.PersonalText{Column: column, Row: row}))
	return append([]byte(domain.SealedPrefix), sealed...), err
}

// OpenFile is the reverse of SealFile; a file from before files were sealed is
// given back as it is.
func (k Key) OpenFile(column string, row domain.ID, file []byte) ([]byte, error) {
	sealed, is := bytes.CutPrefix(file, []byte(domain.SealedPrefix))
	if !is {
		return file, nil
	}
	if k.aead == nil {
		return nil, fmt.Errorf("open %s of %s: there is no key for it", column, row)
	}
	opened, err := k.aead.Decrypt(sealed, k.place(domain.PersonalText{Column: column, Row: row}))
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: it was not sealed for this place, or it was changed: %w", column, row, err)
	}
	return opened, nil
}

// place is what a sealed text is bound to: municipality, column and row.
func (k Key) place(t domain.PersonalText) []byte {
	return slices.Concat([]byte("fasthold text 1 "+t.Column+" "), k.row.MunicipalityID[:], t.Row[:])
}

// KeyOf gives the ID of the key that a text was sealed with.
func KeyOf(unopened string) (domain.ID, error) {
	id, _, err := split(unopened)
	return id, err
}

var errBroken = errors.New("the sealed text is broken")

func split(unopened string) (key domain.ID, sealed []byte, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(unopened)
	if err != nil || len(raw) <= len(uuid.UUID{}) {
		return key, nil, errBroken
	}
	copy(key[:], raw)
	return key, raw[len(key):], nil
}

const hashSize = 32

// Hash gives the keyed hash by which a citizen with that CPR number is looked
// up, under a municipality's look-up key.
func (k *Keys) Hash(row domain.DataKey, cpr domain.CPR) ([]byte, error) {
	opened, err := k.unwrap(row)
	if err != nil {
		return nil, err
	}
	set, err := prf.NewPRFSet(opened)
	if err != nil {
		return nil, err
	}
	return set.ComputePrimaryPRF([]byte("cpr "+cpr.Digits()), hashSize)
}
