package api

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"testing"
)

// everyLog is all that the servers of all tests have logged.
var everyLog lockedBuffer

type lockedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// marks are what is personal in the examples and in the worlds.
var marks = []string{
	"Anna Eksempel", "Bo Eksempel", "Ella Eksempel", "241203-5678", "2412035678", "170500-4321", "1705004321", "20 30 40 50", "20304050", "20304051", "20304059", "Jeg møder op", "Jeg m", "B-2001",
}

// TestMain looks for personal data in the logs of the whole run.
func TestMain(m *testing.M) {
	status := m.Run()
	for _, mark := range marks {
		if i := bytes.Index(everyLog.text.Bytes(), []byte(mark)); i >= 0 {
			fmt.Fprintf(os.Stderr, "%q is in the log: …%s…\n", mark, everyLog.text.Bytes()[max(0, i-200):i+len(mark)])
			status = 1
		}
	}
	os.Exit(status)
}
