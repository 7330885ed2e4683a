#!/bin/sh
# Makes a checkout ready to run: Node 26 into .node when the machine's own is older, then the locked packages.
# Needs npm and a registry. Safe to repeat. Install scripts are off for every package (.npmrc); the allow-list of
# packages whose scripts may run is empty, because none of ours needs one.
#
# `npm install --no-save` and not `npm ci`: both take the versions and checksums of the lock file, but `npm ci` refuses
# a lock that lists only the platform packages which the registry at hand really has.
set -eu
cd "$(dirname "$0")/.."

major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || major=0
if [ "${major:-0}" -lt 26 ]; then
  want=$(cksum scripts/node-runtime/package-lock.json)
  if [ "$(cat .node/lock.cksum 2>/dev/null)" != "$want" ]; then
    echo "setup: this machine's Node is ${major:-absent}, fetching Node 26 into .node" >&2
    rm -rf .node
    mkdir -p .node
    cp scripts/node-runtime/package.json scripts/node-runtime/package-lock.json .node/
    (cd .node && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error)
    printf '%s\n' "$want" > .node/lock.cksum
  fi
fi

want=$(cat package.json package-lock.json | cksum)
if [ "$(cat node_modules/.lock.cksum 2>/dev/null)" != "$want" ]; then
  echo "setup: installing the locked packages" >&2
  npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
  printf '%s\n' "$want" > node_modules/.lock.cksum
fi
"$(dirname "$0")/node" scripts/check-runtime.ts
