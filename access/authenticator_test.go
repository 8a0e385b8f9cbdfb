package access

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/stretchr/testify/require"
)

// authenticator is a device with one passkey, as WebAuthn wants it: the real ones
// are in the tests with a browser (api).
type authenticator struct {
	t        testing.TB
	origin   string
	verified bool // it has made sure who uses it
	key      *ecdsa.PrivateKey
	id       []byte
	owner    []byte // user handle
	count    uint32
}

func newAuthenticator(t testing.TB) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &authenticator{t: t, origin: "https://fasthold.eksempel.dk", verified: true, key: key, id: id}
}

// data is what the device says of itself: RP, flags and count.
func (a *authenticator) data(flags byte) []byte {
	rp := sha256.Sum256([]byte("fasthold.eksempel.dk"))
	if a.verified {
		flags |= 4
	}
	a.count++
	return binary.BigEndian.AppendUint32(append(rp[:], flags|1), a.count)
}

func (a *authenticator) client(kind string, challenge protocol.URLEncodedBase64) []byte {
	return a.json(map[string]any{"type": kind, "challenge": challenge.String(), "origin": a.origin, "crossOrigin": false})
}

func (a *authenticator) json(v any) []byte {
	text, err := json.Marshal(v)
	require.NoError(a.t, err)
	return text
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// makes answers a ceremony that makes a passkey.
func (a *authenticator) makes(c Ceremony) []byte {
	options := c.Options.(*protocol.CredentialCreation).Response
	a.owner = options.User.ID.(protocol.URLEncodedBase64)
	public, err := a.key.PublicKey.ECDH()
	require.NoError(a.t, err)
	point := public.Bytes() // 4, X, Y
	cose, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)}, Curve: 1, XCoord: point[1:33], YCoord: point[33:],
	})
	require.NoError(a.t, err)
	data := append(a.data(0x40), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(a.id))), a.id...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, cose...)})
	require.NoError(a.t, err)
	return a.json(map[string]any{"id": encoded(a.id), "rawId": encoded(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": encoded(a.client("webauthn.create", options.Challenge)), "attestationObject": encoded(object),
	}})
}

// uses answers a ceremony that uses the passkey.
func (a *authenticator) uses(c Ceremony) []byte {
	client := a.client("webauthn.get", c.Options.(*protocol.CredentialAssertion).Response.Challenge)
	data, hashed := a.data(0), sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hashed[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	require.NoError(a.t, err)
	return a.json(map[string]any{"id": encoded(a.id), "rawId": encoded(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": encoded(client), "authenticatorData": encoded(data), "signature": encoded(signature), "userHandle": encoded(a.owner),
	}})
}
