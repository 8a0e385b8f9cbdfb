package access

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Wrong attempts are counted so that an attacker is slowed and nobody is locked
// out. What a stranger tries counts for the account together with the address
// that it comes from, and for that address over all accounts. What is tried on a
// device that has signed in to the account before counts for that device and
// account only. So whoever fails on purpose stops neither the owner's own device,
// nor the owner elsewhere; and no failure of a password stops a passkey.
const (
	attemptsPerAccount = 10 // from one network address, or on one known device
	attemptsPerAddress = 100
	attemptWindow      = 15 * time.Minute
)

// RetryAfter is how long who is refused for too many attempts waits at most.
const RetryAfter = attemptWindow

// DeviceHolds is how long a device is known.
const DeviceHolds = 180 * 24 * time.Hour

// accountsPerDevice is how many accounts a device is remembered for.
const accountsPerDevice = 10

// device is what the browser of a known device keeps, sealed.
type device struct {
	ID       domain.ID
	Accounts []domain.ID // that have signed in on it, the latest first
}

const devicePurpose = "device"

// readDevice reads a device's cookie; an unknown device for one that is not good.
func (s *Service) readDevice(cookie string) (d device) {
	if cookie == "" || !s.readTicket(devicePurpose, cookie, &d) {
		return device{}
	}
	return d
}

// Device gives the cookie of a device on which the actor has just signed in;
// before is the one that it has. It is "" for somebody without an account.
func (s *Service) Device(ctx context.Context, actor domain.Actor, before string) (cookie string, err error) {
	account, err := s.accountOf(ctx, actor.MunicipalityID, actor.Person)
	if domain.KindOf(err) == domain.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	d := s.readDevice(before)
	if d.ID == (domain.ID{}) {
		d.ID = store.NewID()
	}
	d.Accounts = slices.DeleteFunc(d.Accounts, func(id domain.ID) bool { return id == account.ID })
	d.Accounts = slices.Insert(d.Accounts, 0, account.ID)
	d.Accounts = d.Accounts[:min(len(d.Accounts), accountsPerDevice)]
	return s.ticket(devicePurpose, s.now().Add(DeviceHolds), d)
}

// accountOf gives a person's account.
func (s *Service) accountOf(ctx context.Context, municipality domain.ID, name string) (account domain.Account, err error) {
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		account, err = store.First[domain.Account](tx, store.Is("person", name))
		return err
	})
	return account, err
}

// limit counts an attempt to sign in with a password, and reports whether it is
// on a device that the account knows.
func (s *Service) limit(ctx context.Context, municipality domain.ID, account domain.Account, in PasswordInput) (known bool, err error) {
	if d := s.readDevice(in.Device); account.ID != (domain.ID{}) && slices.Contains(d.Accounts, account.ID) {
		return true, s.Attempt(ctx, municipality, "device "+d.ID.String()+" "+account.ID.String(), attemptsPerAccount, attemptWindow)
	}
	from := Network(in.Address)
	if err := s.Attempt(ctx, municipality, "address "+from, attemptsPerAddress, attemptWindow); err != nil {
		return false, err
	}
	return false, s.Attempt(ctx, municipality, "account "+from+" "+knownAs(in.Person), attemptsPerAccount, attemptWindow)
}

// Network is the network that an address counts for: itself, and of IPv6 the /64
// that one subscriber has.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is6() {
		prefix, _ := ip.WithZone("").Prefix(64)
		return prefix.String()
	}
	return ip.String()
}

// knownAs is a person's name as it is kept, from what is typed.
func knownAs(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }
