#!/usr/bin/env bash
# Prometheus and Alertmanager on this machine, without containers: observability.sh up|down
#
# Each script prints one line; both are called even when one fails, and the exit code is that of the first failure. What
# is well and since when says scripts/observability/status.ts.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
action=${1:-}
case "$action" in up | down) ;; *) printf 'usage: %s up|down\n' "$0" >&2; exit 2 ;; esac
worst=0
for name in alertmanager prometheus; do
  bash "$here/observability/$name.sh" "$action" || { code=$?; [ "$worst" -ne 0 ] || worst=$code; }
done
exit "$worst"
