package mail

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// box is a mail server that keeps what it is given, as a real one takes it.
type box struct {
	sync.Mutex
	refuse error
	to     []string
	mails  []string
}

func (b *box) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{b}, nil }

type visit struct{ *box }

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.Lock()
	defer v.Unlock()
	if v.refuse == nil {
		v.to = append(v.to, to)
	}
	return v.refuse
}

func (v *visit) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	v.Lock()
	defer v.Unlock()
	v.mails = append(v.mails, string(all))
	return err
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// start serves the box on this machine and gives its address.
func (b *box) start(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(b)
	server.Domain, server.ReadTimeout, server.WriteTimeout = "localhost", time.Minute, time.Minute
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-ended)
	})
	return "smtp://" + listener.Addr().String()
}

// A mail says that there is something, where, and nothing else.
func TestSend(t *testing.T) {
	b := &box{}
	s, err := New(b.start(t), "fasthold@eksempel.dk", "https://fasthold.eksempel.dk")
	require.NoError(t, err)
	require.NoError(t, s.Send(t.Context(), "enhed@eksempel.dk"))
	require.Equal(t, []string{"enhed@eksempel.dk"}, b.to)
	heading, text, _ := strings.Cut(b.mails[0], "\r\n\r\n")
	require.Equal(t, "Der er en ny besked til dig i Fasthold: https://fasthold.eksempel.dk", strings.TrimSpace(text))
	for _, line := range strings.Split(heading, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		require.Contains(t, []string{"Date", "MIME-Version", "Message-ID", "Subject", "From", "To", "Content-Type", "Content-Transfer-Encoding"}, name)
	}
	require.Contains(t, heading, "Subject: Ny besked i Fasthold")
	b.refuse = &smtp.SMTPError{Code: 451, Message: "later"}
	require.Error(t, s.Send(t.Context(), "enhed@eksempel.dk"))
	require.Error(t, s.Send(t.Context(), "nobody"))
}

// A server elsewhere is never spoken to in the clear, and what is wrong with the
// setting is said without its password.
func TestNew(t *testing.T) {
	for _, server := range []string{"", "mail.eksempel.dk", "http://mail.eksempel.dk", "smtp://", "smtp://a:hemmelig@mail.eksempel.dk:x", "smtp://a:hemmelig@mail.eksempel.dk/x", "smtp://a:hemm%lig@x"} {
		_, err := New(server, "fasthold@eksempel.dk", "https://x")
		require.Error(t, err, server)
		require.NotContains(t, err.Error(), "hemm")
	}
	_, err := New("smtp://mail.eksempel.dk", "nobody", "https://x")
	require.ErrorContains(t, err, "e-mail address")
	for _, server := range []string{"smtp://mail.eksempel.dk", "smtps://a:hemmelig@mail.eksempel.dk", "smtp://localhost:2525"} {
		_, err := New(server, "fasthold@eksempel.dk", "https://x")
		require.NoError(t, err, server)
	}
	b := &box{}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(b.start(t), "smtp://"))
	require.NoError(t, err)
	s, err := New("smtp://127.0.0.1:"+port, "fasthold@eksempel.dk", "https://x")
	require.NoError(t, err)
	require.NoError(t, s.Send(t.Context(), "enhed@eksempel.dk"))
	far, err := New("smtp://"+hostName(t)+":"+port, "fasthold@eksempel.dk", "https://x")
	require.NoError(t, err)
	require.Error(t, far.Send(t.Context(), "enhed@eksempel.dk"), "it offers no STARTTLS")
	require.Len(t, b.mails, 1)
	require.False(t, bytes.Contains([]byte(b.mails[0]), []byte("User-Agent")))
}

// hostName is a name of this machine that is not known to be this machine's.
func hostName(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"ip6-localhost", "localhost.localdomain", "localhost."} {
		if found, err := (&net.Resolver{}).LookupHost(t.Context(), name); err == nil && len(found) > 0 && strings.Contains(strings.Join(found, " "), "127.0.0.1") {
			return name
		}
	}
	return "localhost."
}
