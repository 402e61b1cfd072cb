"""The ten standards of good practice (S1 to S10) on Polars.

    with_polars.py EVENTS.parquet WORKING_DAYS.csv AS_OF_MICROSECONDS

As with_duckdb.py; the events must be sorted by case and time. POLARS_MAX_THREADS sets the threads.
"""

import sys

import polars as pl

HOUR = 3_600_000_000
DAY = 24 * HOUR

path, working_days, as_of = sys.argv[1], sys.argv[2], int(sys.argv[3])
# The cases stand together, so that a number for each is cheaper than its reference.
event = (
    pl.scan_parquet(path)
    .select(
        case=pl.col("case_reference").rle_id(),
        child="child_key",
        suspect="suspect_key",
        t=pl.col("event_time").dt.epoch("us"),
        activity=pl.col("activity").cast(pl.Categorical),
        risk="risk",
    )
    .collect()
)
working_day = pl.read_csv(working_days)


def of(*activities):
    """The events of these activities."""
    is_one = pl.any_horizontal(pl.col("activity") == activity for activity in activities)
    return event.filter(is_one)


def follows(triggers, others, name, at="t", by="case", **options):
    """For each trigger the first of others after an instant, as a column of this name."""
    others = others.select(by, pl.col("t").alias(name))
    return triggers.join_asof(
        others,
        left_on=at,
        right_on=name,
        by=by,
        strategy="forward",
        allow_exact_matches=False,
        coalesce=False,
        check_sortedness=False,
        **options,
    )


def precedes(triggers, others, name):
    """For each trigger the last of others before it, as a column of this name."""
    others = others.select("case", pl.col("t").alias(name))
    return triggers.join_asof(
        others,
        left_on="t",
        right_on=name,
        by="case",
        strategy="backward",
        allow_exact_matches=False,
        coalesce=False,
        check_sortedness=False,
    )


def on_day(triggers):
    """Each trigger with what the calendar says of its day."""
    return triggers.sort("t").join_asof(working_day, left_on="t", right_on="starts").sort("case", "t")


def count(standard, met, missed, pending=0, excused=0):
    print(standard, met, missed, pending, excused, sep=",")


def count_kept(standard, activations, kept):
    """For standards that are kept or not: how many were."""
    met = activations.select(kept.fill_null(False).sum()).item()
    count(standard, met, activations.height - met)


def response(standard, triggers, answers, excuses=None, begin="t", by="case"):
    """Triggers have an instant after which the window begins, and `due`."""
    found = follows(triggers, answers, "answer", begin, by)
    if excuses is None:
        found = found.with_columns(excuse=pl.lit(None, pl.Int64))
    else:
        found = follows(found, excuses, "excuse", begin, by)
    excuse, answer, due = pl.col("excuse"), pl.col("answer"), pl.col("due")
    is_excused = (excuse <= due) & (answer.is_null() | (excuse < answer))
    outcome = (
        pl.when(is_excused)
        .then(3)
        .when(answer <= due)
        .then(0)
        .when(due >= as_of)
        .then(2)
        .otherwise(1)
    )
    outcomes = found.select(outcome=outcome)
    count(standard, *outcomes.select((pl.col("outcome") == n).sum().alias(str(n)) for n in range(4)).row(0))


referrals, discussions = of("REFERRAL_RECEIVED"), of("STRATEGY_DISCUSSION")
assessments = of("RISK_ASSESSED")
time = pl.col("t")

high = referrals.filter(pl.col("risk") == "H").with_columns(due=time + 24 * HOUR)
response("S1", high, of("CHILD_SEEN"), of("CASE_TRANSFERRED"))

returned = of("MISSING_RETURNED").with_columns(due=time + 72 * HOUR)
response("S2", returned, of("RETURN_INTERVIEW"))

conferences = precedes(on_day(of("CONFERENCE")), discussions, "discussion")
count_kept("S3", conferences, pl.col("discussion") >= pl.col("begins"))

reviewed = of("REFERRAL_RECEIVED", "REVIEW", "REOPENED").with_columns(due=time + 28 * DAY)
response("S4", reviewed, of("REFERRAL_RECEIVED", "REVIEW", "REOPENED", "CASE_CLOSED"))

closings = of("CASE_CLOSED").select("case", "t").with_row_index("number")
interviews = of("SUSPECT_INTERVIEWED").select("case", "suspect", ends="t")
openings = of("SUSPECT_IDENTIFIED").select("case", "suspect", opened="t").join_asof(
    interviews,
    left_on="opened",
    right_on="ends",
    by=["case", "suspect"],
    strategy="forward",
    allow_exact_matches=False,
    coalesce=False,
    check_sortedness=False,
)
stands_open = (pl.col("opened") < time) & (pl.col("ends").is_null() | (pl.col("ends") >= time))
unmatched = closings.join(openings, on="case").filter(stands_open)["number"].n_unique()
count("S5", closings.height - unmatched, unmatched)

reported = of("MISSING_REPORTED")
third = reported.filter((pl.col("case").shift(2) == pl.col("case")) & (time.shift(2) >= time - 90 * DAY))
response("S6", third.with_columns(due=time + 7 * DAY), discussions)

plans = precedes(of("PLAN_AGREED"), assessments, "assessed")
plans = precedes(plans, of("REFERRAL_RECEIVED", "REOPENED"), "boundary")
assessed, boundary = pl.col("assessed"), pl.col("boundary")
count_kept("S7", plans, assessed.is_not_null() & (boundary.is_null() | (boundary < assessed)))

response("S8", on_day(referrals).with_columns(due="next_ends"), assessments)

by_child = referrals.sort("child", "t")
is_second = (pl.col("child").shift(1) == pl.col("child")) & (time.shift(1) >= time - 30 * DAY)
second = by_child.with_columns(first=time.shift(1), due=time + 7 * DAY).filter(is_second)
response("S9", second, discussions.sort("child", "t"), begin="first", by="child")

allocated = of("ALLOCATED")
too_many = (pl.col("case").shift(3) == pl.col("case")).fill_null(False)
count_kept("S10", allocated, ~too_many)
