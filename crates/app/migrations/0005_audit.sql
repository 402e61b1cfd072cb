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
    saved_at TEXT,
    submitted_at TEXT,
    -- why a lead last returned it to its reader, until it is submitted again
    returned_reason TEXT,
    UNIQUE (inspection_id, reference, reading),
    -- a case of the sample, or one that was picked beside it
    FOREIGN KEY (inspection_id, reference) REFERENCES case_record (inspection_id, reference)
);
CREATE INDEX audit_reader ON audit (reader_id, state, due_on);
CREATE INDEX audit_state ON audit (inspection_id, state);
CREATE INDEX audit_reading ON audit (inspection_id, reading, state, reference);
CREATE INDEX audit_inspection_reader ON audit (inspection_id, reader_id, state);

-- Which revision last saved each page of the form, so that only a save over another save of
-- the same page is a conflict.
CREATE TABLE audit_step (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    -- topics/…, strengths or grades
    step TEXT NOT NULL,
    revision BIGINT NOT NULL,
    saved_at TEXT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES account (id),
    PRIMARY KEY (audit_id, step)
);

CREATE TABLE audit_answer (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    criterion TEXT NOT NULL,
    -- met, not-met, not-applicable or cannot-tell; none while a draft has only a reason
    answer TEXT,
    reason TEXT,
    PRIMARY KEY (audit_id, criterion)
);

CREATE TABLE failing (
    id TEXT PRIMARY KEY,
    audit_id TEXT NOT NULL REFERENCES audit (id),
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    criterion TEXT NOT NULL,
    -- the order within its criterion
    number BIGINT NOT NULL DEFAULT 1,
    -- empty while a draft names none
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

-- Who has the audit open, so that two people on one audit are told of each other. A row stays
-- when they leave: whoever has opened one reading is never given the other.
CREATE TABLE audit_presence (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    since TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (audit_id, account_id)
);

-- Who has seen what others wrote of a case, elsewhere than in an audit: they cannot read it
-- blind any more.
CREATE TABLE case_seen (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    seen_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, reference, account_id)
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
-- A reading is of one case: from failings to the grade that they stand behind.
CREATE INDEX case_grade_audit ON case_grade (audit_id);

-- How the cases for a second reading were chosen.
CREATE TABLE second_reading_draw (
    inspection_id TEXT PRIMARY KEY REFERENCES inspection (id),
    seed TEXT NOT NULL,
    share_percent BIGINT NOT NULL,
    chosen_from BIGINT NOT NULL,
    chosen BIGINT NOT NULL,
    drawn_by TEXT NOT NULL REFERENCES account (id),
    drawn_at TEXT NOT NULL
);
