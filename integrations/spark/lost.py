"""Counts the tasks that were lost with their executor in what Spark recorded of a run, and sees that
each was done again.

    python lost.py HISTORY
"""

import json
import pathlib
import sys


def main():
    lost, done = set(), set()
    for path in pathlib.Path(sys.argv[1]).iterdir():
        for event in map(json.loads, path.open()):
            if event["Event"] == "SparkListenerTaskEnd":
                task = (event["Stage ID"], event["Task Info"]["Index"])
                reason = event["Task End Reason"]["Reason"]
                (done if reason == "Success" else lost if reason == "ExecutorLostFailure" else set()).add(task)
    if not lost:
        sys.exit("no task was lost: nothing was tried")
    if not lost <= done:
        sys.exit(f"{len(lost - done)} tasks that were lost were never done")
    print(f"{len(lost)} tasks were lost with their executor and done again by another")


if __name__ == "__main__":
    main()
