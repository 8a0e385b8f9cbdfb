package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// request is one call, as the server will read it.
type request struct {
	path  string
	token string
	key   string // Idempotency-Key; "" for none
	body  string
}

// client keeps one connection and sends one request after another. It writes
// HTTP itself, because on two cores the clients share the processor with what
// they measure.
type client struct {
	conn   net.Conn
	reader *bufio.Reader
	buffer []byte
}

func connect(ctx context.Context, address string) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, reader: bufio.NewReader(conn)}, nil
}

// post sends a request and gives the answer's status and body.
func (c *client) post(r request) (int, []byte, error) {
	b := append(c.buffer[:0], "POST "...)
	b = append(b, r.path...)
	b = append(b, " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Bearer "...)
	b = append(b, r.token...)
	if r.key != "" {
		b = append(append(b, "\r\nIdempotency-Key: "...), r.key...)
	}
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(r.body)), 10)
	b = append(append(b, "\r\n\r\n"...), r.body...)
	c.buffer = b
	if _, err := c.conn.Write(b); err != nil {
		return 0, nil, err
	}
	return c.answer()
}

// answer reads an answer's status and body, which is of a length told before or
// in chunks.
func (c *client) answer() (status int, body []byte, err error) {
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	if status, err = strconv.Atoi(string(line[len("HTTP/1.1 "):][:3])); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		if line, err = c.line(); err != nil {
			return 0, nil, err
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			length, err = strconv.Atoi(string(value))
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		case len(line) == 0 && chunked:
			body, err = c.chunks()
			return status, body, err
		case len(line) == 0:
			body = make([]byte, length)
			_, err = io.ReadFull(c.reader, body)
			return status, body, err
		}
		if err != nil {
			return 0, nil, err
		}
	}
}

// chunks reads a body that comes in chunks, up to the empty one.
func (c *client) chunks() (body []byte, err error) {
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(string(line), 16, 32)
		if err != nil {
			return nil, err
		}
		chunk := make([]byte, n+2) // and the line's end
		if _, err := io.ReadFull(c.reader, chunk); err != nil || n == 0 {
			return body, err
		}
		body = append(body, chunk[:n]...)
	}
}

func (c *client) line() ([]byte, error) {
	line, err := c.reader.ReadSlice('\n')
	return bytes.TrimRight(line, "\r\n"), err
}

// outcome is what one run measured, or several together.
type outcome struct {
	took       time.Duration
	latencies  []time.Duration // of the requests that succeeded
	errors     int
	firstError string
}

func (o outcome) rate() float64 { return float64(len(o.latencies)) / o.took.Seconds() }

// add puts another run to this one.
func (o *outcome) add(other outcome) {
	o.took += other.took
	o.latencies = append(o.latencies, other.latencies...)
	o.errors += other.errors
	o.firstError = cmp.Or(o.firstError, other.firstError)
}

// quantile gives the latency that this share of the requests did not exceed.
func (o outcome) quantile(share float64) time.Duration {
	slices.Sort(o.latencies)
	return o.latencies[int(share*float64(len(o.latencies)-1))]
}

// warmUp is sent before a run is measured.
const warmUp = time.Second

// drive sends what next makes from n clients for a while, each as soon as it
// has its last answer. want is the status that is no error.
func drive(ctx context.Context, address string, n int, d time.Duration, want int, next func(client int) request) (outcome, error) {
	var wait sync.WaitGroup
	var failed atomic.Int64
	var first atomic.Pointer[string]
	latencies := make([][]time.Duration, n)
	begin := time.Now().Add(warmUp)
	end := begin.Add(d)
	for i := range n {
		c, err := connect(ctx, address)
		if err != nil {
			return outcome{}, err
		}
		wait.Go(func() {
			defer func() { _ = c.conn.Close() }()
			for now := time.Now(); now.Before(end) && ctx.Err() == nil; {
				status, body, err := c.post(next(i))
				then := time.Now()
				if err != nil || status != want {
					failed.Add(1)
					said := strings.TrimSpace(fmt.Sprintln(status, strings.TrimSpace(string(body)), errText(err)))
					first.CompareAndSwap(nil, &said)
					if err != nil {
						return
					}
				} else if now.After(begin) {
					latencies[i] = append(latencies[i], then.Sub(now))
				}
				now = then
			}
		})
	}
	wait.Wait()
	all := slices.Concat(latencies...)
	if err := ctx.Err(); err != nil {
		return outcome{}, err
	}
	if len(all) == 0 {
		return outcome{}, fmt.Errorf("no request succeeded: %s", *first.Load())
	}
	o := outcome{took: d, latencies: all, errors: int(failed.Load())}
	if text := first.Load(); text != nil {
		o.firstError = *text
	}
	return o, nil
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
