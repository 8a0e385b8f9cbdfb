-- +goose Up
-- Who is erased has no date of birth any more, and a reference that is nobody's. Those
-- who were erased before lose theirs now, and what was wrong with lines of imports,
-- which may quote them, goes where somebody was erased. SQLite makes the column anew:
-- it cannot let an old one be empty.
ALTER TABLE citizens ADD COLUMN born TEXT;
UPDATE citizens SET born = birth_date;
ALTER TABLE citizens DROP COLUMN birth_date;
ALTER TABLE citizens RENAME COLUMN born TO birth_date;
UPDATE citizens SET birth_date = NULL, reference = 'erased-' || substr(replace(id, '-', ''), 17)
WHERE EXISTS (SELECT 1 FROM data_keys k WHERE k.municipality_id = citizens.municipality_id AND k.citizen_id = citizens.id AND k.destroyed_at IS NOT NULL);
DELETE FROM import_refusals
WHERE EXISTS (SELECT 1 FROM data_keys k WHERE k.municipality_id = import_refusals.municipality_id AND k.citizen_id IS NOT NULL AND k.destroyed_at IS NOT NULL);

-- +goose Down
ALTER TABLE citizens ADD COLUMN born TEXT NOT NULL DEFAULT '1900-01-01';
UPDATE citizens SET born = birth_date WHERE birth_date IS NOT NULL;
ALTER TABLE citizens DROP COLUMN birth_date;
ALTER TABLE citizens RENAME COLUMN born TO birth_date;
