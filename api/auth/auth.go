// Package auth finds out who is calling and carries the answer to the handlers
// in the request's context: the generated handlers do not see Echo.
package auth

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/domain"
)

// Caller finds whom a secret's text lets in. Unauthenticated when it is nobody's.
type Caller func(ctx context.Context, text string) (domain.Actor, error)

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

// Require lets nobody through without a secret that find knows: a bearer token,
// or else one of these cookies, the first that holds. Each kind of secret counts
// only where it belongs: a sign-in in its cookie, a token in the header.
func Require(find Caller, cookies ...string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			actor, err := who(c, find, cookies)
			if err != nil {
				return err
			}
			Let(c, actor)
			return next(c)
		}
	}
}

// Nobody lets everybody through, as nobody: an operation that needs no secret
// still knows where it is asked from.
func Nobody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		Let(c, domain.Actor{})
		return next(c)
	}
}

// Let makes the rest of the request act as this actor, from its address and
// under its number.
func Let(c echo.Context, actor domain.Actor) {
	actor.Address = c.RealIP()
	actor.RequestID = c.Response().Header().Get(echo.HeaderXRequestID)
	c.SetRequest(c.Request().WithContext(WithActor(c.Request().Context(), actor)))
}

// who finds who is calling.
func who(c echo.Context, find Caller, cookies []string) (domain.Actor, error) {
	r := c.Request()
	nobody := domain.Errorf(domain.Unauthenticated, "unauthenticated", "sign in, or send a bearer token in the Authorization header: Authorization: Bearer fht_…")
	if header := r.Header.Get(echo.HeaderAuthorization); header != "" {
		token, ok := bearer(header)
		if !ok {
			return domain.Actor{}, nobody
		}
		actor, err := find(r.Context(), token)
		if err == nil && actor.Kind != domain.ByToken && actor.Kind != domain.ByTerminal {
			return domain.Actor{}, nobody
		}
		return actor, err
	}
	var err error = nobody
	for _, name := range cookies {
		cookie, missing := r.Cookie(name)
		if missing != nil {
			continue
		}
		var actor domain.Actor
		if actor, err = find(r.Context(), cookie.Value); err == nil && actor.Kind == carries[name] {
			return actor, nil
		}
		if err == nil {
			err = nobody
		}
	}
	return domain.Actor{}, err
}

// bearer gives the token of an Authorization header; the scheme's name is in any
// case (RFC 9110).
func bearer(header string) (token string, ok bool) {
	scheme, token, ok := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, ok && strings.EqualFold(scheme, "bearer") && token != ""
}
