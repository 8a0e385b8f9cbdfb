package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress is one line that says how far a job is. On a terminal it is written
// over itself; elsewhere, in a log or a pipe, only its first state is a line.
type progress struct {
	out      io.Writer
	terminal bool
	said     bool
	next     time.Time // not to be written again before this
}

const redrawEvery = 100 * time.Millisecond

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// show replaces what the line says.
func (p *progress) show(format string, args ...any) {
	switch now := time.Now(); {
	case !p.terminal && !p.said:
		fmt.Fprintf(p.out, format+"\n", args...)
	case p.terminal && now.After(p.next):
		fmt.Fprintf(p.out, "\r"+format+"\x1b[K", args...)
		p.next = now.Add(redrawEvery)
	}
	p.said = true
}

// clear takes the line away from a terminal.
func (p *progress) clear() {
	if p.terminal && p.said {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	p.said, p.next = false, time.Time{}
}

// bar draws how much is done: [=======>      ].
func bar(done, total int) string {
	const width = 30
	filled := width
	if total > 0 {
		filled = width * min(done, total) / total
	}
	return "[" + strings.Repeat("=", filled) + strings.Repeat(" ", width-filled) + "]"
}
