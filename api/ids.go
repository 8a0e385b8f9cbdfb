package api

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
)

// An id is a domain.ID as the API shows it: the prefix of P, which says what
// it is, "_", and the UUID's 32 hexadecimal digits. To and from a domain.ID it
// is a plain conversion: domain.ID(x), VoucherID(v.ID).
type id[P prefix] domain.ID

// A prefix is three letters that say what an id is of; the type's name is the
// prefix.
type prefix interface{ String() string }

type (
	mun struct{} // municipality
	unt struct{} // unit
	cit struct{} // citizen
	lnk struct{} // link to a citizen's own page
	pln struct{} // plan
	gol struct{} // goal
	pau struct{} // pause
	ses struct{} // session
	prg struct{} // programme
	ver struct{} // programme version
	enr struct{} // enrolment
	mov struct{} // move of an enrolment
	att struct{} // attendance
	evt struct{} // attendance event
	awd struct{} // award
	wth struct{} // withholding of an award
	dep struct{} // deputy
	vch struct{} // voucher
	prt struct{} // partner
	brn struct{} // branch of a partner
	trm struct{} // terminal
	rdm struct{} // redemption
	rev struct{} // reversal
	srn struct{} // settlement run
	stl struct{} // settlement with a partner
	scn struct{} // correction of a settlement
	hld struct{} // hold on a redemption
	bdg struct{} // budget
	pst struct{} // posting
	ent struct{} // ledger entry
	tok struct{} // token
	idn struct{} // identity at the sign-in provider
	sgn struct{} // sign-in
	asg struct{} // assignment of a role
	aud struct{} // audit entry
	imp struct{} // import
	bst struct{} // bank statement
	ben struct{} // bank entry
	inv struct{} // invoice or credit note
	hat struct{} // a group's hat
	emg struct{} // emergency access
	acc struct{} // account
	rcv struct{} // recovery of an account
	ntc struct{} // notice
	exp struct{} // export
	cls struct{} // closing of a period
)

func (mun) String() string { return "mun" }
func (unt) String() string { return "unt" }
func (cit) String() string { return "cit" }
func (lnk) String() string { return "lnk" }
func (pln) String() string { return "pln" }
func (gol) String() string { return "gol" }
func (pau) String() string { return "pau" }
func (ses) String() string { return "ses" }
func (prg) String() string { return "prg" }
func (ver) String() string { return "ver" }
func (enr) String() string { return "enr" }
func (mov) String() string { return "mov" }
func (att) String() string { return "att" }
func (evt) String() string { return "evt" }
func (awd) String() string { return "awd" }
func (wth) String() string { return "wth" }
func (dep) String() string { return "dep" }
func (vch) String() string { return "vch" }
func (prt) String() string { return "prt" }
func (brn) String() string { return "brn" }
func (trm) String() string { return "trm" }
func (rdm) String() string { return "rdm" }
func (rev) String() string { return "rev" }
func (srn) String() string { return "srn" }
func (stl) String() string { return "stl" }
func (scn) String() string { return "scn" }
func (hld) String() string { return "hld" }
func (bdg) String() string { return "bdg" }
func (pst) String() string { return "pst" }
func (ent) String() string { return "ent" }
func (tok) String() string { return "tok" }
func (idn) String() string { return "idn" }
func (sgn) String() string { return "sgn" }
func (asg) String() string { return "asg" }
func (aud) String() string { return "aud" }
func (imp) String() string { return "imp" }
func (bst) String() string { return "bst" }
func (ben) String() string { return "ben" }
func (inv) String() string { return "inv" }
func (hat) String() string { return "hat" }
func (emg) String() string { return "emg" }
func (acc) String() string { return "acc" }
func (rcv) String() string { return "rcv" }
func (ntc) String() string { return "ntc" }
func (exp) String() string { return "exp" }
func (cls) String() string { return "cls" }

func (i id[P]) String() string {
	var p P
	return show(p.String(), domain.ID(i))
}

// MarshalText writes the id with its prefix.
func (i id[P]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads an id and refuses one with another prefix, or of zeroes.
func (i *id[P]) UnmarshalText(b []byte) error {
	var p P
	got, ok := parse(p.String(), string(b))
	if !ok {
		return fmt.Errorf("want %s_ and 32 hexadecimal digits, not all 0", p)
	}
	*i = id[P](got)
	return nil
}

func show(prefix string, i domain.ID) string { return prefix + "_" + hex.EncodeToString(i[:]) }

// parse reads an id. One of zeroes is refused: to a use case it is an id that
// was not given, so that it would widen what is asked for.
func parse(prefix, s string) (domain.ID, bool) {
	var i domain.ID
	if len(s) != len(prefix)+33 || s[:len(prefix)+1] != prefix+"_" {
		return i, false
	}
	if _, err := hex.Decode(i[:], []byte(s[len(prefix)+1:])); err != nil {
		return domain.ID{}, false
	}
	return i, i != domain.ID{}
}

// person shows who it is: a terminal or a citizen by the id that the API knows
// it by.
func person(name string) string {
	for prefix, show := range map[string]func(domain.ID) string{
		domain.TerminalPerson: shown[trm], domain.CitizenPerson: shown[cit],
	} {
		if i, err := uuid.Parse(strings.TrimPrefix(name, prefix)); err == nil && strings.HasPrefix(name, prefix) {
			return prefix + show(i)
		}
	}
	return name
}

// personNamed is the reverse of person.
func personNamed(shown string) string {
	for prefix, letters := range map[string]string{domain.TerminalPerson: "trm", domain.CitizenPerson: "cit"} {
		if i, ok := parse(letters, strings.TrimPrefix(shown, prefix)); ok && strings.HasPrefix(shown, prefix) {
			return prefix + i.String()
		}
	}
	return shown
}

// optional gives the id that p points to, or the zero id, which is left out of
// the answer.
func optional[P prefix](p *domain.ID) id[P] {
	if p == nil {
		return id[P]{}
	}
	return id[P](*p)
}

// shown is an id as text, "" when there is none.
func shown[P prefix](i domain.ID) string {
	if i == (domain.ID{}) {
		return ""
	}
	return id[P](i).String()
}
