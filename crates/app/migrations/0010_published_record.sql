-- What inspectorates have published in the past, with the source of each figure.
-- An unknown cell is NULL and stays so.

CREATE TABLE published_record (
    id TEXT PRIMARY KEY,
    force TEXT NOT NULL,
    event TEXT NOT NULL,
    fieldwork TEXT,
    published_on TEXT,
    scale TEXT NOT NULL,
    graded_by TEXT NOT NULL,
    cases BIGINT NOT NULL,
    good BIGINT,
    middle BIGINT,
    inadequate BIGINT,
    below_good BIGINT,
    referred_back BIGINT,
    source TEXT NOT NULL,
    note TEXT,
    -- the order in the file
    position BIGINT NOT NULL,
    imported_at TEXT NOT NULL
);
CREATE INDEX published_record_force ON published_record (force, position);
