package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/fasthold/fasthold/vouchers/keys"
)

// errCarried says no more, for what a browser sends is anybody's.
var errCarried = errors.New("what the browser carried was not sealed here, or it was changed")

// numberSize is how many bytes a key's number takes.
const numberSize = 2

// carrier gives the AEAD by which a master key seals what browsers carry. It is
// another key than the one that wraps.
func carrier(number int, master []byte) (tink.AEAD, error) {
	sub, err := hkdf.Key(sha256.New, master, nil, "carried by browsers 1", keys.Size)
	if err != nil {
		return nil, fmt.Errorf("%s: key %d: %w", Variable, number, err)
	}
	return subtle.NewAESGCM(sub)
}

// SealCarried seals a text that a browser carries for a while, in a cookie, so
// that any server with the same keys can read it and nobody else can read or make
// it. It opens for the same purpose only. Who opens it says until when it counts:
// that is for the text to tell.
func (k *Keys) SealCarried(purpose string, text []byte) (string, error) {
	sealer := k.carriers()[k.Newest()]
	if sealer == nil {
		return "", fmt.Errorf("%s is not set: nothing can be sealed without it", Variable)
	}
	sealed, err := sealer.Encrypt(text, []byte(purpose))
	if err != nil {
		return "", fmt.Errorf("seal what a browser carries: %w", err)
	}
	number := binary.BigEndian.AppendUint16(nil, uint16(k.Newest())) //nolint:gosec // at most mostKeys
	return base64.RawURLEncoding.EncodeToString(append(number, sealed...)), nil
}

// OpenCarried is the reverse of SealCarried.
func (k *Keys) OpenCarried(purpose, sealed string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < numberSize {
		return nil, errCarried
	}
	opener := k.carriers()[int(binary.BigEndian.Uint16(raw))]
	if opener == nil {
		return nil, errCarried
	}
	text, err := opener.Decrypt(raw[numberSize:], []byte(purpose))
	if err != nil {
		return nil, errCarried
	}
	return text, nil
}

// carriers are the keys for what browsers carry, by number; k may be nil.
func (k *Keys) carriers() map[int]tink.AEAD {
	if k == nil {
		return nil
	}
	return k.carrying
}
