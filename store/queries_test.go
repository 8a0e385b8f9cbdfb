package store_test

import (
	"fmt"
	"maps"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// query is a query of the store's over a town's rows; it gives how many it saw
// or changed.
type query func(tx *store.Tx, of *town) (rows int, err error)

// one is a query for a single row.
func one[T any](find func(tx *store.Tx, of *town) (T, error)) query {
	return func(tx *store.Tx, of *town) (int, error) {
		_, err := find(tx, of)
		if domain.KindOf(err) == domain.NotFound {
			return 0, nil
		}
		return 1, err
	}
}

// many is a query for rows.
func many[T any](find func(tx *store.Tx, of *town) ([]T, error)) query {
	return func(tx *store.Tx, of *town) (int, error) {
		rows, err := find(tx, of)
		return len(rows), err
	}
}

// change is a query that changes a row or fails.
func change(do func(tx *store.Tx, of *town) error) query {
	return func(tx *store.Tx, of *town) (int, error) {
		if err := do(tx, of); err != nil {
			return 0, err
		}
		return 1, tx.Flush()
	}
}

// reads are the store's queries that read, by the name of their function.
func reads() map[string]query {
	over := store.Over{Last: domain.Date{Year: 2030, Month: 1, Day: 1}, Today: domain.Date{Year: 2030, Month: 1, Day: 1}}
	all := map[string]query{
		"Get":       one(func(tx *store.Tx, of *town) (domain.Unit, error) { return store.Get[domain.Unit](tx, of.unit.ID) }),
		"GetLocked": one(func(tx *store.Tx, of *town) (domain.Unit, error) { return store.GetLocked[domain.Unit](tx, of.unit.ID) }),
		"Refer": one(func(tx *store.Tx, of *town) (domain.Unit, error) {
			unit, err := store.Refer(tx, "unit_id", of.unit.ID, func(domain.Unit) bool { return true })
			if len(domain.FieldsOf(err)) > 0 {
				err = domain.OutOfReach()
			}
			return unit, err
		}),
		"List": many(func(tx *store.Tx, _ *town) ([]domain.Citizen, error) {
			rows, _, err := store.List[domain.Citizen](tx, store.Page{Limit: 9})
			return rows, err
		}),
		"Each": func(tx *store.Tx, _ *town) (n int, err error) {
			err = store.Each(tx, func(domain.Voucher) error { n++; return nil })
			return n, err
		},
		"Latest": many(func(tx *store.Tx, _ *town) ([]domain.Voucher, error) {
			return store.Latest[domain.Voucher](tx, "created_at", 9)
		}),
		"Fingerprints": func(tx *store.Tx, _ *town) (int, error) {
			of, _ := store.PrintedBy("createPartner", "partner")
			prints, err := tx.Fingerprints(of)
			return len(prints), err
		},
		"DuesOf": func(tx *store.Tx, of *town) (int, error) {
			dues, err := tx.DuesOf([]domain.ID{of.run.ID})
			return len(dues), err
		},
		"Wants": many(func(tx *store.Tx, _ *town) ([]store.Want, error) { return tx.Wants(2026) }),
		"Untouched": func(tx *store.Tx, _ *town) (int, error) {
			of, _ := store.PrintedBy("", "settlement")
			untouched, err := tx.Untouched(of)
			return len(untouched), err
		},
		"Sweep": func(tx *store.Tx, _ *town) (n int, err error) {
			err = store.Sweep(tx, func(domain.Voucher) error { n++; return nil })
			return n, err
		},
		"Shelve": func(tx *store.Tx, of *town) (n int, err error) {
			if err := store.Shelve[domain.Plan](tx, "id", "", []domain.ID{of.plan.ID}); err != nil {
				return 0, err
			}
			rows, err := store.All[domain.Plan](tx, "", store.Is("id", of.plan.ID))
			return len(rows), err
		},
		"Oldest": many(func(tx *store.Tx, _ *town) ([]domain.Withholding, error) {
			return store.Oldest[domain.Withholding](tx, "created_at", store.Place{Since: noon.AddDate(-9, 0, 0)}, 9)
		}),
		"AllLocked": many(func(tx *store.Tx, _ *town) ([]domain.Award, error) { return store.AllLocked[domain.Award](tx, "id") }),
		"People":    many(func(tx *store.Tx, _ *town) ([]string, error) { return tx.People("", "", 9) }),
		"Names": func(tx *store.Tx, _ *town) (int, error) {
			names, err := store.Names[domain.Unit](tx, "name")
			return len(names), err
		},
		"OpenVouchers": func(tx *store.Tx, _ *town) (n int, err error) {
			err = tx.OpenVouchers(store.Left{At: domain.Date{Year: 2030, Month: 1, Day: 1}}, func(store.OpenVoucher) error { n++; return nil })
			return n, err
		},
		"TakenSince": many(func(tx *store.Tx, of *town) ([]store.TillSum, error) {
			return tx.TakenSince(of.terminal.ID, noon.AddDate(-9, 0, 0))
		}),
		"CountOpen": func(tx *store.Tx, _ *town) (int, error) {
			n, err := tx.CountOpen(store.Left{At: domain.Date{Year: 2030, Month: 1, Day: 1}})
			return int(n), err
		},
		"Totals": many(func(tx *store.Tx, of *town) ([]domain.ClosingTotal, error) {
			totals, _, err := tx.Totals(&of.closing, of.closing.Through.AddDays(1))
			return totals, err
		}),
		"Averages":               many(func(tx *store.Tx, _ *town) ([]store.Average, error) { return tx.Averages("programme", store.Issues{}) }),
		"Delays":                 many(func(tx *store.Tx, _ *town) ([]store.Delay, error) { return tx.Delays() }),
		"UnconfirmedSettlements": many(func(tx *store.Tx, _ *town) ([]domain.Settlement, error) { return tx.UnconfirmedSettlements(9) }),
		"PaidSettlements": many(func(tx *store.Tx, of *town) ([]domain.Settlement, error) {
			return tx.PaidSettlements([]int64{of.payment.Total}, 9)
		}),
		"InvoicedBefore": func(tx *store.Tx, of *town) (int, error) {
			iban, err := tx.InvoicedBefore(of.partner.ID, store.NewID())
			return len(iban), err
		},
		"EntrySums": func(tx *store.Tx, of *town) (int, error) {
			sums, err := tx.EntrySums([]domain.ID{of.paid.StatementID})
			return len(sums), err
		},
		"EntriesAlike": many(func(tx *store.Tx, of *town) ([]domain.BankEntry, error) {
			return tx.EntriesAlike([]domain.BankEntry{of.paid})
		}),
		"Cells":       many(func(tx *store.Tx, _ *town) ([]store.Cell, error) { return tx.Cells() }),
		"WrappedBy":   many(func(tx *store.Tx, _ *town) ([]domain.DataKey, error) { return tx.WrappedBy() }),
		"Rewrappable": many(func(tx *store.Tx, _ *town) ([]domain.DataKey, error) { return tx.Rewrappable(99, 9) }),
		"RememberedReasons": many(func(tx *store.Tx, _ *town) ([]domain.Idempotency, error) {
			return tx.RememberedReasons(domain.Idempotency{}, 9)
		}),
		"Citizens": many(func(tx *store.Tx, of *town) ([]domain.ID, error) {
			return tx.Citizens(domain.Subject{Table: "vouchers", ID: of.voucher.ID}, domain.Subject{Table: "plans", ID: of.plan.ID})
		}),
		"Erasable": many(func(tx *store.Tx, _ *town) ([]domain.ID, error) {
			ids, _, err := tx.Erasable(over, store.Closed{}, 9, 9)
			return ids, err
		}),
		"CountErasable": func(tx *store.Tx, _ *town) (int, error) { return tx.CountErasable(over) },
		"Lapsed":        many(func(tx *store.Tx, _ *town) ([]domain.Voucher, error) { return tx.Lapsed(noon.AddDate(50, 0, 0), 9) }),
	}
	year := func(n int) domain.Date { return domain.Date{Year: n, Month: 1, Day: 1} }
	all["OutcomesBetween"] = many(func(tx *store.Tx, of *town) ([]store.Outcomes, error) {
		return tx.OutcomesBetween([]domain.ID{of.unit.ID}, year(1990), year(2090))
	})
	all["ReceivedBetween"] = many(func(tx *store.Tx, of *town) ([]store.Received, error) {
		return tx.ReceivedBetween([]domain.ID{of.unit.ID}, year(1990), year(2090))
	})
	all["BudgetSums"] = many(func(tx *store.Tx, of *town) ([]store.BudgetSum, error) {
		return tx.BudgetSums([]domain.ID{of.budget.ID}, domain.Date{})
	})
	all["SumsOutside"] = many(func(tx *store.Tx, _ *town) ([]store.BudgetSum, error) { return tx.SumsOutside(domain.Date{}) })
	all["BudgetMoves"] = many(func(tx *store.Tx, _ *town) ([]store.BudgetMove, error) {
		return tx.BudgetMoves(domain.Date{}, domain.Date{})
	})
	all["Granted"] = many(func(tx *store.Tx, _ *town) ([]store.GrantedSum, error) { return tx.Granted(store.Promised()) })
	all["Unfunded"] = many(func(tx *store.Tx, _ *town) ([]store.Line, error) { return tx.Unfunded() })
	all["NextUnfunded"] = many(func(tx *store.Tx, of *town) ([]domain.Award, error) {
		return tx.NextUnfunded(of.paidFrom(), domain.ID{})
	})
	all["FreeOf"] = func(tx *store.Tx, _ *town) (int, error) {
		free, err := tx.FreeOf()
		return len(free), err
	}
	all["FundsOf"] = func(tx *store.Tx, of *town) (n int, err error) {
		funds, err := tx.FundsOf(of.paidFrom())
		if funds.BudgetID != nil || funds.Controlled {
			n = 1
		}
		return n, err
	}
	maps.Copy(all, settlementReads())
	for grouping := range store.Groupings {
		all["Sums "+grouping] = many(func(tx *store.Tx, _ *town) ([]store.Sum, error) { return tx.Sums(grouping) })
	}
	for _, grouping := range []string{"programme", "unit", "month", "age", "lapse", "partner"} {
		all["Outstanding "+grouping] = many(func(tx *store.Tx, _ *town) ([]store.Sum, error) {
			return tx.Outstanding(grouping, store.Left{At: domain.Date{Year: 2030, Month: 1, Day: 1}})
		})
	}
	for _, column := range store.PersonalColumns {
		all["PlainTexts "+column] = many(func(tx *store.Tx, _ *town) ([]store.Plain, error) { return tx.PlainTexts(column, domain.ID{}, 9) })
	}
	everyRow[domain.Municipality](all)
	everyRow[domain.Unit](all)
	everyRow[domain.Citizen](all)
	everyRow[domain.Plan](all)
	everyRow[domain.Goal](all)
	everyRow[domain.Pause](all)
	everyRow[domain.Session](all)
	everyRow[domain.Programme](all)
	everyRow[domain.ProgrammeVersion](all)
	everyRow[domain.Enrolment](all)
	everyRow[domain.EnrolmentMove](all)
	everyRow[domain.AttendanceEvent](all)
	everyRow[domain.Attendance](all)
	everyRow[domain.Award](all)
	everyRow[domain.AwardAdjustment](all)
	everyRow[domain.Approval](all)
	everyRow[domain.ApprovalLimits](all)
	everyRow[domain.Budget](all)
	everyRow[domain.BudgetChange](all)
	everyRow[domain.BudgetSlice](all)
	everyRow[domain.BudgetAlert](all)
	everyRow[domain.ApprovalDemand](all)
	everyRow[domain.Deputy](all)
	everyRow[domain.Withholding](all)
	everyRow[domain.DrawSeed](all)
	everyRow[domain.Hat](all)
	everyRow[domain.HatEntry](all)
	everyRow[domain.Partner](all)
	everyRow[domain.Branch](all)
	everyRow[domain.PartnerMonth](all)
	everyRow[domain.Terminal](all)
	everyRow[domain.TerminalCode](all)
	everyRow[domain.Voucher](all)
	everyRow[domain.Redemption](all)
	everyRow[domain.Reversal](all)
	everyRow[ledger.Posting](all)
	everyRow[domain.SettlementRun](all)
	everyRow[domain.Settlement](all)
	everyRow[domain.SettlementLine](all)
	everyRow[domain.SettlementCorrection](all)
	everyRow[domain.SettlementHold](all)
	everyRow[domain.Export](all)
	everyRow[domain.ExportChunk](all)
	everyRow[domain.Closing](all)
	everyRow[domain.ClosingTotal](all)
	everyRow[domain.PaymentSettings](all)
	everyRow[domain.PaymentFile](all)
	everyRow[domain.JournalFormat](all)
	everyRow[domain.BankStatement](all)
	everyRow[domain.BankEntry](all)
	everyRow[domain.Invoice](all)
	everyRow[domain.Token](all)
	everyRow[domain.AuditEntry](all)
	everyRow[domain.Access](all)
	everyRow[domain.EmergencyAccess](all)
	everyRow[domain.Notice](all)
	everyRow[domain.Mail](all)
	everyRow[domain.Idempotency](all)
	everyRow[domain.Import](all)
	everyRow[domain.ImportRefusal](all)
	everyRow[domain.DataKey](all)
	everyRow[domain.Account](all)
	everyRow[domain.Invitation](all)
	everyRow[domain.Passkey](all)
	everyRow[domain.Recovery](all)
	everyRow[domain.Spent](all)
	everyRow[domain.Assignment](all)
	everyRow[domain.AttemptWindow](all)
	everyRow[domain.Identity](all)
	everyRow[domain.CitizenLink](all)
	everyRow[domain.CitizenPIN](all)
	return all
}

// everyRow adds the queries over all rows of a type.
func everyRow[T any](all map[string]query) {
	name := fmt.Sprintf(" %T", *new(T))
	all["First"+name] = one(func(tx *store.Tx, _ *town) (T, error) { return store.First[T](tx) })
	all["All"+name] = many(func(tx *store.Tx, _ *town) ([]T, error) { return store.All[T](tx, "") })
	all["Count"+name] = func(tx *store.Tx, _ *town) (int, error) {
		n, err := store.Count[T](tx)
		return int(n), err
	}
}

// changes are the store's queries that change something.
func changes() map[string]query {
	fresh := func(of *town) *domain.Unit {
		return &domain.Unit{MunicipalityID: of.id(), ID: store.NewID(), Name: "Ny " + store.NewID().String(), Version: 1, CreatedAt: noon}
	}
	all := map[string]query{
		"Insert":     change(func(tx *store.Tx, of *town) error { return store.Insert(tx, fresh(of)) }),
		"InsertOnce": change(func(tx *store.Tx, of *town) error { return store.InsertOnce(tx, fresh(of)) }),
		"Append":     change(func(tx *store.Tx, of *town) error { return tx.Append(fresh(of)) }),
		"Audit":      change(func(tx *store.Tx, of *town) error { return tx.Audit("test", "unit", of.unit.ID, noon, nil) }),
		"Set": change(func(tx *store.Tx, of *town) error {
			return store.Set[domain.Unit](tx, of.unit.ID, of.unit.Version, map[string]any{"name": "x"})
		}),
		"Change": change(func(tx *store.Tx, of *town) error {
			return store.Change[domain.Partner](tx, map[string]any{"name": "x"}, store.Is("id", of.partner.ID))
		}),
		"SetMunicipality": change(func(tx *store.Tx, of *town) error {
			return store.SetMunicipality(tx, of.municipality.Version, map[string]any{"name": "x"})
		}),
		"ClaimMail": func(tx *store.Tx, of *town) (int, error) {
			claimed, err := tx.ClaimMail(of.mail.Address, noon, noon)
			return len(claimed), err
		},
		"Claim": one(func(tx *store.Tx, of *town) (domain.Voucher, error) {
			return tx.Claim(store.Purchase{Hash: of.voucher.LookupHash, Amount: 1, At: of.voucher.ValidFrom, Span: domain.SpanOf(of.voucher.ValidFrom, time.UTC)})
		}),
		"Draw": func(tx *store.Tx, of *town) (n int, err error) {
			funds, err := tx.Draw(of.paidFrom(), 1)
			if funds.Taken {
				n = 1
			}
			return n, err
		},
		"Gather": change(func(tx *store.Tx, of *town) error {
			enough, err := tx.Gather(of.budget.ID, -1)
			if err == nil && !enough {
				err = errUndo
			}
			return err
		}),
		"CountMonths": change(func(tx *store.Tx, of *town) error { return tx.CountMonths(of.partner.ID, of.month.Month, true) }),
		"GiveBack": func(tx *store.Tx, of *town) (int, error) {
			if err := tx.GiveBack(of.partner.ID, of.month.Month.AddDays(7), 1); err != nil {
				return 0, err
			}
			n, err := store.Count[domain.PartnerMonth](tx, store.Is("partner_id", of.partner.ID), store.Is("spent", of.month.Spent-1))
			return int(n), err
		},
		"UseCode": change(func(tx *store.Tx, of *town) error { return tx.UseCode(of.terminal.ID, of.terminalCode.Hash, noon) }),
		"Credit": change(func(tx *store.Tx, of *town) error {
			_, err := tx.Credit(of.voucher.ID, 0)
			return err
		}),
		"Close": change(func(tx *store.Tx, of *town) error {
			return tx.Close(of.voucher, domain.Void, map[string]any{"reason": sealed("x")})
		}),
		"DeleteLongEnded": func(tx *store.Tx, _ *town) (int, error) { return tx.DeleteLongEnded(noon.AddDate(9, 0, 0)) },
		"Rewrap": func(tx *store.Tx, of *town) (int, error) {
			done, err := tx.Rewrap(of.dataKey, 7, []byte("x"))
			if done {
				return 1, err
			}
			return 0, err
		},
		"ClaimExport": func(tx *store.Tx, _ *town) (int, error) {
			_, found, err := tx.ClaimExport(store.NewID(), noon.Add(time.Hour), noon.Add(2*time.Hour))
			if found {
				return 1, err
			}
			return 0, err
		},
		"DropRefusals": func(tx *store.Tx, _ *town) (int, error) { return tx.DropRefusals() },
		"DropRefusals of before": func(tx *store.Tx, _ *town) (int, error) {
			return tx.DropRefusals(store.OfImportsBefore(noon.Add(24 * time.Hour)))
		},
		"DropChunks": func(tx *store.Tx, of *town) (int, error) { return tx.DropChunks(of.export.ID) },
		"SealPlain": func(tx *store.Tx, of *town) (int, error) {
			text := store.Plain{ID: of.citizen.ID}
			if err := text.Text.Scan("plain"); err != nil {
				return 0, err
			}
			text.Text.Seal("x")
			if err := tx.SealPlain("citizens.name", []store.Plain{text}); err != nil {
				return 0, err
			}
			n, err := store.Count[domain.Citizen](tx, store.Is("name", text.Text))
			return int(n), err
		},
	}
	maps.Copy(all, settlementChanges())
	return all
}
