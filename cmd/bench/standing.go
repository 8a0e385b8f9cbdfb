package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/cluster"
)

// manyPeople is how many citizens a year of a million vouchers has.
const manyPeople = 156_000

// standing is a database with a year in it.
type standing struct {
	url            string // as FASTHOLD_DATABASE_URL has it
	keys, dataKeys string
	token          string // of somebody of finance
}

func (y standing) name() string {
	if strings.HasPrefix(y.url, "postgres") {
		return "PostgreSQL"
	}
	return "SQLite"
}

// env is what the program is told in its environment.
func (y standing) env() []string {
	return []string{"FASTHOLD_DATABASE_URL=" + y.url, "FASTHOLD_CODE_KEYS=" + y.keys, "FASTHOLD_DATA_KEYS=" + y.dataKeys}
}

// overYears makes a year on PostgreSQL, copies it to SQLite, and measures both. A
// year that `bench verify -hold` keeps is measured instead when the environment
// names it.
func overYears(ctx context.Context, people int, measure func(dir string, y standing) error) error {
	dir, err := os.MkdirTemp("", "fasthold-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if held := os.Getenv("FASTHOLD_DATABASE_URL"); held != "" {
		y := standing{url: held, keys: os.Getenv("FASTHOLD_CODE_KEYS"), dataKeys: os.Getenv("FASTHOLD_DATA_KEYS")}
		if y.token, err = financier(ctx, y.url); err != nil {
			return err
		}
		return measure(dir, y)
	}
	pg, err := cluster.Start(ctx, cluster.Options{Settings: map[string]string{"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop() }()
	made, err := seedYear(ctx, pg.URL(), people)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	served, err := application(pg.URL())
	if err != nil {
		return err
	}
	y := standing{url: served, keys: made.keys, dataKeys: made.dataKeys}
	if y.token, err = financier(ctx, y.url); err != nil {
		return err
	}
	if err := measure(dir, y); err != nil {
		return err
	}
	y.url = "sqlite:" + filepath.Join(dir, "year.db")
	if err := toSQLite(ctx, pg.URL(), y.url); err != nil {
		return fmt.Errorf("copy to SQLite: %w", err)
	}
	return measure(dir, y)
}

// financier gives a token of somebody of finance, who may have everything that is
// measured.
func financier(ctx context.Context, url string) (token string, err error) {
	st, err := store.Open(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { _ = st.Close() }()
	all, _, err := st.Municipalities(ctx, store.Page{Limit: 1})
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", errors.New("no municipality: make the year first")
	}
	entry := access.New(st, func() time.Time { return time.Now().UTC() })
	home := domain.Actor{MunicipalityID: all[0].MunicipalityID, Role: domain.System, Person: "system:bench"}
	_, token, err = entry.CreateToken(ctx, home, access.TokenInput{Person: "finance3@bench", Role: domain.Finance})
	return token, err
}
