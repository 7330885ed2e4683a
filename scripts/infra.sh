#!/usr/bin/env bash
# The engines of the cluster profile on this machine, without containers: infra.sh up|status|down [ENGINE...]
#
# Calls every script in scripts/infra, or those named. Each prints one line; all are called even when one fails, and the
# exit code is that of the first failure. Folder: CARBON_INFRA_DIR [.infra]; ports: CARBON_<ENGINE>_PORT.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
action=${1:-}
case "$action" in up | status | down) shift ;; *) printf 'usage: %s up|status|down [ENGINE...]\n' "$0" >&2; exit 2 ;; esac
if [ $# -gt 0 ]; then scripts=("${@/#/$here/infra/}"); scripts=("${scripts[@]/%/.sh}"); else scripts=("$here"/infra/*.sh); fi
worst=0
for script in "${scripts[@]}"; do
  [ -f "$script" ] || { printf 'no engine %s; there are: %s\n' "$(basename "$script" .sh)" "$(basename -s .sh -a "$here"/infra/*.sh | tr '\n' ' ')" >&2; exit 2; }
  bash "$script" "$action" || { code=$?; [ "$worst" -ne 0 ] || worst=$code; }
done
exit "$worst"
