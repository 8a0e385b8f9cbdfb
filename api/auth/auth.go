// Package auth finds out who is calling and carries the answer to the handlers
// in the request's context: the generated handlers do not see Echo.
package auth

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/domain"
)

// Caller finds who a bearer token's text belongs to. Unauthenticated when it is
// nobody's.
type Caller func(ctx context.Context, token string) (domain.Actor, error)

type contextKey struct{}

// WithActor gives a context that carries who is calling.
func WithActor(ctx context.Context, a domain.Actor) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// Actor gives who is calling: nobody, who may do nothing, when no one was found.
func Actor(ctx context.Context) domain.Actor {
	a, _ := ctx.Value(contextKey{}).(domain.Actor)
	return a
}

// Require lets nobody through without a token that find knows.
func Require(find Caller) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			token, ok := bearer(r.Header.Get(echo.HeaderAuthorization))
			if !ok {
				return domain.Errorf(domain.Unauthenticated, "unauthenticated", "send a bearer token in the Authorization header: Authorization: Bearer fht_…")
			}
			actor, err := find(r.Context(), token)
			if err != nil {
				return err
			}
			actor.Address = c.RealIP()
			actor.RequestID = c.Response().Header().Get(echo.HeaderXRequestID)
			c.SetRequest(r.WithContext(WithActor(r.Context(), actor)))
			return next(c)
		}
	}
}

// bearer gives the token of an Authorization header; the scheme's name is in any
// case (RFC 9110).
func bearer(header string) (token string, ok bool) {
	scheme, token, ok := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, ok && strings.EqualFold(scheme, "bearer") && token != ""
}
