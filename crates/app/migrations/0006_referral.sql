-- A case sent straight back because a child may still be at risk.

CREATE TABLE referral (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    force_id TEXT NOT NULL REFERENCES force (id),
    audit_id TEXT REFERENCES audit (id),
    reference TEXT NOT NULL,
    -- counts within the inspection: 1, 2 …
    number BIGINT NOT NULL,
    -- the framework's risk reason
    risk_reason TEXT NOT NULL,
    risk TEXT NOT NULL,
    addressed_to TEXT NOT NULL,
    -- raised, acknowledged, answered, refused, accepted or withdrawn
    state TEXT NOT NULL,
    raised_by TEXT NOT NULL REFERENCES account (id),
    raised_at TEXT NOT NULL,
    -- the last moments that are in time; a refusal starts the answer's clock anew
    acknowledge_by TEXT NOT NULL,
    protect_by TEXT NOT NULL,
    answer_from TEXT NOT NULL,
    answer_by TEXT NOT NULL,
    -- the limit of the first answer, which no refusal moves
    first_answer_by TEXT NOT NULL,
    acknowledged_at TEXT,
    protected_at TEXT,
    -- when the answer that stands came: none after a refusal
    answered_at TEXT,
    first_answered_at TEXT,
    accepted_at TEXT,
    withdrawn_at TEXT,
    -- the soonest limit of a clock that still runs: what is overdue is first by it
    next_limit TEXT,
    -- how many rungs of the ladder were told, and who last
    rungs_told BIGINT NOT NULL,
    escalated_to TEXT,
    escalated_at TEXT,
    UNIQUE (inspection_id, number)
);
-- What lists count, filter and order by, so that the rest is read only of the rows shown.
CREATE INDEX referral_force ON referral
    (force_id, next_limit, accepted_at, withdrawn_at, raised_at, state, inspection_id, id);
CREATE INDEX referral_inspection ON referral
    (inspection_id, next_limit, accepted_at, withdrawn_at, raised_at, state, raised_by, reference, id);
CREATE INDEX referral_case ON referral (inspection_id, reference);
CREATE INDEX referral_next_limit ON referral (next_limit);

-- Both views, kept for good: what each side said, in order.
CREATE TABLE referral_entry (
    referral_id TEXT NOT NULL REFERENCES referral (id),
    number BIGINT NOT NULL,
    at TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    -- raised, acknowledged, protected, answered, accepted, refused, escalated, chased or withdrawn
    kind TEXT NOT NULL,
    -- what was said, in structure (JSON)
    content TEXT NOT NULL,
    PRIMARY KEY (referral_id, number)
);

-- Which rung of the ladder was told of which limit, so that each is told once.
CREATE TABLE referral_told (
    referral_id TEXT NOT NULL REFERENCES referral (id),
    clock TEXT NOT NULL,
    limit_at TEXT NOT NULL,
    rung BIGINT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (referral_id, clock, limit_at, rung)
);
