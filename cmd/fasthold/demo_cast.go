package main

import (
	"fmt"

	"github.com/fasthold/fasthold/domain"
)

// The cast of the demo. Everyone and everything is invented; the CVR numbers
// have valid check digits and lie in a range that no business has.

const (
	demoMunicipality = "Lillebæk Kommune"
	demoProgramme    = "move-2026"
	demoCitizens     = 60
	demoCVR          = "99000082"
	demoBank         = "9995"                    // no bank's registration number
	demoFinance2     = "hanne.vang@lillebaek.dk" // the other person of finance
)

var demoUnits = []string{"Rusmiddelcenter Lillebæk", "Ungeenheden", "Dagbehandlingen Åkanden", "Ambulatoriet Havnegade"}

// demoStaff are the persons behind the tokens, by role; caseworkers by unit.
var (
	demoCaseworkers = []string{"mette.holm@lillebaek.dk", "jonas.friis@lillebaek.dk", "aisha.nour@lillebaek.dk", "peter.dam@lillebaek.dk"}
	demoStaff       = map[domain.Role]string{
		domain.TeamLeader:    "karen.lind@lillebaek.dk",
		domain.Finance:       "ole.bech@lillebaek.dk",
		domain.Auditor:       "ingrid.storm@revision.dk",
		domain.Administrator: "it@lillebaek.dk",
		domain.Operator:      "drift@fasthold.dk",
	}
)

var demoShops = []struct {
	name, cvr  string
	categories []string
}{
	{"Bækkens Købmand", "99000015", []string{"groceries"}},
	{"Torvets Frugt og Grønt", "99000023", []string{"groceries"}},
	{"Tøjhuset Lillebæk", "99000031", []string{"clothing"}},
	{"Sportshjørnet", "99000058", []string{"sport", "clothing"}},
	{"Havnens Cykler", "99000066", []string{"sport"}},
}

var (
	demoFirstNames = []string{"Anders", "Birgit", "Camilla", "Daniel", "Emil", "Freja", "Gitte", "Hassan", "Ida", "Jakob", "Kirsten", "Lars", "Maja", "Nanna", "Omar", "Pia", "Rasmus", "Signe", "Thomas", "Yusuf"}
	demoLastNames  = []string{"Bakkegaard", "Dalsgaard", "Engholm", "Fjeldsøe", "Grønnemark", "Havbæk", "Kirkelund", "Lyngholt", "Møllevang", "Nørreskov", "Skovbrink", "Åstrup"}
	demoGoals      = []string{"Møde frem hver uge", "Få en fast døgnrytme", "Genoptage kontakten til familien", "Begynde på uddannelse eller job", "Få styr på økonomien"}
	demoSubGoals   = []string{"Stå op inden kl. 9 på hverdage", "Ringe hjem en gang om ugen", "Tale med en vejleder", "Lave et budget"}
)

// demoName is the name of the nth citizen; no two are the same.
func demoName(n int) string {
	return fmt.Sprintf("%s %s", demoFirstNames[n%len(demoFirstNames)], demoLastNames[(n/len(demoFirstNames)+n)%len(demoLastNames)])
}
