package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fasthold/fasthold/api/signin"
)

// signInVariable names the file that says how staff sign in by OpenID Connect.
const signInVariable = "FASTHOLD_SIGN_IN_FILE"

// signIn reads how staff sign in; none where the variable is not set. The errors
// name the file's line and key.
func (c config) signIn() ([]signin.Settings, error) {
	if c.SignInFile == "" {
		return nil, nil
	}
	if c.PublicURL == "" {
		return nil, fmt.Errorf("%s needs %s: the provider sends people back there", signInVariable, publicVariable)
	}
	text, err := os.ReadFile(c.SignInFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", signInVariable, err)
	}
	settings, err := signin.ParseSettings(text, signin.Outside{Getenv: c.getenv, ReadFile: func(file string) ([]byte, error) { return readPrivate("client_secret_file", file) }})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", signInVariable, err)
	}
	return settings, nil
}

// providers makes the OpenID providers that the settings name.
func (s *site) providers(ctx context.Context, settings []signin.Settings, f front) (*signin.Providers, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	all, err := s.access.Directory(ctx)
	if err != nil {
		return nil, err
	}
	providers, err := signin.New(settings, all, f.public, s.data, time.Now)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", signInVariable, err)
	}
	return providers, nil
}
