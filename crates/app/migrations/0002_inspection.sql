-- An inspection is one round of a series on one force.

CREATE TABLE series (
    id TEXT PRIMARY KEY,
    force_id TEXT NOT NULL REFERENCES force (id),
    title TEXT NOT NULL
);

CREATE TABLE inspection (
    id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL REFERENCES series (id),
    force_id TEXT NOT NULL REFERENCES force (id),
    -- the framework's id with its version, such as child-protection-2016@1
    framework TEXT NOT NULL,
    -- 0 for the inspection itself, then 1, 2 … for each follow-up
    round BIGINT NOT NULL,
    -- inspection, quarterly-update, review or re-inspection
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    fieldwork_from TEXT NOT NULL,
    fieldwork_to TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    UNIQUE (series_id, round)
);
CREATE INDEX inspection_force ON inspection (force_id);

CREATE TABLE team_member (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    joined_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, account_id)
);
CREATE INDEX team_member_account ON team_member (account_id);

-- What was served on a force, and when: before that it does not exist for the force's people.
-- A thing is named as in the journal: inspection/…, recommendation/….
CREATE TABLE served (
    thing TEXT NOT NULL,
    force_id TEXT NOT NULL REFERENCES force (id),
    served_at TEXT NOT NULL,
    PRIMARY KEY (thing, force_id)
);
