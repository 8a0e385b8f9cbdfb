package access

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// An administrator who makes up a person, opens their invitation and gives them a
// role would read records and approve money as somebody who is not there. So two
// administrators let a person in: one invites, another gives the roles. The
// command line may do both: it can write the database anyway.

func secondAdministrator() error {
	return domain.Errorf(domain.Forbidden, "second_administrator", "one administrator invites a person and another gives them a role: ask another one, or use the command line")
}

// invitedByAnother refuses who invited a person, at any time. Call it under
// lockAssignments.
func invitedByAnother(tx *store.Tx, name string) error {
	account, err := store.First[domain.Account](tx, store.Is("person", name))
	if err != nil {
		return notFoundIsFine(err)
	}
	n, err := store.Count[domain.Invitation](tx, store.Is("account_id", account.ID), store.Is("created_by", tx.Actor().Person))
	if err == nil && n > 0 && tx.Actor().Role != domain.System {
		err = secondAdministrator()
	}
	return err
}

// grantedByAnother refuses who gave a person a role that they have. Call it under
// lockAssignments.
func grantedByAnother(tx *store.Tx, name string) error {
	all, err := assignments(tx, name)
	by := tx.Actor()
	if err == nil && by.Role != domain.System && slices.ContainsFunc(all, func(a domain.Assignment) bool { return a.CreatedBy == by.Person }) {
		err = secondAdministrator()
	}
	return err
}
