package vouchers

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// noticed has a unit with a mailbox, and n notices for its leaders.
func noticed(t *testing.T, s *store.Store, n int) story {
	t.Helper()
	d := newStory(t, s)
	unit := must(d.Unit(t.Context(), d.as(domain.Administrator), d.unit.ID))
	must(d.UpdateUnit(t.Context(), d.as(domain.Administrator), unit.ID, unit.Version, UnitChange{NotifyEmail: new(" enhed@eksempel.dk ")}))
	c := d.citizen(t, "B-70")
	for range n {
		must(d.TakeEmergencyAccess(t.Context(), d.elsewhere(t), EmergencyInput{CitizenID: c.ID, Reason: whyNeeded}))
	}
	return d
}

// What waits is sent once; a failure is tried again, later and later.
func TestOutbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := noticed(t, s, 3)
		var sent []string
		down := true
		post := func(_ context.Context, address string) error {
			if down {
				return errors.New("down")
			}
			sent = append(sent, address)
			return nil
		}
		tries := func() (int, error) { return d.SendMail(t.Context(), d.home.MunicipalityID, post) }
		for _, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
			n, err := tries()
			require.True(t, n == 0 && err != nil)
			n, err = tries()
			require.True(t, n == 0 && err == nil, "not before its time")
			d.time.add(wait)
		}
		down = false
		n, err := tries()
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, []string{"enhed@eksempel.dk"}, sent, "one mail, however many notices")
		d.time.add(24 * time.Hour)
		require.Equal(t, 0, must(tries()))
		require.Equal(t, lastRetry, retry(1000))
	})
}

// Of servers that send at once one does; what one of them took and did not
// finish, because it was killed, is sent by the next when its time is up.
func TestOutboxAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := noticed(t, s, 1)
		killed := func(context.Context, string) error { panic("killed") }
		require.Panics(t, func() { _, _ = d.SendMail(t.Context(), d.home.MunicipalityID, killed) })
		sent := make(chan string, 9)
		post := func(_ context.Context, address string) error {
			select {
			case sent <- address:
				return nil
			default:
				return errors.New("too many")
			}
		}
		require.Equal(t, 0, must(d.SendMail(t.Context(), d.home.MunicipalityID, post)))
		d.time.add(time.Minute)
		send := func() {
			_, err := d.SendMail(context.WithoutCancel(t.Context()), d.home.MunicipalityID, post)
			require.NoError(t, err)
		}
		atOnce(send, send, send, send)
		require.Len(t, sent, 1)
	})
}

// Everyone sees their own notices and those of their role in their reach, and no
// other's; the first who sees one is kept.
func TestNotices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := noticed(t, s, 1)
		ctx, leader, all := t.Context(), d.leaderOf(d.unit.ID), d.as(domain.TeamLeader)
		mine := must(d.Notices(ctx, leader, ten, true)).Rows
		require.Len(t, mine, 1)
		require.Len(t, must(d.Notices(ctx, all, ten, true)).Rows, 2, "of both units")
		for _, other := range []domain.Actor{d.leaderOf(d.elsewhere(t).UnitID), d.as(domain.Caseworker), d.as(domain.Finance), d.as(domain.Auditor)} {
			require.Empty(t, must(d.Notices(ctx, other, ten, false)).Rows)
			_, err := d.MarkNoticeSeen(ctx, other, mine[0].ID)
			refused(t, err, domain.NotFound)
		}
		require.Equal(t, leader.Person, must(d.MarkNoticeSeen(ctx, leader, mine[0].ID)).SeenBy)
		require.Equal(t, leader.Person, must(d.MarkNoticeSeen(ctx, all, mine[0].ID)).SeenBy)
		require.Empty(t, must(d.Notices(ctx, leader, ten, true)).Rows)
		require.Len(t, must(d.Notices(ctx, leader, ten, false)).Rows, 1)
		_, err := d.UpdateUnit(ctx, d.as(domain.Administrator), d.unit.ID, 2, UnitChange{NotifyEmail: new("enhed")})
		refused(t, err, domain.Invalid, "notify_email")
	})
}
