package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// newcomer is what a plan that is not recorded yet needs.
type newcomer struct {
	unit      domain.Unit
	citizen   domain.Citizen
	hasUnit   bool // recorded already
	isCitizen bool
}

// newPlan makes the unit and the citizen, where new, the plan and its
// enrolment. Nothing is made of a row that is refused.
func (in *planImport) newPlan(rows planRows) (*domain.Plan, error) {
	who, err := in.newcomer(rows)
	if err != nil {
		return nil, err
	}
	if !in.job.actor.Reaches(who.unit.ID) || !in.job.actor.Reaches(who.citizen.UnitID) {
		in.outside(rows)
		return nil, nil
	}
	plan := domain.Plan{
		MunicipalityID: who.unit.MunicipalityID, ID: store.NewID(), CitizenID: who.citizen.ID, UnitID: who.unit.ID, Reference: rows.number,
		StartDate: rows.plan.StartDate, Version: 1, CreatedAt: in.now(),
	}
	fine, err := in.checkNew(rows, &who, &plan)
	if err != nil {
		return nil, err
	}
	if !fine {
		in.skip(rows)
		return nil, nil
	}
	if err := in.add(who); err != nil {
		return nil, err
	}
	if err := in.addPlan(in.tx, "importPlan", plan); err != nil {
		return nil, err
	}
	return &plan, in.enrolled(plan, *rows.plan)
}

// newcomer finds the row's unit by name and its citizen by reference, or
// prepares them.
func (in *planImport) newcomer(rows planRows) (who newcomer, err error) {
	row, municipality := rows.plan, in.job.actor.MunicipalityID
	who.unit, err = store.First[domain.Unit](in.tx, store.Is("name", row.Unit))
	who.hasUnit = err == nil
	if domain.KindOf(err) == domain.NotFound {
		who.unit = domain.Unit{MunicipalityID: municipality, ID: store.NewID(), Name: row.Unit, Version: 1, CreatedAt: in.now()}
	} else if err != nil {
		return who, err
	}
	who.citizen, err = store.First[domain.Citizen](in.tx, store.Is("reference", row.Citizen))
	who.isCitizen = err == nil
	if domain.KindOf(err) == domain.NotFound { // named by nobody: an export has no names
		who.citizen = domain.Citizen{ // a plan of theirs begins in the same moment
			MunicipalityID: municipality, ID: store.NewID(), UnitID: who.unit.ID, Reference: row.Citizen, BirthDate: row.BirthDate, Version: 1, CreatedAt: in.now(),
		}
		err = nil
	}
	return who, err
}

// checkNew holds a new plan to what one made by hand is held to; false when it
// is refused. A row is refused in one column, with all that is wrong.
func (in *planImport) checkNew(rows planRows, who *newcomer, plan *domain.Plan) (bool, error) {
	row := rows.plan
	today, err := in.today(in.tx)
	if err != nil {
		return false, err
	}
	var f domain.Fields
	plan.Reference = reference(&f, "plan", plan.Reference)
	if who.isCitizen {
		f.Check(who.citizen.BirthDate == row.BirthDate, "birth_date", "differs", "citizen %s is recorded with another date of birth", row.Citizen)
		f.Check(who.citizen.UnitID == who.unit.ID, "unit", "differs", "citizen %s is recorded at another unit: move the citizen first", row.Citizen)
	} else {
		checkCitizen(&f, &who.citizen, today)
	}
	checkStart(&f, *plan, who.citizen, today)
	err = f.Err()
	if err == nil {
		return true, nil
	}
	column := domain.FieldsOf(err)[0].Field
	if column == "reference" { // the API's word for the citizen's number
		column = "citizen"
	}
	in.refuse("plans", row.Place, column, "%s", sentence(err))
	return false, nil
}

// add stores the unit and the citizen where they are new.
func (in *planImport) add(who newcomer) error {
	if !who.hasUnit {
		if err := store.Insert(in.tx, &who.unit); err != nil {
			return err
		}
		if err := in.tx.Audit("createUnit", "unit", who.unit.ID, who.unit.CreatedAt, nil); err != nil {
			return err
		}
	}
	if !who.isCitizen {
		return in.addCitizen(in.tx, "importPlan", who.citizen)
	}
	return nil
}
