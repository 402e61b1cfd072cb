-- A composed document, its frozen figures, and where it stands.

CREATE TABLE report (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL UNIQUE REFERENCES inspection (id),
    force_id TEXT NOT NULL REFERENCES force (id),
    title TEXT NOT NULL,
    -- draft, accuracy-check, approved, published
    state TEXT NOT NULL,
    -- counts saves of the text
    revision BIGINT NOT NULL,
    written_by TEXT NOT NULL REFERENCES account (id),
    begun_at TEXT NOT NULL,
    accuracy_sent_at TEXT,
    accuracy_due_on TEXT,
    -- when the force said that its check is done
    accuracy_done_at TEXT,
    accuracy_done_by TEXT REFERENCES account (id),
    approved_by TEXT REFERENCES account (id),
    approved_at TEXT,
    publish_at TEXT,
    published_at TEXT
);
CREATE INDEX report_state ON report (state, publish_at);
CREATE INDEX report_force ON report (force_id, state);

-- Every saved text of a draft stays (JSON: sections of paragraphs).
CREATE TABLE report_text (
    report_id TEXT NOT NULL REFERENCES report (id),
    revision BIGINT NOT NULL,
    sections TEXT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES account (id),
    saved_at TEXT NOT NULL,
    PRIMARY KEY (report_id, revision)
);

-- Figures are computed once and frozen whole (JSON: figures, tables, charts, conclusions),
-- with the digest of what they rest on. Each freeze stays.
CREATE TABLE report_figures (
    report_id TEXT NOT NULL REFERENCES report (id),
    number BIGINT NOT NULL,
    frozen TEXT NOT NULL,
    inputs_digest TEXT NOT NULL,
    frozen_at TEXT NOT NULL,
    PRIMARY KEY (report_id, number)
);

CREATE TABLE accuracy_comment (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES report (id),
    revision BIGINT NOT NULL,
    -- the paragraph it is about, and what stood there
    passage TEXT NOT NULL,
    quoted TEXT NOT NULL,
    detail TEXT NOT NULL,
    made_by TEXT NOT NULL REFERENCES account (id),
    actor TEXT NOT NULL,
    made_at TEXT NOT NULL,
    -- accepted, accepted-in-part or not-accepted
    decision TEXT,
    decision_reason TEXT,
    decided_by TEXT REFERENCES account (id),
    decided_by_name TEXT,
    decided_at TEXT
);
CREATE INDEX accuracy_comment_report ON accuracy_comment (report_id, made_at);

-- Who may read the draft before it is published, and whether they did.
CREATE TABLE briefing (
    report_id TEXT NOT NULL REFERENCES report (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    named_at TEXT NOT NULL,
    first_read_at TEXT,
    PRIMARY KEY (report_id, account_id)
);
CREATE INDEX briefing_account ON briefing (account_id);

-- What was published, whole (JSON of the document). A correction is the next version.
CREATE TABLE publication (
    report_id TEXT NOT NULL REFERENCES report (id),
    version BIGINT NOT NULL,
    force_id TEXT NOT NULL REFERENCES force (id),
    published_at TEXT NOT NULL,
    document TEXT NOT NULL,
    correction TEXT,
    PRIMARY KEY (report_id, version)
);
-- A correction waits here until somebody who did not write it approves it; then it is a version.
CREATE TABLE report_correction (
    report_id TEXT NOT NULL REFERENCES report (id),
    number BIGINT NOT NULL,
    why TEXT NOT NULL,
    sections TEXT NOT NULL,
    -- the figures, where they were computed again (JSON)
    frozen TEXT,
    proposed_by TEXT NOT NULL REFERENCES account (id),
    proposed_at TEXT NOT NULL,
    version BIGINT,
    approved_by TEXT REFERENCES account (id),
    approved_at TEXT,
    withdrawn_at TEXT,
    PRIMARY KEY (report_id, number)
);

CREATE INDEX publication_force ON publication (force_id, published_at);
