package api

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/fasthold/fasthold/api/web"
)

// danish gives a text of the catalogue as a page has it.
func danish(key string, args ...any) string { return web.Text(web.Danish, key, args...) }

// json64 reads a part of a token.
func json64(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func to64(v any) string { return base64.RawURLEncoding.EncodeToString(ok(json.Marshal(v))) }

// cut leaves a token's signature out.
func cut(token string) string { return token[:strings.LastIndex(token, ".")+1] }

// unsigned is a token of the algorithm none.
func unsigned(claims map[string]any) string {
	return to64(map[string]string{"alg": "none", "typ": "JWT"}) + "." + to64(claims) + "."
}

// hmacSigned is a token signed with a secret that both sides know.
func hmacSigned(claims map[string]any, secret string) string {
	signer := ok(jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat(secret, 4))}, nil))
	return ok(ok(signer.Sign(ok(json.Marshal(claims)))).CompactSerialize())
}

// spliced is a token with another claim under the old signature.
func spliced(token string, claims map[string]any, name string, value any) string {
	parts := strings.Split(token, ".")
	claims[name] = value
	return parts[0] + "." + to64(claims) + "." + parts[2]
}
