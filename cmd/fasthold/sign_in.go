package main

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/access"
)

// The variables that say how long a person's sign-in lasts.
const (
	idleVariable = "FASTHOLD_SIGN_IN_IDLE"
	mostVariable = "FASTHOLD_SIGN_IN_MOST"
)

// longestSignIn bounds what a sign-in may last: who was let go yesterday must not
// be signed in tomorrow.
const longestSignIn = 24 * time.Hour

// signIns reads how long a person's sign-in lasts.
func (c config) signIns() (l access.Limits, err error) {
	if l.Idle, err = minutes(idleVariable, c.SignInIdle); err != nil {
		return l, err
	}
	if l.Most, err = minutes(mostVariable, c.SignInMost); err != nil {
		return l, err
	}
	if l.Idle > l.Most {
		return l, fmt.Errorf("%s is longer than %s: a sign-in cannot rest for longer than it lasts", idleVariable, mostVariable)
	}
	return l, nil
}

func minutes(variable, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > longestSignIn || d%time.Minute != 0 {
		return 0, fmt.Errorf("%s is %q: write whole minutes or hours, from 1m to 24h, like 30m or 10h", variable, text)
	}
	return d, nil
}
