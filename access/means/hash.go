package means

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/fasthold/fasthold/domain"
)

// Params are what a password costs to try: 64 MiB, three times over, on one
// thread, above what OWASP asks for and the memory of RFC 9106's second choice.
var Params = argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobodys is a random hash, which nobody knows a password for, with Params: a
// person who is not there costs as much as one whose password is wrong.
const nobodys = "$argon2id$v=19$m=65536,t=3,p=1$u2//eiYLOTXrzvo2vsYJCQ$KmZgR4DxuBj3xiHSn0suMAWQpKFuciy8cVgnAZXDOlY"

// longestQueue is how long somebody waits for their turn.
const longestQueue = 10 * time.Second

// Hasher hashes passwords, few at a time: guesses can exhaust neither memory nor
// processors. Those who come from a device that is known have a queue of their
// own, so that strangers cannot keep them waiting.
type Hasher struct{ strangers, known chan struct{} }

// NewHasher makes a Hasher that does so many at once in each queue.
func NewHasher(atOnce int) *Hasher {
	return &Hasher{make(chan struct{}, atOnce), make(chan struct{}, atOnce)}
}

// Hash gives a password's hash, to be stored. Unavailable when too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = turn(ctx, h.known, func() error {
		hash, err = argon2id.CreateHash(normal(password), &Params)
		return err
	})
	return hash, err
}

// Verify reports whether it is the password that was hashed. Where there is no
// hash it takes as long and is not. Unavailable when too many wait.
func (h *Hasher) Verify(ctx context.Context, password, hash string, known bool) (is bool, err error) {
	queue := h.strangers
	if known {
		queue = h.known
	}
	if len(password) > LongestPassword*4 {
		password, hash = "", "" // nobody's, and at no greater cost
	}
	there := hash != ""
	if !there {
		hash = nobodys
	}
	err = turn(ctx, queue, func() error {
		is, err = argon2id.ComparePasswordAndHash(normal(password), hash)
		return err
	})
	return is && there, err
}

// Do runs fn, which hashes something else at a like cost, when there is room among
// the known. Unavailable when too many wait: then fn was not run.
func (h *Hasher) Do(ctx context.Context, fn func() error) error { return turn(ctx, h.known, fn) }

// turn runs fn when there is room in a queue.
func turn(ctx context.Context, queue chan struct{}, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, longestQueue)
	defer cancel()
	select {
	case queue <- struct{}{}:
		defer func() { <-queue }()
		return fn()
	case <-ctx.Done():
		return domain.Errorf(domain.Unavailable, "busy", "too many people sign in just now: try again in a moment")
	}
}
