-- One reader's answers, grades and failings on one case.

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    reader_id TEXT NOT NULL REFERENCES account (id),
    -- first, or second (blind)
    reading TEXT NOT NULL,
    -- assigned, draft or submitted
    state TEXT NOT NULL,
    due_on TEXT NOT NULL,
    grade TEXT,
    grade_reason TEXT,
    -- counts saves, so that a save over somebody else's is noticed
    revision BIGINT NOT NULL,
    assigned_at TEXT NOT NULL,
    submitted_at TEXT,
    UNIQUE (inspection_id, reference, reading),
    FOREIGN KEY (inspection_id, reference) REFERENCES sampled_case (inspection_id, reference)
);
CREATE INDEX audit_reader ON audit (reader_id, state, due_on);
CREATE INDEX audit_state ON audit (inspection_id, state);

CREATE TABLE audit_answer (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    criterion TEXT NOT NULL,
    -- met, not-met, not-applicable or cannot-tell
    answer TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (audit_id, criterion)
);

CREATE TABLE failing (
    id TEXT PRIMARY KEY,
    audit_id TEXT NOT NULL REFERENCES audit (id),
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    criterion TEXT NOT NULL,
    cause TEXT NOT NULL,
    -- where in the file it shows: a page, an entry, a date
    passage TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX failing_audit ON failing (audit_id);
CREATE INDEX failing_criterion ON failing (inspection_id, criterion, cause);

CREATE TABLE strength (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    number BIGINT NOT NULL,
    detail TEXT NOT NULL,
    passage TEXT NOT NULL,
    PRIMARY KEY (audit_id, number)
);

CREATE TABLE topic_grade (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    topic TEXT NOT NULL,
    grade TEXT NOT NULL,
    PRIMARY KEY (audit_id, topic)
);

-- Who has the audit open, so that two people on one audit are told of each other.
CREATE TABLE audit_presence (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    seen_at TEXT NOT NULL,
    PRIMARY KEY (audit_id, account_id)
);

-- The final grade of a case: of its only reading, or settled between two.
CREATE TABLE case_grade (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    grade TEXT NOT NULL,
    -- single, agreed or moderated
    settled TEXT NOT NULL,
    -- the reading whose failings stand
    audit_id TEXT NOT NULL REFERENCES audit (id),
    reason TEXT,
    settled_by TEXT REFERENCES account (id),
    settled_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, reference)
);
