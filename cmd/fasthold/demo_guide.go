package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// demoGuide tells who starts the demo what there is and what to try.
type demoGuide struct {
	*site
	folder   demoFolder
	tokens   map[domain.Role]string
	finance2 string   // the token of the other person of finance
	address  string   // for programs
	public   *url.URL // for browsers
	door     *api.DemoDoor
}

// print writes the guide: address, one token a role, how to sign in, and the
// lines to run.
func (g demoGuide) print(ctx context.Context, out io.Writer, now time.Time) error {
	fmt.Fprintf(out, "Fasthold demo of %s, all of it invented\n\n  %s\n\nOne token a role, for Authorization: Bearer … (kept in %s):\n\n", demoMunicipality, g.public, g.folder.file(demoBuilt))
	for _, role := range domain.Roles {
		fmt.Fprintf(out, "  %-14s %s\n", role, g.tokens[role])
		if role == domain.Finance {
			fmt.Fprintf(out, "  %-14s %s\n", "finance_2", g.finance2) // who makes a settlement does not approve it
		}
	}
	if err := g.doors(ctx, out); err != nil {
		return err
	}
	plan, err := g.almost(ctx, now)
	if err != nil {
		return err
	}
	if plan == (domain.ID{}) {
		fmt.Fprintf(out, "\nThis demo's treatments are over by now: fasthold demo --fresh starts over.\n")
		return nil
	}
	fmt.Fprintf(out, "\nEight lines to run in another terminal, in this order (curl -K reads the role's token from a file):\n")
	for i, line := range g.lines(plan, now) {
		fmt.Fprintf(out, "\n  %d. %s:\n%s\n", i+1, line.says, line.shell)
	}
	fmt.Fprintf(out, "\nTo derive its books and awards again and name what differs (fasthold verify needs the demo's keys):\n%s\n", g.verify())
	return nil
}

// verify is the line that checks the demo.
func (g demoGuide) verify() string {
	return "FASTHOLD_DATABASE_URL=" + quote("sqlite:"+g.folder.file(demoDatabase)) + " FASTHOLD_CODE_KEYS_FILE=" + quote(g.folder.file(demoKeys)) +
		" FASTHOLD_DATA_KEYS_FILE=" + quote(g.folder.file(demoDataKeys)) + " go run ./cmd/fasthold verify"
}

// almost finds a plan in reach of the caseworker for which one more visit today
// earns a voucher; the zero ID when there is none.
func (g demoGuide) almost(ctx context.Context, now time.Time) (domain.ID, error) {
	caseworker, err := g.access.Authenticate(ctx, g.tokens[domain.Caseworker])
	if err != nil {
		return domain.ID{}, fmt.Errorf("the demo's token: %w: start over with --fresh", err)
	}
	page := store.Page{Limit: pageSize}
	for more := true; more; {
		l, err := g.Enrolments(ctx, caseworker, page, vouchers.EnrolmentFilter{State: "active"})
		if err != nil {
			return domain.ID{}, err
		}
		for _, e := range l.Rows {
			p, err := g.Progress(ctx, caseworker, e.ID)
			if err != nil {
				return domain.ID{}, err
			}
			// Today by UTC is never after today at the site.
			if !p.Progress.Finished && p.Progress.MetTowardsNext+1 == p.Progress.NeededForNext && domain.DateOf(now, time.UTC).Before(p.Progress.LastDay) {
				return e.PlanID, nil
			}
			page.After = e.ID
		}
		more = l.More
	}
	return domain.ID{}, nil
}

// demoLine is one thing to try.
type demoLine struct{ says, shell string }

// lines are for any POSIX shell, one by one or all at once. Their keys and
// numbers are those of this start, so that running a line again replays it.
func (g demoGuide) lines(plan domain.ID, now time.Time) []demoLine {
	file := func(name string) string { return quote(g.folder.file(name)) }
	words := strings.NewReplacer(
		"CASEWORKER", "curl --fail-with-body -K "+file(curlConfig(domain.Caseworker)),
		"REVEAL", "curl --fail -K "+file(curlConfig(domain.Caseworker)),
		"TILL", "curl --fail-with-body -K "+file(curlConfig(domain.PartnerRole)),
		"FINANCE", "curl --fail-with-body -K "+file(curlConfig(domain.Finance)),
		"API", "http://"+g.address+"/v1", "VOUCHER", "$(grep -o 'vch_[0-9a-f]*' "+file(demoEarned)+" | head -n 1)",
		"EARNED", file(demoEarned), "PICTURE", file(demoPicture), "CODE", file(demoCode),
		"PLAN", api.PlanID(plan).String(), "NOW", now.UTC().Format("2006-01-02T15:04:05Z"), "KEY", "demo-"+strconv.FormatInt(now.UnixMilli(), 36),
	)
	lines := []demoLine{
		{
			"A caseworker records an attendance, and it earns a voucher",
			`CASEWORKER API/attendances -H 'Idempotency-Key: KEY' --json '{"plan_id":"PLAN","occurred_at":"NOW","kind":"individual","outcome":"attended"}' | tee EARNED`,
		},
		{
			"Its QR code as a picture",
			`CASEWORKER API/vouchers/VOUCHER/qr.png -o PICTURE -w 'saved %{filename_effective}: %{content_type}, %{size_download} bytes\n'`,
		},
		{
			"The citizen shows the code, and a shop's till checks it",
			`REVEAL API/vouchers/VOUCHER/code -o CODE; TILL API/voucher-checks --json "$(sed 's/,.*/}/' CODE)"`,
		},
		{
			"The till redeems it",
			`TILL API/redemptions -H 'Idempotency-Key: KEY' --json "$(sed 's/,.*/,"client_redemption_id":"KEY"}/' CODE)"`,
		},
		{
			"The till redeems it again, and is refused",
			`TILL API/redemptions -H 'Idempotency-Key: KEY-again' --json "$(sed 's/,.*/,"client_redemption_id":"KEY-again"}/' CODE)"`,
		},
		{
			"Finance sees what was spent, by partner",
			`FINANCE 'API/reports/spend?group_by=partner'`,
		},
		{
			"What became of the budget: reserved, issued, redeemed, settled, lapsed and left",
			`FINANCE API/budget-figures`,
		},
		{
			"The runs in which the shops are paid; the newest waits for finance_2 to approve it",
			`FINANCE 'API/settlement-runs?limit=2'`,
		},
	}
	for i := range lines {
		lines[i].shell = words.Replace(lines[i].shell)
	}
	return lines
}

// quote makes a text one word of a POSIX shell.
func quote(text string) string {
	plain := func(r rune) bool { return strings.ContainsRune("/._-", r) || unicode.IsLetter(r) || unicode.IsDigit(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
