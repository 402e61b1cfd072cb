-- Signed checkpoints of the journal that were made public, each as it was signed.

CREATE TABLE journal_checkpoint (
    -- how many entries the journal had
    size BIGINT PRIMARY KEY,
    -- the signed note, whole
    note TEXT NOT NULL,
    -- the key it is verified with: name+hash+base64
    public_key TEXT NOT NULL,
    published_at TEXT NOT NULL
);
