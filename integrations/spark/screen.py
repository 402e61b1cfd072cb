"""Screens a log of any size on Apache Spark: `throughline screen --stream` on every partition.

    spark-submit screen.py --throughline PROGRAM --events PATH --standards FILE --as-of DATE --out PATH

What comes of it, and what it needs, is in docs/spark.md.
"""

import argparse
import os
import subprocess
import tempfile
import threading

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import SparkSession

TIMES = [f"{what}_{end} timestamp" for what in ("activated", "deciding", "due") for end in ("earliest", "latest")]
ROWS = ", ".join(
    ["kind string", "case string", "standard string", "activity string", "outcome string", "why string"]
    + ["deciding_activity string", *TIMES, "margin_seconds long", "part binary", "summary string"]
)


def feed(batches, pipe):
    """Writes a partition to the program. One that stops early says why itself; where Spark fails to
    give the next batch, the stream is left without its end mark, and the program does not finish."""
    try:
        with pipe:
            writer = None
            for batch in batches:
                writer = writer or pa.ipc.new_stream(pipe, batch.schema)
                writer.write_batch(batch)
            if writer:
                writer.close()
    except BrokenPipeError:
        pass


def screening(options, shipped):
    """What Spark calls with the batches of a partition. Shipped files are found where they arrived."""

    def screen(batches):
        batches = iter(batches)
        first = next(batches, None)
        if first is None:
            return
        paths = {name: SparkFiles.get(file) for name, file in shipped.items()}
        program = paths.pop("throughline")
        os.chmod(program, 0o755)
        command = [program, "screen", "--stream", *options]
        for name, path in paths.items():
            command += [f"--{name}", path]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            rest = (batch for source in ([first], batches) for batch in source)
            feeder = threading.Thread(target=feed, args=(rest, process.stdin), daemon=True)
            feeder.start()
            try:
                yield from pa.ipc.open_stream(process.stdout)
            except pa.ArrowInvalid:
                if process.wait() == 0:
                    raise
            feeder.join()
            if process.wait() != 0:
                raise RuntimeError(f"throughline ended with {process.returncode}; see this executor's stderr for why")

    return screen


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--throughline", required=True, help="the program, on this machine")
    parser.add_argument("--events", required=True, help="Parquet files of events, wherever Spark can read them")
    parser.add_argument("--standards", required=True, help="a file on this machine, or `england-and-wales`")
    parser.add_argument("--as-of", required=True, help="the last day of which the log is known")
    parser.add_argument("--cases", help="the case list, a CSV file on this machine")
    parser.add_argument("--out", required=True, help="a new directory, on this machine and for Spark")
    parser.add_argument("--nation", help="only the standards of this nation and those of everywhere")
    parser.add_argument("--zone", help="the time zone in which days begin and end")
    parser.add_argument("--by", action="append", help="count by an attribute of the activating event too")
    parser.add_argument("--known-at", help="only what was recorded up to the end of this day")
    parser.add_argument("--covers-to", help="the last day that the log covers; without it, that of its latest event")
    parser.add_argument("--case-column", default="case_reference")
    parser.add_argument("--partitions", type=int, default=64)
    return parser.parse_args()


def given(args, *names):
    """The options of these names that were given, as the program takes them."""
    values = [(name, getattr(args, name.replace("-", "_"))) for name in names]
    several = [(name, value if isinstance(value, list) else [value]) for name, value in values if value]
    return [word for name, values in several for value in values for word in (f"--{name}", value)]


def main():
    args = arguments()
    spark = SparkSession.builder.appName("throughline").getOrCreate()
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    basis = given(args, "as-of", "nation", "zone", "by")
    shipped, options = {"throughline": args.throughline}, basis + given(args, "known-at")
    if args.standards == "england-and-wales":
        options += ["--standards", args.standards]
    else:
        shipped["standards"] = args.standards
    if args.cases:
        shipped["cases"] = args.cases
    for path in shipped.values():
        spark.sparkContext.addFile(os.path.abspath(path))
    names = {name: os.path.basename(path) for name, path in shipped.items()}
    options += ["--column", f"case_reference={args.case_column}"]

    events = spark.read.parquet(args.events)
    of_cases = events.repartition(args.partitions, args.case_column).sortWithinPartitions(args.case_column)
    rows = of_cases.mapInArrow(screening(options, names), ROWS)
    # Written once: what is computed again could be of another attempt.
    stream = os.path.join(args.out, "stream")
    rows.write.partitionBy("kind").parquet(stream)

    parts = spark.read.schema(ROWS).parquet(stream).where("kind != 'verdict'").toArrow()
    with tempfile.TemporaryDirectory() as folder:
        gathered = os.path.join(folder, "parts.arrows")
        with pa.OSFile(gathered, "wb") as file, pa.ipc.new_stream(file, parts.schema) as writer:
            writer.write_table(parts)
        merge = [args.throughline, "screen", "merge", gathered, "--out", os.path.join(args.out, "whole")]
        merge += [*basis, *given(args, "standards", "covers-to")]
        subprocess.run(merge, check=True)


if __name__ == "__main__":
    main()
