-- +goose Up
-- What let somebody in is kept, but for people's sign-ins and citizens' visits,
-- and those only go once they are marked as ended: who has the application's
-- role cannot make an API token or a till's key unseen by deleting it.

-- +goose StatementBegin
CREATE TRIGGER tokens_kept BEFORE DELETE ON tokens WHEN OLD.kind NOT IN ('sign_in', 'citizen') OR OLD.revoked_at IS NULL
BEGIN SELECT RAISE(ABORT, 'tokens keeps what may let somebody in: only ended sign-ins and visits are deleted'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER tokens_kept;
