"""The rows of a Parquet file of events in the order in which they were recorded.

    in_order_of_arrival.py EVENTS.parquet ARRIVED.parquet
"""

import sys

import duckdb

source, target = sys.argv[1:3]
duckdb.execute("SET memory_limit = '4GB'")
duckdb.execute("SET TimeZone = 'UTC'")
duckdb.execute(
    f"""
    COPY (SELECT * FROM read_parquet('{source}') ORDER BY recorded_at, case_reference, event_time)
    TO '{target}' (FORMAT parquet, COMPRESSION zstd)
    """
)
