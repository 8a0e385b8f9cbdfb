-- +goose Up
-- What let somebody in is kept, but for people's sign-ins and citizens' visits,
-- and those only go once they are marked as ended: who has the application's
-- role cannot make an API token or a till's key unseen by deleting it.

-- +goose StatementBegin
CREATE FUNCTION keep_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.kind NOT IN ('sign_in', 'citizen') OR OLD.revoked_at IS NULL THEN
    RAISE EXCEPTION 'tokens keeps what may let somebody in: only ended sign-ins and visits are deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tokens_kept BEFORE DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION keep_tokens();

-- +goose Down
DROP TRIGGER tokens_kept ON tokens;
DROP FUNCTION keep_tokens;
