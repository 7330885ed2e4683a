# What the scripts in scripts/infra have in common. Sourced, with $engine set; sets $repo, $dir and takes the lock of the
# engine's folder, so that two callers at the same time start one server.
#
# Every script answers to up, status and down, prints one line, may be repeated, and finds its way after a kill -9 of
# what it started. Exit codes: 0 done or running, 1 failed, 3 not running (status), 4 something has to be installed.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(realpath -m "${CARBON_INFRA_DIR:-$repo/.infra}")/$engine
log=$dir/server.log

say() { printf '%s: %s\n' "$engine" "$*"; }
die() { printf '%s: %s\n' "$engine" "$*" >&2; exit 1; }

# A process that was killed may stay a zombie for a while: kill -0 would still take it for alive.
lives() { grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status" 2>/dev/null; }
gone() { ! lives "$1"; }

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Repeats a command every 0.05 s until it succeeds: wait_until SECONDS COMMAND...
wait_until() {
  local tries=$(($1 * 20)); shift
  while ! "$@" 2>/dev/null; do
    tries=$((tries - 1)); [ "$tries" -gt 0 ] || return 1
    sleep 0.05
  done
}

# A process that was killed a moment ago holds its ports until the system has taken it down: two seconds are given.
gets_free() { wait_until 2 port_free "$1"; }
port_free() { ! port_taken "$1"; }

# The pid of the file, while that process carries a word on its command line: a pid is given out again after a while.
pid_of() {
  local p
  [ -s "$1" ] || return 1
  p=$(cat "$1")
  lives "$p" || return 1
  if [ -r "/proc/$p/cmdline" ]; then
    tr '\0' '\n' <"/proc/$p/cmdline" | grep -qxF -- "$2" || return 1
  fi
  printf '%s\n' "$p"
}

# fetched FOLDER COMMAND...: runs the command with a new folder as its last word, and moves that to FOLDER when it is whole, so
# that a kill half-way leaves nothing that looks finished. Needs Maven, the first time only.
fetched() {
  local folder=$1 fresh; shift
  [ ! -f "$folder/.complete" ] || return 0
  command -v mvn >/dev/null || { printf '%s: Maven (mvn) fetches it and is not installed: apt-get install maven\n' "$engine" >&2; exit 4; }
  mkdir -p "$(dirname "$folder")"
  fresh=$(mktemp -d "$(dirname "$folder")/.fetch-XXXXXX")
  "$@" "$fresh" >"$dir/install.log" 2>&1 || {
    tail -n 20 "$dir/install.log" >&2
    rm -rf -- "$fresh"
    die "it could not be fetched, see $dir/install.log"
  }
  : >"$fresh/.complete"
  rm -rf -- "$folder"
  mv "$fresh" "$folder"
}

# ends PID SECONDS: asks the process to end, and kills it when it does not.
ends() {
  kill -TERM "$1"
  wait_until "$2" gone "$1" || { kill -KILL "$1" 2>/dev/null || true; wait_until 10 gone "$1" || true; }
}

# usage: the words at the head of the script, for whoever called it otherwise.
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }

# needs COMMAND PACKAGE...: installs Debian packages when this is root and they are missing, else says what to install.
needs() {
  local command=$1; shift
  command -v "$command" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "${CARBON_INFRA_INSTALL:-1}" = 1 ]; then
    {
      flock 8
      command -v "$command" >/dev/null && return
      export DEBIAN_FRONTEND=noninteractive
      apt=(apt-get -o DPkg::Lock::Timeout=300 -qq)
      # Nothing that the packages bring is to start by itself: policy-rc.d says so where there is none yet.
      [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; policy=1; }
      { "${apt[@]}" install -y --no-install-recommends "$@" || { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; }; } \
        >"$dir/install.log" 2>&1 || true
      [ -z "${policy:-}" ] || rm -f /usr/sbin/policy-rc.d
    } 8>"${TMPDIR:-/tmp}/carbon-infra-install.lock"
    command -v "$command" >/dev/null && return
    tail -5 "$dir/install.log" >&2
  fi
  printf '%s: %s is missing; install it: apt-get install %s\n' "$engine" "$command" "$*" >&2
  exit 4
}

mkdir -p "$dir"
exec 9>"$dir.lock"
flock -w 300 9 || die "another process holds $dir.lock"
# Children of the scripts that stay must not keep the lock: close it for them with 9>&-.
