-- Which cases are read, how they were chosen, with what probability.

CREATE TABLE sample (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL UNIQUE REFERENCES inspection (id),
    case_list_id TEXT NOT NULL REFERENCES case_list (id),
    seed TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- everything needed to draw again (JSON)
    certificate TEXT NOT NULL,
    drawn_by TEXT NOT NULL REFERENCES account (id),
    drawn_at TEXT NOT NULL
);

-- The opening of a draw: list, plan and secret are fixed before the force gives its part of the seed.
CREATE TABLE draw_opening (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    case_list_id TEXT NOT NULL REFERENCES case_list (id),
    frame_digest TEXT NOT NULL,
    -- how many cases are drawn from what (JSON)
    plan TEXT NOT NULL,
    -- shown to nobody before the draw
    secret TEXT NOT NULL,
    commitment TEXT NOT NULL,
    opened_by TEXT NOT NULL REFERENCES account (id),
    opened_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    contribution TEXT,
    contributed_by TEXT REFERENCES account (id),
    contributed_at TEXT,
    PRIMARY KEY (inspection_id, case_list_id)
);

CREATE TABLE sampled_case (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    sample_id TEXT NOT NULL REFERENCES sample (id),
    stratum TEXT NOT NULL,
    -- the order of the draw within its stratum, reserves after the drawn
    position BIGINT NOT NULL,
    inclusion_probability DOUBLE PRECISION NOT NULL,
    -- drawn, reserve, replaced (a reserve took its place) or left-out (nothing did)
    state TEXT NOT NULL,
    -- for a case that is not read: the framework's coded reason, and which reserve took its place
    replaced_reason TEXT,
    replaced_by TEXT,
    replaced_at TEXT,
    PRIMARY KEY (inspection_id, reference),
    FOREIGN KEY (inspection_id, reference) REFERENCES case_record (inspection_id, reference)
);
CREATE INDEX sampled_case_draw ON sampled_case (inspection_id, stratum, position);
CREATE INDEX sampled_case_state ON sampled_case (inspection_id, state);
CREATE INDEX sampled_case_replaced_by ON sampled_case (inspection_id, replaced_by);

-- Cases that are read although chance did not choose them. They never enter an estimate. A pick
-- that was taken back keeps its row, with when and why.
CREATE TABLE purposive_case (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    picked_by TEXT NOT NULL REFERENCES account (id),
    picked_at TEXT NOT NULL,
    undone_reason TEXT,
    undone_at TEXT,
    PRIMARY KEY (inspection_id, reference),
    FOREIGN KEY (inspection_id, reference) REFERENCES case_record (inspection_id, reference)
);
