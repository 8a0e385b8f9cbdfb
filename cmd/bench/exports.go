package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What a million rows as a file may take.
const (
	longestExport = time.Minute
	mostMemory    = 200 << 20 // bytes that the serving process holds at most
)

// wantedExport is one that is measured, and a little more than a million rows.
type wantedExport struct {
	what, format, filters string
	stream                string // where the rows come from at once; "": a file is made first
}

var wantedExports = []wantedExport{
	{"vouchers", "csv", `{}`, ""},
	{"postings", "csv", `{"account": "payable"}`, ""},
	{"vouchers", "xlsx", `{}`, ""},
	{"postings", "xlsx", `{"account": "payable"}`, ""},
	{"postings", "csv", "", "/v1/postings?format=csv&account=payable"},
}

// exporting measures exports over a year, as somebody of finance asks for them and
// gets them, and the journal as it streams: `bench exports`. Each has a server
// of its own, so that the memory is its own.
func exporting(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench exports", flag.ContinueOnError)
	people := flags.Int("people", manyPeople, "citizens with six vouchers each")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return overYears(ctx, *people, func(dir string, y standing) error {
		binary, err := build(ctx, dir)
		if err != nil {
			return err
		}
		fmt.Printf("\n%s\n\n| rows | file | until made | until fetched | processor | memory | steps seen | |\n|---|---|---|---|---|---|---|---|\n", y.name())
		tooMuch := 0
		for _, wanted := range wantedExports {
			m, err := measureExport(ctx, binary, dir, y, wanted)
			if err != nil {
				return fmt.Errorf("%s as %s: %w", wanted.what, wanted.format, err)
			}
			fmt.Println(m)
			if m.tooMuch() {
				tooMuch++
			}
		}
		if tooMuch > 0 {
			return fmt.Errorf("%d exports took more than %s or %d MB", tooMuch, longestExport, mostMemory>>20)
		}
		return nil
	})
}

// exported is what one export took.
type exported struct {
	wantedExport
	rows, bytes int64
	made        time.Duration // until it was done
	fetched     time.Duration // until the last byte was there, from when it was asked for
	steps       int           // different numbers of rows done that were seen on the way
	used        spent
}

func (m exported) tooMuch() bool { return m.fetched > longestExport || m.used.memory > mostMemory }

func (m exported) String() string {
	made, verdict := m.made.Round(100*time.Millisecond).String(), "ok"
	if m.stream != "" {
		made = "streamed"
	}
	if m.tooMuch() {
		verdict = "TOO MUCH"
	}
	return fmt.Sprintf("| %d %s | %s, %d MB | %s | %s | %s | %d MB | %d | %s |", m.rows, m.what, m.format, m.bytes>>20,
		made, m.fetched.Round(100*time.Millisecond), m.used.processor.Round(100*time.Millisecond), m.used.memory>>20, m.steps, verdict)
}

// export is what the API says of one.
type export struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	RowsTotal int64  `json:"rows_total"`
	RowsDone  int64  `json:"rows_done"`
	FileURL   string `json:"file_url"`
	Failure   string `json:"failure"`
}

func measureExport(ctx context.Context, binary, dir string, y standing, wanted wantedExport) (exported, error) {
	server, err := startServer(ctx, binary, y.env())
	if err != nil {
		return exported{}, err
	}
	defer server.stop()
	c := caller{"http://" + server.address, y.token}
	before, err := server.spent()
	if err != nil {
		return exported{}, err
	}
	m, began, e := exported{wantedExport: wanted}, time.Now(), export{FileURL: wanted.stream}
	if wanted.stream == "" {
		if e, err = c.follow(ctx, wanted, &m); err != nil {
			return m, err
		}
		m.made = time.Since(began)
	}
	path := filepath.Join(dir, "file."+wanted.format)
	if m.bytes, err = c.fetch(ctx, e.FileURL, path); err != nil {
		return m, err
	}
	m.fetched = time.Since(began)
	if m.used, err = server.spent(); err != nil {
		return m, err
	}
	m.used.processor -= before.processor
	m.rows, err = rowsIn(path, wanted.format)
	if err == nil && wanted.stream == "" && m.rows != e.RowsTotal {
		err = fmt.Errorf("there are %d rows in the file, %d were announced", m.rows, e.RowsTotal)
	}
	return m, err
}

// caller is somebody with a token.
type caller struct{ address, token string }

// ask sends a request, and reads the answer into.
func (c caller) ask(ctx context.Context, method, path, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.address+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprint("bench-", time.Now().UnixNano()))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode/100 != 2 {
		said, _ := io.ReadAll(answer.Body)
		return fmt.Errorf("%s %s: %s %s", method, path, answer.Status, said)
	}
	if file, ok := into.(io.Writer); ok {
		_, err = io.Copy(file, answer.Body)
		return err
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// follow asks for an export and waits until it is done.
func (c caller) follow(ctx context.Context, wanted wantedExport, m *exported) (e export, err error) {
	body := fmt.Sprintf(`{"what": %q, "format": %q, "filters": %s}`, wanted.what, wanted.format, wanted.filters)
	err = c.ask(ctx, http.MethodPost, "/v1/exports", body, &e)
	for last := int64(0); err == nil && e.State != "done"; time.Sleep(200 * time.Millisecond) {
		if err = c.ask(ctx, http.MethodGet, "/v1/exports/"+e.ID, "", &e); err == nil && e.State == "failed" {
			err = fmt.Errorf("it failed: %s", e.Failure)
		}
		if e.RowsDone != last {
			last, m.steps = e.RowsDone, m.steps+1
		}
	}
	return e, err
}

// fetch downloads a file, and gives its bytes.
func (c caller) fetch(ctx context.Context, from, to string) (size int64, err error) {
	file, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	err = c.ask(ctx, http.MethodGet, from, "", file)
	size, wrong := file.Seek(0, io.SeekEnd)
	return size, errors.Join(err, wrong, file.Close())
}

// rowsIn counts the rows of a file, its headings apart, and the last sheet of a
// workbook, which says what the file is of.
func rowsIn(path, format string) (rows int64, err error) {
	if format == "csv" {
		file, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		defer func() { _ = file.Close() }()
		rows, err = occurs(file, '\n', nil)
		return rows - 1, err
	}
	book, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = book.Close() }()
	last := int64(0)
	for _, part := range book.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			continue
		}
		sheet, err := part.Open()
		if err != nil {
			return 0, err
		}
		n, err := occurs(sheet, '>', []byte("</row>"))
		if err != nil {
			return 0, err
		}
		rows, last = rows+n-1, n-1
	}
	return rows - last, nil
}

// occurs counts pieces up to end that end in suffix.
func occurs(from io.Reader, end byte, suffix []byte) (n int64, err error) {
	in := bufio.NewReaderSize(from, 1<<16)
	for {
		piece, err := in.ReadSlice(end)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if bytes.HasSuffix(piece, suffix) {
			n++
		}
	}
}
