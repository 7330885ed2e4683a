#!/usr/bin/env bash
# Ends a shared test engine when no test process holds it any more: engine-watchman.sh FOLDER ENGINE CHECKOUT
# One watches at a time; the others leave at once. After a minute: the next test file of a run begins sooner.
set -u
folder=$1 engine=$2 checkout=$3
exec 7>"$folder/$engine.watchman"
flock -n 7 || exit 0
idle=0
while sleep 2; do
  exec 8>"$folder/$engine.watch" || exit 0
  flock 8
  held=0
  for holder in "$folder/$engine.holders"/*; do
    [ -e "$holder" ] || continue
    if [ -d "/proc/$(basename "$holder")" ]; then held=1; else rm -f "$holder"; fi
  done
  idle=$((held == 1 ? 0 : idle + 1))
  if [ "$idle" -ge 30 ]; then
    bash "$checkout/scripts/infra/$engine.sh" down 7>&- 8>&-
    rm -rf "${folder:?}/$engine" "$folder/$engine.port"
    exit 0
  fi
  exec 8>&-
done
