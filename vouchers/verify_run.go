package vouchers

import (
	"fmt"
	"slices"
	"time"

	"github.com/fasthold/fasthold/store"
)

// check is one kind of row or figure, and how it is derived again.
type check struct {
	name  string
	run   func(verifier) (rows int, err error)
	after []string // what must be done before
}

// checked is a check that has ended.
type checked struct {
	Check
	tx  *store.Tx
	err error
}

// run lets every transaction do checks until all are done, each as early as what
// it needs is known. After an error nothing new begins.
func (v verifier) run(txs []*store.Tx, checks []check) (err error) {
	ended, done, idle := make(chan checked), map[string]bool{}, slices.Clone(txs)
	for len(checks) > 0 || len(idle) < len(txs) {
		i := slices.IndexFunc(checks, func(c check) bool {
			return !slices.ContainsFunc(c.after, func(name string) bool { return !done[name] })
		})
		if i >= 0 && len(idle) > 0 && err == nil {
			go v.check(checks[i], idle[0], ended)
			checks, idle = slices.Delete(checks, i, i+1), idle[1:]
			continue
		}
		if len(idle) == len(txs) {
			return err
		}
		one := <-ended
		if one.err != nil && err == nil {
			err = fmt.Errorf("verify %s: %w", one.Name, one.err)
		}
		done[one.Name], idle, v.Checks = true, append(idle, one.tx), append(v.Checks, one.Check)
	}
	return err
}

func (v verifier) check(c check, tx *store.Tx, ended chan<- checked) {
	began := time.Now()
	rows, err := c.run(verifier{v.Service, v.learnt, tx})
	ended <- checked{Check{c.name, rows, time.Since(began)}, tx, err}
}
