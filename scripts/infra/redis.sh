#!/usr/bin/env bash
# A local Redis, in memory only: redis.sh up|status|down
#
#   CARBON_INFRA_DIR       data and logs below it, in redis/  [<checkout>/.infra]
#   CARBON_REDIS_PORT      [6379]
#   CARBON_REDIS_PASSWORD  [none]
#   CARBON_REDIS_ARGS      further arguments, such as "--maxmemory 64mb"
set -euo pipefail
engine=redis
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
port=${CARBON_REDIS_PORT:-6379} password=${CARBON_REDIS_PASSWORD:-}
pidfile=$dir/redis.pid

cli() { REDISCLI_AUTH=$password redis-cli -h 127.0.0.1 -p "$port" "$@" 2>/dev/null; }
running() { [ -s "$pidfile" ] && lives "$(cat "$pidfile")" && tr '\0' ' ' <"/proc/$(cat "$pidfile")/cmdline" | grep -q ":$port"; }
ready() { [ "$(cli ping)" = PONG ]; }

up() {
  needs redis-server redis-server
  if ! running; then
    gets_free "$port" || die "port $port is taken by something else; set CARBON_REDIS_PORT"
    # shellcheck disable=SC2086
    redis-server --port "$port" --bind 127.0.0.1 --dir "$dir" --daemonize yes --pidfile "$pidfile" --logfile "$log" \
      --save '' --appendonly no ${password:+--requirepass "$password"} ${CARBON_REDIS_ARGS:-} >/dev/null 9>&-
  fi
  wait_until 20 ready || { tail -5 "$log" >&2; die "not ready; see $log"; }
  say "up, redis://127.0.0.1:$port/0, pid $(cat "$pidfile")"
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
  say "running, redis://127.0.0.1:$port/0, pid $(cat "$pidfile")"
}
case "${1:-}" in
  up | down | status) "$1" ;;
  *) printf 'usage: %s up|status|down\n' "$0" >&2; exit 2 ;;
esac
