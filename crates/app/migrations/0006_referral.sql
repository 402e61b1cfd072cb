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
    -- raised, acknowledged, answered, accepted, refused or escalated
    state TEXT NOT NULL,
    raised_by TEXT NOT NULL REFERENCES account (id),
    raised_at TEXT NOT NULL,
    acknowledge_by TEXT NOT NULL,
    protect_by TEXT NOT NULL,
    answer_by TEXT NOT NULL,
    acknowledged_at TEXT,
    protected_at TEXT,
    answered_at TEXT,
    accepted_at TEXT,
    escalated_at TEXT,
    UNIQUE (inspection_id, number)
);
CREATE INDEX referral_force ON referral (force_id, state);
CREATE INDEX referral_inspection ON referral (inspection_id, state);

-- Both views, kept for good: what each side said, in order.
CREATE TABLE referral_entry (
    referral_id TEXT NOT NULL REFERENCES referral (id),
    number BIGINT NOT NULL,
    at TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    -- raised, acknowledged, protected, answered, accepted, refused, escalated or chased
    kind TEXT NOT NULL,
    -- what was said, in structure (JSON)
    content TEXT NOT NULL,
    PRIMARY KEY (referral_id, number)
);
