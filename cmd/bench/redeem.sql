-- The same redemption that vouchers.Redeem makes, as one function in one round
-- trip: the voucher's conditional update, which asks whether the till may and its
-- partner has a contract in force, the conditional update that counts what the till
-- takes against its limits and its partner's cap per voucher, the same for the
-- partner's month where that has a cap, the redemption, its two postings, the audit entry and the remembered answer. It
-- reads no HTTP and no JSON and checks no code: the limit to compare with.

-- bench_id makes a UUIDv7, like the service's, so that indexes grow at one end
-- for both.
CREATE OR REPLACE FUNCTION bench_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 'hex')::uuid
$$;

CREATE OR REPLACE FUNCTION bench_redeem(municipality uuid, i bigint, partner uuid, terminal uuid, token uuid, spent bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v vouchers%ROWTYPE;
  redemption uuid := bench_id();
  entry uuid := bench_id();
  at timestamptz := clock_timestamp();
  this_hour timestamptz := date_trunc('hour', at);
  this_day date := at::date;
  most bigint;
BEGIN
  UPDATE vouchers SET balance = balance - spent, version = version + 1,
    state = CASE WHEN balance = spent THEN 'redeemed' ELSE 'partly_redeemed' END
  WHERE municipality_id = municipality AND id = ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid
    AND state IN ('issued', 'partly_redeemed') AND balance >= spent AND (partial OR balance = spent)
    AND valid_from <= at AND valid_to > at
    AND EXISTS (SELECT 1 FROM tokens AS caller JOIN partners AS shop ON shop.municipality_id = caller.municipality_id AND shop.id = caller.partner_id
      WHERE caller.municipality_id = municipality AND caller.id = token AND caller.revoked_at IS NULL
        AND shop.state = 'active' AND shop.contract_from <= this_day AND (shop.contract_to IS NULL OR shop.contract_to >= this_day))
  RETURNING * INTO v;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'voucher % cannot be spent', i;
  END IF;
  UPDATE terminals SET
    hour_spent = CASE WHEN counted_hour >= this_hour THEN hour_spent ELSE 0 END + spent, counted_hour = CASE WHEN counted_hour >= this_hour THEN counted_hour ELSE this_hour END,
    day_spent = CASE WHEN counted_day >= this_day THEN day_spent ELSE 0 END + spent, counted_day = CASE WHEN counted_day >= this_day THEN counted_day ELSE this_day END
  FROM municipalities AS home, partners AS shop
  WHERE terminals.municipality_id = municipality AND terminals.id = terminal AND terminals.state = 'active' AND home.municipality_id = municipality
    AND shop.municipality_id = municipality AND shop.id = terminals.partner_id
    AND CASE WHEN shop.most_per_voucher = 0 THEN TRUE ELSE spent + (SELECT COALESCE(SUM(paid.amount), 0) FROM redemptions AS paid WHERE paid.municipality_id = municipality AND paid.voucher_id = v.id AND paid.partner_id = shop.id
      AND NOT EXISTS (SELECT 1 FROM reversals AS back WHERE back.municipality_id = municipality AND back.redemption_id = paid.id)) <= shop.most_per_voucher END
    AND spent + (SELECT COALESCE(SUM(paid.amount) FILTER (WHERE paid.terminal_id = terminal), 0) FROM redemptions AS paid WHERE paid.municipality_id = municipality AND paid.voucher_id = v.id) <= CASE WHEN terminals.most_per_voucher > 0 THEN terminals.most_per_voucher ELSE home.most_per_voucher END
    AND CASE WHEN counted_hour >= this_hour THEN hour_spent ELSE 0 END + spent <= CASE WHEN terminals.most_per_hour > 0 THEN terminals.most_per_hour ELSE home.most_per_hour END
    AND CASE WHEN counted_day >= this_day THEN day_spent ELSE 0 END + spent <= CASE WHEN terminals.most_per_day > 0 THEN terminals.most_per_day ELSE home.most_per_day END;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'till % may not take so much', terminal;
  END IF;
  SELECT shop.most_per_month INTO most FROM partners AS shop WHERE shop.municipality_id = municipality AND shop.id = partner;
  IF most > 0 THEN
    INSERT INTO partner_months AS counted (municipality_id, partner_id, month, spent)
    SELECT municipality, partner, date_trunc('month', this_day)::date, spent WHERE spent <= most
    ON CONFLICT (municipality_id, partner_id, month) DO UPDATE SET spent = counted.spent + excluded.spent WHERE counted.spent + excluded.spent <= most;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'partner % may not take so much this month', partner;
    END IF;
  END IF;
  INSERT INTO redemptions (municipality_id, id, voucher_id, partner_id, terminal_id, client_redemption_id, amount, currency, balance_after, created_at)
  VALUES (municipality, redemption, v.id, partner, terminal, redemption::text, spent, v.currency, v.balance, at);
  INSERT INTO ledger_postings (municipality_id, id, entry_id, event, reference_id, account, amount, currency, voucher_id, programme_id, unit_id, partner_id, booked_on, created_at)
  VALUES (municipality, bench_id(), entry, 'redeem', redemption, 'outstanding', spent, v.currency, v.id, v.programme_id, v.unit_id, NULL, at::date, at),
    (municipality, bench_id(), entry, 'redeem', redemption, 'payable', -spent, v.currency, v.id, v.programme_id, v.unit_id, partner, at::date, at);
  INSERT INTO audit_entries (municipality_id, id, person, role, token_id, action, object, object_id, detail, request_id, created_at)
  VALUES (municipality, bench_id(), 'pgbench', 'partner', terminal, 'redeemVoucher', 'redemption', redemption, '{"amount":100}', '', at);
  INSERT INTO idempotency_keys (municipality_id, caller, key, body_hash, result, created_at)
  VALUES (municipality, terminal::text, redemption::text, '\x00', '{"amount":100}', at);
  RETURN v.balance;
END $$;
