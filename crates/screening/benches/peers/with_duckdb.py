"""The ten standards of good practice (S1 to S10) in SQL, on DuckDB.

    with_duckdb.py EVENTS.parquet WORKING_DAYS.csv AS_OF_MICROSECONDS

WORKING_DAYS.csv has a row for each day: the instant at which it begins, the last instant of the next
working day, and the first of the 15 working days before. Times are microseconds since 1970; a date
counts as the instant at which the day begins. One thread. Prints for each standard how many
activations were met, missed, pending and excused.
"""

import sys

import duckdb

HOUR = 3_600_000_000
DAY = 24 * HOUR

events, working_days, as_of = sys.argv[1:4]
database = duckdb.connect()
database.execute("SET threads = 1")
database.execute("SET preserve_insertion_order = false")
database.execute(
    """
    CREATE TABLE event AS
    SELECT case_reference AS case_id, child_key AS child, suspect_key AS suspect,
           epoch_us(event_time) AS t, activity, risk
    FROM read_parquet($1)
    """,
    [events],
)
database.execute("CREATE TABLE working_day AS SELECT * FROM read_csv($1)", [working_days])


def of(*activities):
    """The events of these activities."""
    names = ", ".join(f"'{activity}'" for activity in activities)
    return f"(SELECT case_id, child, suspect, t FROM event WHERE activity IN ({names}))"


def count(standard, verdicts):
    """Prints the counts of a query with a row for each activation and its outcome in `outcome`."""
    outcomes = ("met", "missed", "pending", "excused")
    counts = ", ".join(f"count(*) FILTER (outcome = '{outcome}')" for outcome in outcomes)
    row = database.execute(f"SELECT {counts} FROM ({verdicts})").fetchone()
    print(standard, *row, sep=",")


def response(standard, triggers, answers, excuses=None, key="case_id"):
    """Triggers have a key, the instant `begin` after which the window begins, and `due`."""
    excuses = excuses or "(SELECT case_id, child, t FROM event WHERE false)"
    count(
        standard,
        f"""
        SELECT CASE
                 WHEN excuse.t <= due AND (answer.t IS NULL OR excuse.t < answer.t) THEN 'excused'
                 WHEN answer.t <= due THEN 'met'
                 WHEN due >= {as_of} THEN 'pending'
                 ELSE 'missed'
               END AS outcome
        FROM ({triggers}) AS activation
        ASOF LEFT JOIN {answers} AS answer
          ON activation.{key} = answer.{key} AND activation.begin < answer.t
        ASOF LEFT JOIN {excuses} AS excuse
          ON activation.{key} = excuse.{key} AND activation.begin < excuse.t
        """,
    )


response(
    "S1",
    f"""SELECT case_id, t AS begin, t + {24 * HOUR} AS due FROM event
        WHERE activity = 'REFERRAL_RECEIVED' AND risk = 'H'""",
    of("CHILD_SEEN"),
    of("CASE_TRANSFERRED"),
)
response(
    "S2",
    f"SELECT case_id, t AS begin, t + {72 * HOUR} AS due FROM {of('MISSING_RETURNED')}",
    of("RETURN_INTERVIEW"),
)
count(
    "S3",
    f"""
    SELECT CASE WHEN discussion.t >= begins THEN 'met' ELSE 'missed' END AS outcome
    FROM (SELECT case_id, t, begins FROM {of("CONFERENCE")} AS conference
          ASOF JOIN working_day ON conference.t >= working_day.starts) AS conference
    ASOF LEFT JOIN {of("STRATEGY_DISCUSSION")} AS discussion
      ON conference.case_id = discussion.case_id AND conference.t > discussion.t
    """,
)
response(
    "S4",
    f"""SELECT case_id, t AS begin, t + {28 * DAY} AS due
        FROM {of("REFERRAL_RECEIVED", "REVIEW", "REOPENED")}""",
    of("REFERRAL_RECEIVED", "REVIEW", "REOPENED", "CASE_CLOSED"),
)
count(
    "S5",
    f"""
    WITH closing AS (SELECT row_number() OVER () AS number, case_id, t FROM {of("CASE_CLOSED")}),
         opening AS (
           SELECT opened.case_id, opened.t, interview.t AS ends
           FROM {of("SUSPECT_IDENTIFIED")} AS opened
           ASOF LEFT JOIN {of("SUSPECT_INTERVIEWED")} AS interview
             ON opened.case_id = interview.case_id AND opened.suspect = interview.suspect
            AND opened.t < interview.t)
    SELECT CASE WHEN bool_or(opening.t < closing.t AND (ends IS NULL OR ends >= closing.t))
                THEN 'missed' ELSE 'met' END AS outcome
    FROM closing LEFT JOIN opening ON closing.case_id = opening.case_id
    GROUP BY closing.number
    """,
)
response(
    "S6",
    f"""SELECT case_id, t AS begin, t + {7 * DAY} AS due
        FROM (SELECT case_id, t, lag(t, 2) OVER (PARTITION BY case_id ORDER BY t) AS first
              FROM {of("MISSING_REPORTED")})
        WHERE first >= t - {90 * DAY}""",
    of("STRATEGY_DISCUSSION"),
)
count(
    "S7",
    f"""
    SELECT CASE WHEN assessed.t IS NOT NULL AND (boundary.t IS NULL OR boundary.t < assessed.t)
                THEN 'met' ELSE 'missed' END AS outcome
    FROM {of("PLAN_AGREED")} AS plan
    ASOF LEFT JOIN {of("RISK_ASSESSED")} AS assessed
      ON plan.case_id = assessed.case_id AND plan.t > assessed.t
    ASOF LEFT JOIN {of("REFERRAL_RECEIVED", "REOPENED")} AS boundary
      ON plan.case_id = boundary.case_id AND plan.t > boundary.t
    """,
)
response(
    "S8",
    f"""SELECT case_id, t AS begin, next_ends AS due FROM {of("REFERRAL_RECEIVED")} AS referral
        ASOF JOIN working_day ON referral.t >= working_day.starts""",
    of("RISK_ASSESSED"),
)
response(
    "S9",
    f"""SELECT child, first AS begin, t + {7 * DAY} AS due
        FROM (SELECT child, t, lag(t) OVER (PARTITION BY child ORDER BY t) AS first
              FROM {of("REFERRAL_RECEIVED")})
        WHERE first >= t - {30 * DAY}""",
    of("STRATEGY_DISCUSSION"),
    key="child",
)
count(
    "S10",
    f"""
    SELECT CASE WHEN row_number() OVER (PARTITION BY case_id ORDER BY t) > 3
                THEN 'missed' ELSE 'met' END AS outcome
    FROM {of("ALLOCATED")}
    """,
)
