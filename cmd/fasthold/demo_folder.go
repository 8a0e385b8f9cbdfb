package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// demoFolder is where a demo lives. All its files have names of its own, so
// that starting over in a folder that holds other things leaves those alone.
type demoFolder string

const (
	demoDatabase = "demo.db"
	demoKeys     = "demo-keys"
	demoDataKeys = "demo-data-keys"
	demoBuilt    = "demo-tokens.json" // written last: a folder with it is whole

	// What the printed lines leave for each other and for the reader.
	demoEarned  = "demo-earned.json"
	demoCode    = "demo-code.json"
	demoPicture = "demo-voucher.png"

	demoScan = "demo-scan.png" // a voucher for the shop's page

	demoFinance2Curl = "demo-finance-2.curl"
)

// demoState is what a later start needs to know of a demo that was built.
type demoState struct {
	Municipality string                 `json:"municipality"`
	Tokens       map[domain.Role]string `json:"tokens"`    // one a role; partner's is a till's
	Finance2     string                 `json:"finance_2"` // of the other person of finance
}

func (f demoFolder) file(name string) string { return filepath.Join(string(f), name) }

// prepare makes the folder, and empties it of a demo when fresh.
func (f demoFolder) prepare(fresh bool) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	if fresh {
		return f.clear()
	}
	return nil
}

// clear removes a demo, and nothing else.
func (f demoFolder) clear() error {
	names := []string{demoFinance2Curl, demoBuilt, demoKeys, demoDataKeys, demoEarned, demoCode, demoPicture, demoScan, demoDatabase, demoDatabase + "-wal", demoDatabase + "-shm"}
	for _, role := range domain.Roles {
		names = append(names, curlConfig(role))
	}
	for _, name := range names {
		if err := os.Remove(f.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// load reads what was built; done is false when nothing was, or not to the end.
func (f demoFolder) load() (built demoState, done bool, err error) {
	text, err := os.ReadFile(f.file(demoBuilt))
	if errors.Is(err, fs.ErrNotExist) {
		return built, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &built)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w: start over with --fresh", f.file(demoBuilt), err)
	}
	return built, err == nil, err
}

// save marks the folder as whole. The tokens have their only copy here: the
// database holds hashes.
func (f demoFolder) save(built demoState) error {
	calls := map[string]string{demoFinance2Curl: built.Finance2}
	for role, token := range built.Tokens {
		calls[curlConfig(role)] = token
	}
	for name, token := range calls {
		if err := os.WriteFile(f.file(name), []byte(curlOptions(token)), 0o600); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(built, "", "  ")
	if err != nil {
		return err
	}
	half := f.file(demoBuilt + ".new")
	if err := os.WriteFile(half, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(half, f.file(demoBuilt))
}

// curlConfig names the file with which curl calls as that role: curl -K file.
func curlConfig(role domain.Role) string {
	return "demo-" + strings.ReplaceAll(string(role), "_", "-") + ".curl"
}

// curlOptions say who calls, and not what is sent: with --json it is JSON, and with -F
// a file.
func curlOptions(token string) string {
	return "silent\nshow-error\nheader = \"Authorization: Bearer " + token + "\"\n"
}

// secrets reads the folder's keys, or makes them.
func (f demoFolder) secrets() (s secrets, err error) {
	codes, err := f.keys(demoKeys)
	if err != nil {
		return s, err
	}
	data, err := f.keys(demoDataKeys)
	if err != nil {
		return s, err
	}
	if s.codes, err = code.ParseKeyRing(codes); err == nil {
		s.data, err = vault.Parse(data)
	}
	return s, err
}

// keys reads a file of keys, or makes it.
func (f demoFolder) keys(name string) (string, error) {
	text, err := os.ReadFile(f.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(keys.Generate(1))
		err = os.WriteFile(f.file(name), slices.Concat(text, []byte("\n")), 0o600)
	}
	return strings.TrimSpace(string(text)), err
}
