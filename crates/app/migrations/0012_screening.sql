-- Every case's timeline against the handling standards, and what was found.

-- What the force handed over: one row for each file, the newest being the one that counts.
CREATE TABLE timeline_import (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    version BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    case_count BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    -- the codes of what happened that occur in it (JSON)
    activities TEXT NOT NULL,
    -- the last day of which it knows
    known_to TEXT NOT NULL,
    imported_by TEXT NOT NULL REFERENCES account (id),
    imported_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, version)
);

-- The timeline of a case, as the newest file has it.
CREATE TABLE timeline (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    reference TEXT NOT NULL,
    child_key TEXT NOT NULL,
    -- its events in order (JSON): activity, time, when it was entered, and values by column
    events TEXT NOT NULL,
    PRIMARY KEY (inspection_id, reference),
    FOREIGN KEY (inspection_id, reference) REFERENCES case_record (inspection_id, reference)
);

-- The standards that an inspection adds to those of the program. Every version is kept.
CREATE TABLE own_standards (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL,
    standard_count BIGINT NOT NULL,
    written_by TEXT NOT NULL REFERENCES account (id),
    written_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, version)
);

CREATE TABLE screening (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    number BIGINT NOT NULL,
    as_of TEXT NOT NULL,
    timelines_version BIGINT NOT NULL,
    standards_version BIGINT NOT NULL,
    -- what the standards were called, and the digest of their text
    library TEXT NOT NULL,
    standards_digest TEXT NOT NULL,
    input_digest TEXT NOT NULL,
    -- each standard as it was understood (JSON), and the counts of all (JSON)
    standards TEXT NOT NULL,
    tally TEXT NOT NULL,
    case_count BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    -- cases of the list that have no timeline
    without_timeline BIGINT NOT NULL,
    -- cases that missed a standard
    missing_count BIGINT NOT NULL,
    run_by TEXT NOT NULL REFERENCES account (id),
    run_at TEXT NOT NULL,
    UNIQUE (inspection_id, number)
);

-- Each case that any standard applies to, with all its verdicts.
CREATE TABLE screening_case (
    screening_id TEXT NOT NULL REFERENCES screening (id),
    reference TEXT NOT NULL,
    category TEXT NOT NULL,
    area TEXT NOT NULL,
    closed_on TEXT,
    -- (JSON)
    verdicts TEXT NOT NULL,
    -- standards missed and pending, each counted once
    missed BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    -- the earliest time by which something is due
    next_due TEXT,
    PRIMARY KEY (screening_id, reference)
);
CREATE INDEX screening_case_missed ON screening_case (screening_id, missed);

-- For lists: a row for each case and standard that was missed, or is pending.
CREATE TABLE screening_verdict (
    screening_id TEXT NOT NULL REFERENCES screening (id),
    standard TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- missed or pending
    outcome TEXT NOT NULL,
    -- in which way it was missed
    detail TEXT NOT NULL,
    -- how often
    times BIGINT NOT NULL,
    -- the earliest time by which it was or is due
    due_at TEXT,
    PRIMARY KEY (screening_id, standard, outcome, reference)
);
CREATE INDEX screening_verdict_due ON screening_verdict (screening_id, outcome, due_at);

-- What readers said of verdicts on the cases they read.
CREATE TABLE judged_verdict (
    audit_id TEXT NOT NULL REFERENCES audit (id),
    standard TEXT NOT NULL,
    screening_id TEXT NOT NULL REFERENCES screening (id),
    -- yes or no
    agrees TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    PRIMARY KEY (audit_id, standard)
);
CREATE INDEX judged_verdict_standard ON judged_verdict (standard);
