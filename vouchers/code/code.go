// Package code makes and reads the secret codes of vouchers (DESIGN.md
// decision 10). It is pure: no database, no clock.
//
// A code follows from its voucher's ID and a key, so that it need not be stored:
//
//	7XXX-XXXX-XXXY-YYYY-YYYC
//	│└ payload ──┘└ tag ──┘└ check symbol
//	└ number of the key
//
// The payload is 50 bits of a keyed hash of the voucher's ID. The tag is 40
// bits of a keyed hash of key number and payload, so that a forged code is
// told from a real one without a query. The check symbol needs no key, so that
// a till can tell a slip of the finger. The store finds a voucher by a third
// keyed hash, from which nobody without the key can get to a code.
//
// Neither code nor QR tells what the voucher is for or which system made it.
package code

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"

	"github.com/fasthold/fasthold/domain"
)

// Lookup is what the store keeps of a code, and finds its voucher by.
type Lookup struct {
	KeyID int    // number of the key that the code was made with, 1–31
	Hash  []byte // 32 bytes, HMAC-SHA256
}

// Make gives the code of a voucher, made with the current key. The same
// voucher and key always give the same code. Two vouchers could share a
// payload, though among a million the odds are 1 in 2,000 that any do: the
// store keeps Hash unique, and who is refused there takes a new voucher ID.
func (k *KeyRing) Make(voucherID domain.ID) (Secret, Lookup) {
	key := k.keys[k.current]
	w := key.word(voucherID)
	return Secret(w.text()), key.lookup(w)
}

// Remake gives the code that Make gave when keyID was the current key.
func (k *KeyRing) Remake(voucherID domain.ID, keyID int) (Secret, error) {
	key, err := k.key(keyID)
	if err != nil {
		return "", err
	}
	return Secret(key.word(voucherID).text()), nil
}

// Lookup gives what Make gave beside the code when keyID was the current key, for
// half the work.
func (k *KeyRing) Lookup(voucherID domain.ID, keyID int) (Lookup, error) {
	key, err := k.key(keyID)
	if err != nil {
		return Lookup{}, err
	}
	return key.lookup(key.payloadOf(voucherID)), nil
}

func (k *KeyRing) key(id int) (*key, error) {
	key, ok := k.keys[id]
	if !ok {
		return nil, domain.Errorf(domain.Unavailable, "code_key_missing",
			"the key that this voucher's code was made with is missing: put key %d back into %s", id, Variable)
	}
	return key, nil
}

// Verify reads a typed code or the text of a QR code, and proves that one of
// the ring's keys made it, before any query. Whether the voucher exists, and
// can be spent, only the store knows. Every refusal is a *domain.Error of kind
// NotFound and code "invalid".
func (k *KeyRing) Verify(text string) (Lookup, error) {
	w, err := parse(text)
	if err != nil {
		return Lookup{}, err
	}
	key, ok := k.keys[int(w[0])]
	if !ok || subtle.ConstantTimeCompare(key.tagOf(w), w[tagAt:checkAt]) != 1 {
		return Lookup{}, invalid("no voucher has it")
	}
	return key.lookup(w), nil
}

// word makes the whole code of a voucher.
func (k *key) word(voucherID domain.ID) word {
	w := k.payloadOf(voucherID)
	copy(w[tagAt:], k.tagOf(w))
	w[checkAt] = w.checkSymbol()
	return w
}

// payloadOf makes the code of a voucher as far as its payload.
func (k *key) payloadOf(voucherID domain.ID) (w word) {
	w[0] = k.id
	w.put(payloadAt, tagAt-payloadAt, first64(mac(k.payload, voucherID[:])))
	return w
}

// tagOf gives the eight symbols that only the key's owner can put behind w's
// key number and payload.
func (k *key) tagOf(w word) []byte {
	var t word
	t.put(tagAt, checkAt-tagAt, first64(mac(k.tag, w[:tagAt])))
	return t[tagAt:checkAt]
}

func (k *key) lookup(w word) Lookup {
	return Lookup{KeyID: int(k.id), Hash: mac(k.find, w[payloadAt:tagAt])}
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

func first64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
