package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/mail"
)

// mailVariable names the server that mail is handed to.
const mailVariable = "FASTHOLD_SMTP_URL"

// mail gives what sends mail that leads to the public address; nil when no server
// is named: then notices stay where they are.
func (c config) mail(public *url.URL) (vouchers.Post, error) {
	server := c.SMTPURL
	if c.SMTPURLFile != "" {
		if server != "" {
			return nil, fmt.Errorf("%s and %[1]s_FILE are both set: keep one", mailVariable)
		}
		content, err := os.ReadFile(c.SMTPURLFile)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", mailVariable, err)
		}
		server = strings.TrimSpace(string(content))
	}
	switch {
	case server == "" && c.MailFrom == "":
		return nil, nil
	case server == "" || c.MailFrom == "":
		return nil, fmt.Errorf("%s and FASTHOLD_MAIL_FROM go together: set both, or neither", mailVariable)
	case public == nil:
		return nil, fmt.Errorf("%s: a mail needs an address to point to: set %s", mailVariable, publicVariable)
	}
	if mail.Check(c.MailFrom) != nil {
		return nil, errors.New("FASTHOLD_MAIL_FROM must be an e-mail address, like fasthold@eksempel.dk")
	}
	sender, err := mail.New(server, c.MailFrom, public.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", mailVariable, err)
	}
	return sender.Send, nil
}
