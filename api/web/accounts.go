package web

import "html/template"

// Passkey is a button that uses or makes a passkey.
type Passkey struct {
	Do      string // get or create
	Options string // where its ceremony begins
	Finish  string // and where it ends
	Ticket  string // by what the person may choose; "" for who signs in or is signed in
	Return  string // where to go then; "" for the first page
	Label   string // key of the button's words
	Named   bool   // the person can give it a name
}

// Form is where a person writes something of their account.
type Form struct {
	Action  string // where it is sent
	Person  string // as was written before, or is known
	Trouble string // key of what is wrong; "": nothing
}

// Setup is what the pages called setup and password show: the means of signing in
// that a person can choose.
type Setup struct {
	Form
	Ticket   string
	TOTPText string
	QR       template.HTML // the same as a picture, for a code generator to scan
	Passkey  *Passkey      // nil: not offered here
}

// Invitation is what the page called invitation shows.
type Invitation struct{ Trouble string }

// Prove is what the page called prove shows.
type Prove struct {
	Form
	Password bool     // the person has one
	Passkey  *Passkey // nil: cannot be used
	Demo     string   // where to go after a press that proves it, in the demo; "": this is no demo
}

// Account is what the page called account shows.
type Account struct {
	Person      string
	Local       bool // signs in here, not at a provider
	HasPassword bool
	Last        bool // there is only one way in
	CanAdd      bool // passkeys can be made here
	Fresh       bool // has just proved who they are
	Passkeys    []AccountPasskey
	SignIns     []AccountSignIn
	Add         Passkey
}

// AccountPasskey is one passkey.
type AccountPasskey struct {
	ID, Name, Made string
	Used           string // "": never
}

// AccountSignIn is one sign-in.
type AccountSignIn struct {
	ID          string
	Began, Used string
	Method      string // key of its words
	This        bool   // the one that asks
}
