package api

import (
	"context"
	"crypto/sha256"

	"github.com/fasthold/fasthold/vouchers"
)

type askedKey struct{}

// withAsked keeps a hash of what was asked for: the operation, its address and
// its body.
func withAsked(ctx context.Context, asked []byte) context.Context {
	return context.WithValue(ctx, askedKey{}, sha256.Sum256(asked))
}

// idempotency gives a caller's Idempotency-Key with what it was sent for.
func idempotency(ctx context.Context, header string) vouchers.Key {
	asked, _ := ctx.Value(askedKey{}).([sha256.Size]byte)
	return vouchers.Key{Value: header, Hash: asked}
}

// replayed is the Idempotency-Replayed header: nil, so none, for a first answer.
func replayed(again bool) *string {
	if !again {
		return nil
	}
	yes := "true"
	return &yes
}
