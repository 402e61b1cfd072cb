-- What inspectorates have published in the past, with the source of each figure.
-- An unknown cell is NULL and stays so. A row that a later file corrects is withdrawn, not
-- deleted: only rows that were never withdrawn are the record.

CREATE TABLE published_record (
    id TEXT PRIMARY KEY,
    force TEXT NOT NULL,
    event TEXT NOT NULL,
    -- child-protection or child-exploitation
    scope TEXT NOT NULL,
    fieldwork TEXT,
    published_on TEXT,
    scale TEXT NOT NULL,
    -- 1 where the scale is an assumption of the record
    scale_assumed BIGINT NOT NULL,
    -- inspectors or force
    graded_by TEXT NOT NULL,
    cases BIGINT NOT NULL,
    good BIGINT,
    middle BIGINT,
    inadequate BIGINT,
    below_good BIGINT,
    referred_back BIGINT,
    source TEXT NOT NULL,
    note TEXT,
    -- the line of the file it was read from: the order of a force's rows
    line BIGINT NOT NULL,
    file_digest TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    withdrawn_at TEXT
);
CREATE INDEX published_record_force ON published_record (force, line);
