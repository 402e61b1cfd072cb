-- The inspectorate's judgement on a recommendation at a round.

CREATE TABLE progress_judgement (
    inspection_id TEXT NOT NULL REFERENCES inspection (id),
    recommendation_id TEXT NOT NULL REFERENCES recommendation (id),
    judgement TEXT NOT NULL,
    rests_on TEXT NOT NULL,
    judged_by TEXT NOT NULL REFERENCES account (id),
    judged_at TEXT NOT NULL,
    PRIMARY KEY (inspection_id, recommendation_id)
);
