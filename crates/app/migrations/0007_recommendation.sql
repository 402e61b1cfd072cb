-- What the inspectorate concludes and asks for, and what the force undertakes.

CREATE TABLE finding (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    -- finding, cause-of-concern or area-for-improvement
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    written_by TEXT NOT NULL REFERENCES account (id),
    written_at TEXT NOT NULL
);
CREATE INDEX finding_inspection ON finding (inspection_id);

CREATE TABLE finding_failing (
    finding_id TEXT NOT NULL REFERENCES finding (id),
    failing_id TEXT NOT NULL REFERENCES failing (id),
    PRIMARY KEY (finding_id, failing_id)
);
CREATE INDEX finding_failing_failing ON finding_failing (failing_id);

CREATE TABLE recommendation (
    id TEXT PRIMARY KEY,
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    series_id TEXT NOT NULL REFERENCES series (id),
    force_id TEXT NOT NULL REFERENCES force (id),
    -- counts within the series: 1, 2 …
    number BIGINT NOT NULL,
    detail TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- the framework's code: immediate, three-months or six-months
    time_limit TEXT NOT NULL,
    written_by TEXT NOT NULL REFERENCES account (id),
    written_at TEXT NOT NULL,
    -- set when the report that makes it is published
    published_on TEXT,
    due_on TEXT,
    UNIQUE (series_id, number)
);
CREATE INDEX recommendation_force ON recommendation (force_id);
CREATE INDEX recommendation_inspection ON recommendation (inspection_id);

CREATE TABLE recommendation_finding (
    recommendation_id TEXT NOT NULL REFERENCES recommendation (id),
    finding_id TEXT NOT NULL REFERENCES finding (id),
    PRIMARY KEY (recommendation_id, finding_id)
);
CREATE INDEX recommendation_finding_finding ON recommendation_finding (finding_id);

-- The register: an append-only history, each entry a status or a comment.
CREATE TABLE recommendation_entry (
    recommendation_id TEXT NOT NULL REFERENCES recommendation (id),
    number BIGINT NOT NULL,
    day TEXT NOT NULL,
    -- status or comment
    kind TEXT NOT NULL,
    status TEXT,
    detail TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (recommendation_id, number)
);

CREATE TABLE plan_action (
    id TEXT PRIMARY KEY,
    recommendation_id TEXT NOT NULL REFERENCES recommendation (id),
    force_id TEXT NOT NULL REFERENCES force (id),
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT NOT NULL,
    -- planned, under-way or done
    state TEXT NOT NULL,
    added_by TEXT NOT NULL REFERENCES account (id),
    added_at TEXT NOT NULL,
    done_on TEXT
);
CREATE INDEX plan_action_recommendation ON plan_action (recommendation_id);

-- What was said of an action, in order: progress, and why it is late.
CREATE TABLE plan_action_entry (
    action_id TEXT NOT NULL REFERENCES plan_action (id),
    number BIGINT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- why it is late, where the entry was made after the due day
    lateness TEXT,
    account_id TEXT REFERENCES account (id),
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (action_id, number)
);

CREATE TABLE evidence (
    id TEXT PRIMARY KEY,
    action_id TEXT NOT NULL REFERENCES plan_action (id),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    added_by TEXT NOT NULL REFERENCES account (id),
    added_at TEXT NOT NULL,
    UNIQUE (action_id, digest)
);

-- A file's bytes in base 64, in parts, so that every process serves it and every backup has it.
CREATE TABLE evidence_part (
    evidence_id TEXT NOT NULL REFERENCES evidence (id),
    number BIGINT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (evidence_id, number)
);
