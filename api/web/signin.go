package web

// Choice is a place to go to.
type Choice struct{ Name, Address string }

// SignIn is what the page called signin shows.
type SignIn struct {
	Municipality string
	Several      bool   // there are other municipalities to choose
	Demo         bool   // it is the demo, which lets in by links
	Provider     string // the name of the OpenID provider; "": there is none
	Address      string // where the way to it begins
	Away         bool   // it does not answer
	Local        *Local // signing in here; nil: nobody has an account
}

// Local is how somebody signs in who has an account here.
type Local struct {
	Form
	Passkey  *Passkey // nil: passkeys cannot be used at this address
	Recovery string   // where to go who has lost their means
}

// Home is what the page called home shows.
type Home struct {
	Person, Municipality string
	Now                  Held   // the role that they act in
	Others               []Held // those that they can change to
}

// Held is a role that somebody has.
type Held struct {
	ID    string // of the assignment
	Role  string // key of its words
	Place string // the unit or shop; "": the whole municipality
}

// SignedOut is what the page called signedout shows.
type SignedOut struct {
	Provider string // where to sign out too; "" is nowhere
	Address  string
}
