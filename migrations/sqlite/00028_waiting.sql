-- +goose Up
-- What waits for somebody is read the oldest first, some at a time, and is few among
-- all there ever was: bank entries that nobody matched, invoices that differ, awards
-- without money, and withholdings to decide on.
CREATE INDEX bank_entries_waiting ON bank_entries (municipality_id, created_at, id) WHERE state = 'unmatched';
CREATE INDEX invoices_waiting ON invoices (municipality_id, created_at, id) WHERE state = 'differs';
CREATE INDEX awards_without_money ON awards (municipality_id, waits_since, id) WHERE state = 'proposed' AND reserved < amount - granted;
DROP INDEX withholdings_waiting;
CREATE INDEX withholdings_waiting ON withholdings (municipality_id, unit_id, created_at, id) WHERE state = 'proposed';

-- +goose Down
DROP INDEX withholdings_waiting;
CREATE INDEX withholdings_waiting ON withholdings (municipality_id, unit_id, id) WHERE state = 'proposed';
DROP INDEX awards_without_money;
DROP INDEX invoices_waiting;
DROP INDEX bank_entries_waiting;
