#!/usr/bin/env bash
# A local PostgreSQL: postgres.sh up|status|down
#
#   CARBON_INFRA_DIR         data and logs below it, in postgres/   [<checkout>/.infra]
#   CARBON_POSTGRES_PORT     [5432]
#   CARBON_POSTGRES_USER, _PASSWORD, _DATABASE                      [carbon]
#   CARBON_POSTGRES_FSYNC    off: for tests, a power cut loses data [on]
#   CARBON_POSTGRES_OSUSER   who runs the server when this is root  [postgres]
set -euo pipefail
engine=postgres
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
port=${CARBON_POSTGRES_PORT:-5432}
user=${CARBON_POSTGRES_USER:-carbon} password=${CARBON_POSTGRES_PASSWORD:-carbon} database=${CARBON_POSTGRES_DATABASE:-carbon}
osuser=${CARBON_POSTGRES_OSUSER:-postgres}
data=$dir/data
# The path of a socket has at most 107 bytes: not below a deep checkout.
socket=${TMPDIR:-/tmp}/carbon-postgres-$port

find_binaries() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1)
  bin=${CARBON_POSTGRES_BIN:-${found%/initdb}}
  [ -n "$bin" ] && PATH=$bin:$PATH
  return 0
}
# The server refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid="$osuser" --regid="$osuser" --init-groups env HOME="$dir" "$@"; else "$@"; fi; }
pid() { head -1 "$data/postmaster.pid" 2>/dev/null; }
running() { local p; p=$(pid) && lives "$p" && tr '\0' ' ' <"/proc/$p/cmdline" | grep -qF "$data"; }
ready() { pg_isready -q -h 127.0.0.1 -p "$port" -U "$user" -d postgres; }

make_cluster() {
  [ -f "$data/PG_VERSION" ] && return
  rm -rf "$data"
  local secret; secret=$(mktemp); printf '%s' "$password" >"$secret"
  [ "$(id -u)" != 0 ] || chown "$osuser" "$secret"
  as initdb -D "$data.new" -U "$user" --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C --no-sync \
    >"$dir/initdb.log" 2>&1 || { rm -f "$secret"; cat "$dir/initdb.log" >&2; die 'initdb failed'; }
  rm -f "$secret"
  printf "%s\n" "listen_addresses='127.0.0.1'" "timezone='UTC'" "log_timezone='UTC'" "logging_collector=off" \
    "fsync=${CARBON_POSTGRES_FSYNC:-on}" | as tee -a "$data.new/postgresql.conf" >/dev/null
  mv "$data.new" "$data"
}

# Without setsid a Ctrl-C in the terminal would reach it.
launch() {
  as setsid postgres -D "$data" -p "$port" -c unix_socket_directories="$socket" </dev/null >>"$log" 2>&1 9>&- &
  server=$!
  disown
}
ready_or_gone() { ready || ! lives "$1"; }

up() {
  find_binaries
  needs initdb postgresql-15
  find_binaries
  if ! running; then
    gets_free "$port" || die "port $port is taken by something else; set CARBON_POSTGRES_PORT"
    mkdir -p "$socket"; touch "$log"; rm -rf "$data.new"
    if [ "$(id -u)" = 0 ]; then
      chown "$osuser": "$dir" "$socket" "$log"
      as test -x "$dir" || die "the user $osuser cannot reach $dir; set CARBON_INFRA_DIR to a folder that everybody may enter"
    fi
    make_cluster
    # A killed server leaves its file, and for a moment its children, which keep a new one from starting.
    for _ in 1 2 3 4 5 6 7 8; do
      as rm -f "$data/postmaster.pid"
      launch
      wait_until 60 ready_or_gone "$server" || break
      ! lives "$server" || break
      sleep 0.5
    done
    ready || { tail -5 "$log" >&2; die "not ready; see $log"; }
  fi
  wait_until 60 ready || die "runs, but does not answer on port $port; see $log"
  export PGPASSWORD=$password
  local sql="select 1 from pg_database where datname = '$database'"
  [ "$(psql -h 127.0.0.1 -p "$port" -U "$user" -d postgres -Atqc "$sql")" = 1 ] ||
    psql -h 127.0.0.1 -p "$port" -U "$user" -d postgres -qc "create database \"$database\""
  say "up, postgres://$user@127.0.0.1:$port/$database, pid $(pid)"
}
down() {
  if running; then
    local p; p=$(pid)
    kill -INT "$p"
    wait_until 60 gone "$p" || { kill -QUIT "$p"; wait_until 20 gone "$p" || die "process $p does not end"; }
  fi
  rm -rf "$socket"
  say down
}
status() {
  find_binaries
  if ! running || ! ready; then say 'not running'; exit 3; fi
  say "running, postgres://$user@127.0.0.1:$port/$database, pid $(pid)"
}
case "${1:-}" in
  up | down | status) "$1" ;;
  *) printf 'usage: %s up|status|down\n' "$0" >&2; exit 2 ;;
esac
