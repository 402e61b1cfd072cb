-- Every case's timeline against the handling standards, and what was found.

-- What the force handed over: one row for each file. The newest that is in is the one that counts;
-- one that is still read, or waits to be taken in, has the next number. None that was in is deleted.
CREATE TABLE timeline_import (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    version BIGINT NOT NULL,
    -- reading, waiting or in
    state TEXT NOT NULL,
    -- which file this is, so that what reads another stops when this takes its place
    arrival TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    -- which columns hold what, where they have other names than the usual (JSON)
    column_names TEXT NOT NULL,
    -- the last day that it was said to cover, where somebody said so
    covers_to TEXT,
    -- the version of the case list to whose cases it was held
    case_list_version BIGINT NOT NULL,
    case_count BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    -- the codes of what happened that occur in it (JSON)
    activities TEXT NOT NULL,
    -- the columns that nothing is read from (JSON)
    unused TEXT NOT NULL,
    -- for each column how many different values were left out, not being codes (JSON)
    left_out TEXT NOT NULL,
    -- faulty rows, and references that the list does not have
    fault_count BIGINT NOT NULL,
    stranger_count BIGINT NOT NULL,
    -- against the version before: events that are new, events that are gone, cases with either
    events_added BIGINT NOT NULL,
    events_gone BIGINT NOT NULL,
    cases_touched BIGINT NOT NULL,
    -- the last day of which it knows; none while it is read
    known_to TEXT,
    imported_by TEXT NOT NULL REFERENCES account (id),
    imported_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, version)
);

-- The timeline of a case, as a file has it.
CREATE TABLE timeline (
    inspection_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    reference TEXT NOT NULL,
    -- its events in order (JSON): activity, time, when it was entered, and values by column
    events TEXT NOT NULL,
    event_count BIGINT NOT NULL,
    PRIMARY KEY (inspection_id, version, reference),
    FOREIGN KEY (inspection_id, version) REFERENCES timeline_import (inspection_id, version),
    FOREIGN KEY (inspection_id, reference) REFERENCES case_record (inspection_id, reference)
);

-- Rows of a file that are faulty.
CREATE TABLE timeline_fault (
    inspection_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    number BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    -- what is wrong, as a code
    reason TEXT NOT NULL,
    PRIMARY KEY (inspection_id, version, number),
    FOREIGN KEY (inspection_id, version) REFERENCES timeline_import (inspection_id, version)
);

-- References of a file that the case list does not have.
CREATE TABLE timeline_stranger (
    inspection_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    reference TEXT NOT NULL,
    event_count BIGINT NOT NULL,
    PRIMARY KEY (inspection_id, version, reference),
    FOREIGN KEY (inspection_id, version) REFERENCES timeline_import (inspection_id, version)
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

-- Each check of every case, from when it begins. What it finds is written under its id part by part;
-- it is shown once it has a row in screening, and not before. One that has none, and was not broken
-- off, is at work or was killed.
CREATE TABLE screening_run (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    begun_at TEXT NOT NULL,
    -- when it failed or another took its place: what it wrote is being taken away
    broken_off_at TEXT
);
CREATE INDEX screening_run_inspection ON screening_run (inspection_id);

CREATE TABLE screening (
    id TEXT PRIMARY KEY REFERENCES screening_run (id),
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    number BIGINT NOT NULL,
    as_of TEXT NOT NULL,
    -- only what had been recorded by the end of that day; none for all
    known_at TEXT,
    -- of the cases of which version of the case list
    case_list_version BIGINT NOT NULL,
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
    screening_id TEXT NOT NULL REFERENCES screening_run (id),
    reference TEXT NOT NULL,
    category TEXT NOT NULL,
    area TEXT NOT NULL,
    closed_on TEXT,
    -- 1 if it was open at the end of the last day that is known, else 0
    is_open BIGINT NOT NULL,
    -- what its own timeline proves (JSON), and what hangs on those of other cases too (JSON)
    verdicts TEXT NOT NULL,
    verdicts_across TEXT NOT NULL,
    -- standards missed, each counted once
    missed BIGINT NOT NULL,
    -- the earliest time by which something is due
    next_due TEXT,
    PRIMARY KEY (screening_id, reference)
);
CREATE INDEX screening_case_missed ON screening_case (screening_id, missed);

-- For lists: a row for each case and standard that was missed, or is pending.
CREATE TABLE screening_verdict (
    screening_id TEXT NOT NULL REFERENCES screening_run (id),
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
    -- which verdict it was: the digest of what the standard meant, and the code of what was found
    meaning TEXT NOT NULL,
    found TEXT NOT NULL,
    -- yes or no
    agrees TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    PRIMARY KEY (audit_id, standard)
);
CREATE INDEX judged_verdict_standard ON judged_verdict (standard);
