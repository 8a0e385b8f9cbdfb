package vouchers

import (
	"bytes"
	"fmt"
	"log"
	"log/slog"
	"os"
	"sync"
	"testing"
)

// lockedBuffer takes what several goroutines log.
type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

// TestMain looks for personal data in all that the run has logged, though the use
// cases log nothing.
func TestMain(m *testing.M) {
	var logged lockedBuffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	log.SetOutput(&logged)
	status := m.Run()
	if in := found(logged.String()); len(in) > 0 {
		fmt.Fprintf(os.Stderr, "the log has %q in it\n", in)
		status = 1
	}
	os.Exit(status)
}
