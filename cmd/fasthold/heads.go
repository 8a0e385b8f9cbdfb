package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// noteHeads is how often a server logs the head of each municipality's logs.
const noteHeads = time.Hour

// heads gives the job that logs heads: the log is kept where the database's
// administrators cannot write. Each goes on from the one before it; the first
// after a start reads everything.
func (j jobs) heads() func(context.Context, domain.ID) error {
	last := map[domain.ID]vouchers.Head{}
	return func(ctx context.Context, municipality domain.ID) error {
		from, known := last[municipality]
		if !known {
			from.Municipality = municipality
		}
		head, err := j.Head(ctx, from)
		if err != nil {
			return err
		}
		last[municipality] = head
		j.log.InfoContext(ctx, "head of the logs", "head", head.String())
		return nil
	}
}

// keptHeads reads the heads in a file; none when no file is named.
func keptHeads(file string) ([]vouchers.Head, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--heads: %w", err)
	}
	heads := vouchers.ReadHeads(string(text))
	if len(heads) == 0 {
		return nil, fmt.Errorf("--heads: there is no head in %s: fasthold verify prints them, and serve logs them", file)
	}
	return heads, nil
}

// checkHeads compares the logs with the heads that were kept, prints what it
// found, and counts the differences.
func (p *program) checkHeads(ctx context.Context, s *site, municipality domain.ID, kept []vouchers.Head) (int, error) {
	differences, compared, err := s.CheckHeads(ctx, municipality, kept)
	if err != nil {
		return 0, err
	}
	for _, d := range differences {
		fmt.Fprintln(p.stdout, "  DIFFERENCE:", d)
	}
	if compared > 0 {
		fmt.Fprintf(p.stdout, "  %s of the logs compared\n", count(compared, "head"))
	}
	return len(differences), nil
}
