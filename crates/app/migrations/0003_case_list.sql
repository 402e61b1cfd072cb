-- The frame: every case in scope, by pseudonymous reference.

CREATE TABLE case_list (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    version BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    -- which column served as what, and which were dropped (JSON)
    mapping TEXT NOT NULL,
    -- the totals that the force declared (JSON)
    declared TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL,
    case_count BIGINT NOT NULL,
    -- against the version before: cases that it did not have, had otherwise, alone had
    added_count BIGINT NOT NULL DEFAULT 0,
    changed_count BIGINT NOT NULL DEFAULT 0,
    withdrawn_count BIGINT NOT NULL DEFAULT 0,
    imported_by TEXT NOT NULL REFERENCES account (id),
    imported_at TEXT NOT NULL,
    UNIQUE (inspection_id, version)
);

CREATE TABLE case_record (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    category TEXT NOT NULL,
    area TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    -- the force's own grade of how it handled the case; no reader sees it before submitting
    own_grade TEXT,
    -- the version of the list that last said so
    version BIGINT NOT NULL,
    -- no longer in the corrected list; never deleted
    withdrawn_at TEXT,
    PRIMARY KEY (inspection_id, reference)
);

CREATE INDEX case_record_group ON case_record (inspection_id, category, area, opened_on);

-- A file that was handed over and waits: for its columns to be named, for its check, for
-- somebody to say yes. One for each inspection; it ends when it is taken in or thrown away.
CREATE TABLE case_list_upload (
    inspection_id TEXT PRIMARY KEY REFERENCES inspection (id),
    -- becomes the id of the list
    id TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    -- the file, in base 64
    content TEXT NOT NULL,
    -- the row with the headings (JSON)
    headings TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL,
    declared TEXT NOT NULL,
    -- which column serves as what (JSON), once somebody said
    mapping TEXT,
    -- waiting, mapped, faulty or sound
    state TEXT NOT NULL,
    -- after the check: the cases without a fault (JSON), and what was counted
    accepted TEXT,
    fault_count BIGINT NOT NULL DEFAULT 0,
    faulty_rows BIGINT NOT NULL DEFAULT 0,
    duplicates BIGINT NOT NULL DEFAULT 0,
    blank_rows BIGINT NOT NULL DEFAULT 0,
    uploaded_by TEXT NOT NULL REFERENCES account (id),
    uploaded_at TEXT NOT NULL
);

CREATE TABLE case_list_fault (
    upload_id TEXT NOT NULL REFERENCES case_list_upload (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    -- what kind of value stands there; never the value
    kind TEXT NOT NULL,
    problem TEXT NOT NULL,
    mend TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
);

-- Work that takes longer than a page may: its progress and its end.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    -- running, done or failed
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    message TEXT NOT NULL,
    result TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT
);
