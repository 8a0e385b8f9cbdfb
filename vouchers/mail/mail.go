// Package mail sends, by SMTP, that there is a new notice: a link, and nothing
// that could tell who reads the mail what the notice is about.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// longest is how long sending one mail may take: less than an outbox waits
// before it tries again.
const longest = 30 * time.Second

// Sender sends mail through one server.
type Sender struct {
	client *gomail.Client
	from   string
	link   string
}

// New makes a sender. The server is smtp://user:password@host:587, which must
// offer STARTTLS unless it is on this machine, or smtps://…:465. The link is what
// the mail points to. Its errors never hold the password.
func New(server, from, link string) (*Sender, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" || u.RawQuery != "" {
		return nil, errors.New("the mail server must be smtp://host:587, or smtps://host:465, with user:password@ before the host if it asks for them")
	}
	if err := Check(from); err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithTimeout(longest), gomail.WithTLSPolicy(gomail.TLSMandatory)}
	switch {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSL(), gomail.WithPort(465))
	case local(u.Hostname()):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithPort(25))
	default:
		options = append(options, gomail.WithPort(587))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, errors.New("the mail server's port is no number")
		}
		options = append(options, gomail.WithPort(port))
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("the mail server: %w", err)
	}
	return &Sender{client: client, from: from, link: link}, nil
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Check gives an error unless mail can be addressed so.
func Check(address string) error {
	if err := gomail.NewMsg().To(address); err != nil {
		return errors.New("must be an e-mail address, like gavekort@eksempel.dk")
	}
	return nil
}

// Send tells an address that there is a new notice. Once it gives nil the server
// has taken the mail over.
func (s *Sender) Send(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(s.from); err != nil {
		return err
	}
	if err := m.To(address); err != nil {
		return errors.New("send mail: that is no address")
	}
	m.Subject("Ny besked i Fasthold")
	m.SetBodyString(gomail.TypeTextPlain, "Der er en ny besked til dig i Fasthold: "+s.link)
	if err := s.client.DialAndSendWithContext(ctx, m); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}
