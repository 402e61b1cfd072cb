# A PostgreSQL cluster that lives as long as this script's standard input stays open:
# however the test run ends, its end of the pipe closes, and nothing is left behind.
#
# Arguments: the folder of PostgreSQL's programs, the port. Prints "ready", or fails.

set -eu
bin=$1
port=$2
folder=$(mktemp -d "${TMPDIR:-/tmp}/throughline-postgres-XXXXXX")

# PostgreSQL refuses to run as root.
as_owner=
if [ "$(id -u)" -eq 0 ]; then
    owner=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$owner" "$folder"
    as_owner="runuser -u $owner --"
fi

cleanup() {
    $as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
# Whoever should hear "ready" may be gone already: that must end this script, not kill it.
trap '' PIPE

cd "$folder"
$as_owner "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync -E UTF8 \
    --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }

# A test database may be lost with the machine, so nothing waits for the disk.
$as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/server.log" -o "-p $port -k $folder \
    -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=300" start >/dev/null 2>&1 \
    || { cat "$folder/data/server.log" >&2; exit 1; }

echo ready
read -r _ || true
