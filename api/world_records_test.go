package api

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

func (w *world) shops() {
	ctx, admin := w.t.Context(), w.as(domain.Administrator)
	for n, cvr := range []string{"12345674", "87654338", "10150817"} {
		w.is("prt", n+1, ok(w.service.CreatePartner(ctx, admin, vouchers.PartnerInput{Name: "Butik " + cvr, CVR: cvr, Categories: []string{"groceries"}, Contract: domain.Contract{ContractFrom: domain.Date{Year: 2026, Month: 1, Day: 1}}})).ID)
	}
	for n := range 2 {
		w.is("brn", n+1, ok(w.service.Branches(ctx, admin, w.find("prt", n+1), store.Page{Limit: 1})).Rows[0].ID)
	}
	for n, label := range []string{"Kasse 5", "Kasse 6", "Kasse 7", "Kasse 8", "Kasse 9"} {
		in := ok(w.access.CreateTerminal(ctx, admin, w.find("prt", 1), access.TerminalInput{Label: label}))
		w.is("trm", n+1, in.ID)
		switch n {
		case 0:
			w.login(domain.PartnerRole, ok(w.access.EnrolTerminal(ctx, access.Device{}, in.Code)).Key)
		case 3:
			w.names = append(w.names, "7AAA-AAAA-AAAA-AAA4", in.Code)
		}
	}
	for n := range 2 {
		r := ok(w.service.Redeem(ctx, w.as(domain.PartnerRole), vouchers.Key{}, vouchers.Redeem{Code: w.code(7 + n), ClientRedemptionID: fmt.Sprint(n)}))
		w.is("rdm", n+1, r.Value.ID)
	}
}

func (w *world) records() {
	ctx, ten := w.t.Context(), store.Page{Limit: 10}
	for n, in := range []access.TokenInput{{Person: "kl@eksempel.dk", Role: domain.Finance}, {Person: "kl@eksempel.dk", Role: domain.Finance}, {Person: "butik@eksempel.dk", Role: domain.PartnerRole, PartnerID: w.find("prt", 1)}} {
		token, _, err := w.access.CreateToken(ctx, w.system(), in)
		require.NoError(w.t, err)
		w.is("tok", n+1, token.ID)
	}
	for n, person := range []string{"kl@eksempel.dk", "ny@eksempel.dk"} {
		ok(w.access.Identify(ctx, w.home, access.Subject{Issuer: "https://login.eksempel.dk", Name: fmt.Sprint(n)}, person))
	}
	w.is("idn", 1, ok(w.access.Identities(ctx, w.as(domain.Administrator), ten, "")).Rows[0].ID)
	posting := ok(w.service.Postings(ctx, w.as(domain.Auditor), ten, vouchers.PostingFilter{})).Rows[0]
	w.is("pst", 1, posting.ID)
	w.is("ent", 1, posting.EntryID)
	w.is("aud", 1, ok(w.service.AuditEntries(ctx, w.as(domain.Auditor), ten, vouchers.AuditFilter{})).Rows[0].ID)
	started := ok(w.service.StartImport(ctx, w.as(domain.TeamLeader), vouchers.Key{}, vouchers.Export{
		ProgrammeID: w.find("prg", 1), Plans: []byte("plan;borger;foedt;enhed;startdato;ordning\nP-9;B-9;31-02-2003;Ungeenheden;01-10-2026;move-2026\n"),
	})).Value
	ok(w.service.RunImport(ctx, w.home, started.ID, func(domain.Import) {}))
	w.is("imp", 1, started.ID)
}
