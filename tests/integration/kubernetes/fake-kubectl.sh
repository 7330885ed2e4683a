#!/usr/bin/env bash
# A kubectl for tests: knows no cluster, writes down what it is told, and answers as the files in $FAKE say.
#   calls            every call, one a line; behind "apply" the kinds that the file holds
#   job              states of the Job, one a line: each look takes the first away, the last one stays
#   keys             keys of the Secret; no file: there is no such Secret
#   refuse           calls that begin so (a pattern) fail
set -euo pipefail
line=$*
[ "${1:-}" != --context=there ] || shift
[ "${1:-}" != --namespace ] || shift 2
if [ "${1:-}" = apply ]; then
  cp "$3" "$FAKE/$(basename "$3")"
  line="apply $(grep -h '^kind: ' "$3" | sed 's/kind: //' | sort -u | tr '\n' ' ')"
fi
printf '%s\n' "${line% }" >>"$FAKE/calls"
if [ -f "$FAKE/refuse" ] && [[ $* =~ $(cat "$FAKE/refuse") ]]; then echo "refused: $*" >&2; exit 1; fi
case "$*" in
  kustomize\ *) exec "$KUSTOMIZE" build "$2" ;;
  config\ current-context) echo here ;;
  'get secret '*) [ -f "$FAKE/keys" ] || { echo 'not found' >&2; exit 1; }; cat "$FAKE/keys" ;;
  'get job migrate '*)
    head -n 1 "$FAKE/job"
    [ "$(wc -l <"$FAKE/job")" -le 1 ] || sed -i 1d "$FAKE/job"
    ;;
  'get pods '*) echo 'NAME READY STATUS' ;;
  logs\ *) echo 'the words of the migration' ;;
esac
