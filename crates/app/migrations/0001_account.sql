-- Forces, people, their sessions; and the journal.
-- One text for SQLite and PostgreSQL: TEXT, BIGINT and DOUBLE PRECISION only. Times are
-- RFC 3339 UTC in whole seconds, days ISO 8601: both sort as text.

CREATE TABLE force (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    nation TEXT NOT NULL,
    added_at TEXT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    force_id TEXT REFERENCES force (id),
    password_hash TEXT NOT NULL,
    -- Empty while the password is the first one, which somebody else gave them.
    password_chosen_at TEXT,
    added_at TEXT NOT NULL,
    closed_at TEXT
);

CREATE TABLE session (
    token_digest TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    form_token TEXT NOT NULL,
    started_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- Tries at a password that were wrong, or are being looked at; kept for a quarter of an hour.
-- Whose they count as is a digest, so that nothing here says which e-mail address was tried.
CREATE TABLE sign_in_try (
    id TEXT PRIMARY KEY,
    counted_as TEXT NOT NULL,
    address TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX sign_in_try_counted_as ON sign_in_try (counted_as, at);
CREATE INDEX sign_in_try_address ON sign_in_try (address, at);
CREATE INDEX sign_in_try_at ON sign_in_try (at);

-- A browser from which somebody has signed in before: strangers' tries do not lock them out of it.
CREATE TABLE known_browser (
    account_id TEXT NOT NULL REFERENCES account (id),
    token_digest TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (account_id, token_digest)
);

-- One row, taken by every writer first: writers go one at a time on either database.
CREATE TABLE journal_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    frontier TEXT NOT NULL
);

CREATE TABLE journal_entry (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT,
    salt TEXT NOT NULL,
    change TEXT NOT NULL,
    leaf TEXT NOT NULL
);
INSERT INTO journal_head (id, frontier) VALUES (1, '0');

CREATE INDEX journal_entry_subject ON journal_entry (subject, seq);
-- The first letters tell kinds of subjects apart well enough to read one kind in order.
CREATE INDEX journal_entry_kind ON journal_entry (SUBSTR(subject, 1, 4), seq);
CREATE INDEX journal_entry_actor ON journal_entry (actor, seq);
CREATE INDEX journal_entry_action ON journal_entry (action, seq);
CREATE INDEX journal_entry_at ON journal_entry (at);
