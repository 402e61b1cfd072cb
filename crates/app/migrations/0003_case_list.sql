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
    -- the version of the list that last said so
    version BIGINT NOT NULL,
    -- no longer in the corrected list; never deleted
    withdrawn_at TEXT,
    PRIMARY KEY (inspection_id, reference)
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
