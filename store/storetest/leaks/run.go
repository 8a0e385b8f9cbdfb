package leaks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// written is what tests said that the service wrote.
type written struct {
	lock sync.Mutex
	text bytes.Buffer
}

// Write takes what the service writes.
func (w *written) Write(p []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.text.String()
}

// What a run wrote, by where it went.
var logs, addresses, answers, pages written

// Log is where the logs of the servers and jobs under test go, and the standard
// error of programs that tests start.
var Log io.Writer = &logs

// Logged is all that went to Log so far.
func Logged() string { return logs.String() }

// Address notes an address that a server was asked for or sent somebody to: path
// and query.
func Address(address string) { fmt.Fprintln(&addresses, address) }

// Answer notes an answer that refuses: its body.
func Answer(body string) { fmt.Fprintln(&answers, body) }

// Page notes a page that operators read: the metrics.
func Page(text string) { fmt.Fprintln(&pages, text) }

// inner is set for the process that runs the tests.
const inner = "FASTHOLD_TEST_LEAKS"

// Main runs a package's tests and ends the process: with failure also when
// something leaked. The fuzzer's processes are let be.
func Main(m *testing.M) {
	fuzzing := slices.ContainsFunc(os.Args[1:], func(arg string) bool { return strings.HasPrefix(strings.TrimLeft(arg, "-"), "test.fuzz") })
	if fuzzing {
		os.Exit(m.Run())
	}
	if os.Getenv(inner) == "" {
		os.Exit(outside())
	}
	status := m.Run()
	for what, w := range map[string]*written{"a log": &logs, "an address": &addresses, "a refusal": &answers, "the metrics": &pages} {
		status = max(status, report(what, w.String()))
	}
	os.Exit(status)
}

// outside runs the tests in another process and reads its standard error: what
// slog and log write where nobody gave them anything else, and panics.
func outside() int {
	var said written
	tests := exec.Command(os.Args[0], os.Args[1:]...) //nolint:gosec,noctx // this very program, which ends by its own timeout
	tests.Env = append(os.Environ(), inner+"=1")
	tests.Stdin, tests.Stdout, tests.Stderr = os.Stdin, os.Stdout, io.MultiWriter(os.Stderr, &said)
	err := tests.Run()
	status := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		status = max(failed.ExitCode(), 1)
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	if status == 0 { // a test that fails may say on what
		status = report("standard error", said.String())
	}
	return status
}

// report prints what leaked; 1 when something did.
func report(where, text string) int {
	found := Find(text)
	for _, leak := range found {
		fmt.Printf("LEAK: %s has %s\n", where, leak)
	}
	return min(len(found), 1)
}
