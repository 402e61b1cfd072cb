#!/bin/bash
# Screens a simulated log on a Spark master with two workers on this machine, one of which is killed
# while its tasks run, and compares what comes of it with a run of one process.
#
#   integrations/spark/test.sh [PROGRAM] [CASES]
#
# Takes two or three minutes. Needs Python with venv and, unless there is one, root to install a Java.
# PySpark is installed into an environment under THROUGHLINE_SPARK_PLACE, which is then kept for the
# next time, or under a folder that is removed at the end.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/throughline}")
cases=${2:-20000}
partitions=24
place=${THROUGHLINE_SPARK_PLACE:-$(mktemp -d)}
mkdir -p "$place"
place=$(realpath "$place")
started=""

clean_up() {
    # Each was started in a group of its own.
    for group in $started; do kill -9 -- "-$group" 2>/dev/null || true; done
    [ -n "${THROUGHLINE_SPARK_PLACE:-}" ] || rm -rf "$place"
}
trap clean_up EXIT

say() { echo "$(date +%T) $*"; }

command -v java >/dev/null || apt-get install -y --no-install-recommends default-jre-headless
if ! "$place/venv/bin/python" -c 'import pyspark, pyarrow, pandas' 2>/dev/null; then
    say "installing pyspark"
    python3 -m venv "$place/venv"
    "$place/venv/bin/pip" install --quiet 'pyspark>=4,<5' pyarrow pandas
fi
export SPARK_HOME=$("$place/venv/bin/python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
export PYSPARK_PYTHON="$place/venv/bin/python" SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_HOSTNAME=localhost
run="$place/run"
rm -rf "$run"
mkdir "$run" "$run/history"
cd "$run"

say "simulating $cases cases"
"$program" simulate --cases "$cases" --seed 5 --out force >/dev/null
basis="--standards england-and-wales --as-of 2025-09-30 --cases force/case-list.csv"
"$program" screen $basis --events force/events.parquet --out one >one.txt 2>/dev/null

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start() { # NAME CLASS ARGUMENTS: leaves its group in $group
    name=$1
    shift
    setsid "$SPARK_HOME/bin/spark-class" "$@" >"$name.log" 2>&1 &
    group=$!
    started="$started $group"
}

await() { # WHAT COMMAND…
    what=$1
    shift
    for _ in $(seq 1500); do
        if "$@"; then return 0; fi
        sleep 0.2
    done
    echo "$what did not happen" >&2
    tail -n 40 ./*.log >&2
    exit 1
}

port=$(free_port)
ui=$(free_port)
web=$(free_port)
start master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port "$web"
await "the master's start" grep -q "New state: ALIVE" master.log
for number in 1 2; do
    start "worker$number" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 \
        --cores 1 --memory 1g --work-dir "$run/work$number" "spark://127.0.0.1:$port"
done
victim=$group
await "the workers' registration" sh -c '[ "$(grep -c "Registering worker" master.log)" = 2 ]'

say "submitting"
begun=$(date +%s)
setsid "$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$port" --conf spark.ui.port="$ui" \
    --conf spark.driver.host=127.0.0.1 --conf spark.executor.memory=512m \
    --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$run/history" \
    --conf spark.eventLog.rolling.enabled=false --conf spark.eventLog.compress=false \
    "$here/screen.py" --throughline "$program" --events "$run/force/events.parquet" \
    --standards england-and-wales --as-of 2025-09-30 --cases force/case-list.csv --out "$run/spark" --partitions "$partitions" \
    >submit.out 2>submit.log &
submitted=$!
started="$started $submitted"

tasks_run() { # whether the screening has done some tasks and two more run
    [ -d /proc/$submitted ] || { tail -n 40 submit.log submit.out >&2; exit 1; }
    "$place/venv/bin/python" - "http://127.0.0.1:$ui/api/v1/applications" "$partitions" <<'END' 2>/dev/null
import json, sys, urllib.request
def get(path=""):
    return json.load(urllib.request.urlopen(sys.argv[1] + path, timeout=2))
stages = get(f"/{get()[0]['id']}/stages?status=active")
sys.exit(not any(s["numTasks"] == int(sys.argv[2]) and s["numCompleteTasks"] >= 4 and s["numActiveTasks"] == 2 for s in stages))
END
}
await "a moment at which both workers screen" tasks_run
say "killing one worker, with its executor, while its task runs"
kill -9 -- "-$victim"
wait "$victim" 2>/dev/null || true
wait "$submitted" || { tail -n 60 submit.log submit.out >&2; exit 1; }
say "done in $(($(date +%s) - begun)) s"
"$place/venv/bin/python" "$here/lost.py" history
"$place/venv/bin/python" "$here/compare.py" one spark
