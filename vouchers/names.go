package vouchers

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Names are what the things are called that the books are of, and when it is there.
type Names struct {
	Programmes map[domain.ID]rules.Text
	Units      map[domain.ID]string
	Partners   map[domain.ID]string
	Site       *time.Location
	Today      domain.Date
}

// Names gives them to those who read the books.
func (s *Service) Names(ctx context.Context, actor domain.Actor) (n Names, err error) {
	err = s.read(ctx, actor, "listPostings", func(tx *store.Tx) error {
		if n, err = readNames(tx); err == nil {
			n.Site, err = tx.Zone()
		}
		if err == nil {
			n.Today = domain.DateOf(s.now(), n.Site)
		}
		return err
	})
	return n, err
}

// readNames reads what units, programmes and partners are called.
func readNames(tx *store.Tx) (n Names, err error) {
	n.Programmes = map[domain.ID]rules.Text{}
	programmes, err := store.All[domain.Programme](tx, "")
	if err != nil {
		return n, err
	}
	for _, p := range programmes {
		n.Programmes[p.ID] = rules.Text{DA: p.TitleDA, EN: p.TitleEN}
	}
	units, err := store.Names[domain.Unit](tx, "name")
	if err != nil {
		return n, err
	}
	partners, err := store.Names[domain.Partner](tx, "name")
	n.Units, n.Partners = byTheirID(units), byTheirID(partners)
	return n, err
}

// byTheirID has as IDs what are their texts.
func byTheirID(names map[string]string) map[domain.ID]string {
	all := make(map[domain.ID]string, len(names))
	for text, name := range names {
		all[uuid.MustParse(text)] = name
	}
	return all
}
