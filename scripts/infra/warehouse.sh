#!/usr/bin/env bash
# A local warehouse in ClickHouse's HTTP protocol: warehouse.sh up|status|down
#
# The chDB engine (the same code as a ClickHouse server of its version) behind our own HTTP front. It has no
# replication, no native protocol, and its two users are the front's.
#
#   CARBON_INFRA_DIR         data and logs below it, in warehouse/   [<checkout>/.infra]
#   CARBON_WAREHOUSE_PORT    [8123]
#   CARBON_WAREHOUSE_WRITER, CARBON_WAREHOUSE_READER  name:password  [default:, reader:]
set -euo pipefail
engine=warehouse
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
port=${CARBON_WAREHOUSE_PORT:-8123}
export CARBON_WAREHOUSE_WRITER=${CARBON_WAREHOUSE_WRITER:-default:} CARBON_WAREHOUSE_READER=${CARBON_WAREHOUSE_READER:-reader:}
pidfile=$dir/warehouse.pid
front=$repo/scripts/warehouse-front.ts

running() { [ -s "$pidfile" ] && lives "$(cat "$pidfile")" && tr '\0' ' ' <"/proc/$(cat "$pidfile")/cmdline" | grep -qF "$front $dir"; }
ready() { [ "$(curl -fsS -m 2 "http://127.0.0.1:$port/ping" 2>/dev/null)" = Ok. ]; }
ready_or_gone() { ready || gone "$(cat "$pidfile")"; }

up() {
  needs curl curl
  [ -d "$repo/node_modules/chdb" ] || { printf 'warehouse: the package chdb is missing; run: make setup\n' >&2; exit 4; }
  if ! running; then
    gets_free "$port" || die "port $port is taken by something else; set CARBON_WAREHOUSE_PORT"
    setsid "$repo/scripts/node" --disable-warning=ExperimentalWarning "$front" "$dir/data" 127.0.0.1 "$port" \
      </dev/null >>"$log" 2>&1 9>&- &
    printf '%s' $! >"$pidfile"
    disown
  fi
  wait_until 60 ready_or_gone || true
  ready || { tail -5 "$log" >&2; die "not ready; see $log"; }
  say "up, http://127.0.0.1:$port, pid $(cat "$pidfile")"
}
down() {
  if running; then
    local p; p=$(cat "$pidfile")
    kill -TERM "$p"
    wait_until 20 gone "$p" || kill -KILL "$p"
  fi
  rm -f "$pidfile"
  say down
}
status() {
  if ! running || ! ready; then say 'not running'; exit 3; fi
  say "running, http://127.0.0.1:$port, pid $(cat "$pidfile")"
}
case "${1:-}" in
  up | down | status) "$1" ;;
  *) printf 'usage: %s up|status|down\n' "$0" >&2; exit 2 ;;
esac
