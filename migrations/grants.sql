-- What the application's role may do: read every table, add rows, change those
-- that are not append-only, and delete those that let nobody in any more and
-- count nothing. It owns nothing. Run after the migrations, whole; ROLE stands
-- for the role's name.
GRANT USAGE ON SCHEMA public TO ROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ROLE;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ROLE;
REVOKE INSERT ON attendances, goose_db_version FROM ROLE;
GRANT UPDATE ON
  municipalities, units, citizens, plans, goals, pauses, sessions, programmes, programme_versions, enrolments, awards, draw_seeds, hats, hat_entries,
  partners, terminals, vouchers, idempotency_keys, imports, data_keys,
  role_assignments, attempt_windows, identities, accounts, invitations, passkeys, recoveries,
  terminal_codes, citizen_pins, branches
TO ROLE;
-- What a budget is for is settled when it is made.
GRANT UPDATE (account_string, amount, changes, version) ON budgets TO ROLE;
GRANT UPDATE (free) ON budget_slices TO ROLE;
-- Whose a credential is, and of which kind, is settled when it is made.
GRANT UPDATE (hash, role, unit_id, partner_id, assignment_id, expires_at, last_used_at, proved_at, open_until, revoked_at, method, acr, provider_subject, provider_session) ON tokens TO ROLE;
GRANT UPDATE (used_at, revoked_at) ON citizen_links TO ROLE;
-- What a partner took in a month is counted while it has a cap for it.
GRANT UPDATE (spent) ON partner_months TO ROLE;
GRANT DELETE ON partner_months TO ROLE;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON deputies TO ROLE;
GRANT UPDATE (state, decided_by, decided_at, on_behalf_of, comment, version) ON withholdings TO ROLE;
GRANT UPDATE (seen_at, seen_by) ON notices TO ROLE;
GRANT UPDATE (attempts, next_at, sent_at) ON outbox TO ROLE;
GRANT UPDATE (revoked_at, revoked_by, reviewed_at, reviewed_by, comment) ON emergency_accesses TO ROLE;
-- What a run pays, and to whom, is settled when it is made; only a draft's goes again.
GRANT UPDATE (period_from, period_to, state, made_by, made_at, approved_by, approved_at, filed_by, filed_at, message_id, execute_on, paid_by, paid_at, paid_on, reconciled_at,
  reversed_by, reversed_at, reversed_because, version) ON settlement_runs TO ROLE;
GRANT UPDATE (state, carried_into_id, paid_on, reconciled_at, bounced_at, bounced_by, bounced_because, version) ON settlements TO ROLE;
GRANT UPDATE (carried_into_id) ON settlement_corrections TO ROLE;
GRANT UPDATE (decision, decided_by, decided_at, comment) ON settlement_holds TO ROLE;
-- An export is a file made of other rows, and its pieces go after a day.
GRANT UPDATE (state, rows_total, rows_done, bytes, runs, run_id, run_until, failure, finished_at) ON exports TO ROLE;
GRANT DELETE ON export_chunks TO ROLE;
-- What the bank and an invoice say stays; what they are matched with does not.
GRANT UPDATE (state, settlement_id, paid, decided_by, decided_at, comment, version) ON bank_entries TO ROLE;
GRANT UPDATE (state, partner_id, settlement_id, invoice_id, differences, decided_by, decided_at, comment, version) ON invoices TO ROLE;
-- What was wrong with a line of an import may quote a person.
GRANT DELETE ON import_refusals TO ROLE;
GRANT DELETE ON tokens, attempt_windows, settlements, settlement_lines TO ROLE;
