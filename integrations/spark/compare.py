"""Compares what came of a screening on Spark with a run of one process.

    python compare.py ONE_RUN ON_SPARK
"""

import json
import sys
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as parquet

COLUMNS = ["case", "standard", "activity", "outcome", "why", "deciding_activity"]
COLUMNS += [f"{what}_{end}" for what in ("activated", "deciding", "due") for end in ("earliest", "latest")]
COLUMNS += ["margin_seconds"]


def verdicts(path):
    """How often each verdict is there."""
    table = parquet.read_table(path, columns=COLUMNS)
    columns = []
    for name, column in zip(table.column_names, table.columns):
        if name.endswith(("earliest", "latest")):
            column = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        columns.append(column.to_pylist())
    return Counter(zip(*columns))


def main():
    one_run, on_spark = sys.argv[1:]
    summaries = [json.load(open(f"{path}/summary.json")) for path in (one_run, f"{on_spark}/whole")]
    expected = verdicts(f"{one_run}/verdicts.parquet")
    found = verdicts(f"{on_spark}/stream/kind=verdict") + verdicts(f"{on_spark}/whole/verdicts.parquet")
    # A part cannot know that the whole log never records what a standard awaits.
    unrecorded = summaries[1]["unrecorded"]
    found = Counter({verdict: count for verdict, count in found.items() if verdict[1] not in unrecorded})
    if found != expected:
        wrong = (found - expected) + (expected - found)
        sys.exit(f"{wrong.total()} verdicts differ, such as {next(iter(wrong))}")
    if any(summaries[0][part] != summaries[1][part] for part in ("tally", "unrecorded")):
        sys.exit("the counts differ")
    print(f"{expected.total()} verdicts and all counts are those of one process")


if __name__ == "__main__":
    main()
