#!/usr/bin/env bash
# A local Airflow that runs our connectors, from Python packages: no container, no root.
#
#   scripts/airflow.sh up | status | down | install | exec ARGUMENTS...
#
# `exec` is the command `airflow` of this instance, with all that it has to know: exec dags list. Safe to repeat; what was
# killed is started again by `up`. State is kept below CARBON_INFRA_DIR/airflow.
#
# Settings, with their defaults:
#   CARBON_INFRA_DIR           folder of all engines                       [<checkout>/.infra]
#   CARBON_AIRFLOW_PORT        UI and API on 127.0.0.1; the two ports after it serve logs of tasks   [8084]
#   CARBON_AIRFLOW_DATABASE    postgresql://USER:PASSWORD@HOST:PORT/NAME, made when it is not there   [SQLite]
#   CARBON_AIRFLOW_PASSWORD    of the user admin, kept from the first `up` on   [made once]
#   CARBON_AIRFLOW_TASKS       tasks at once                               [2]
#   CARBON_AIRFLOW_VENV        folder of the packages, which instances share   [<checkout>/.infra/airflow-venv-<version>]
#   CARBON_AIRFLOW_PYTHON      Python 3.11 to 3.13                         [python3]
#   CARBON_AIRFLOW_WAIT        seconds until it must be ready              [180]
#   CARBON_CONNECTORS_INDEX    [connectors_index.json of the checkout, which `up` writes anew]
#   AIRFLOW__CORE__FERNET_KEY, AIRFLOW__API_AUTH__JWT_SECRET, AIRFLOW__API__SECRET_KEY   [made once, mode 0600]
#                              or the path of a file with it: AIRFLOW__CORE__FERNET_KEY_FILE
#   AIRFLOW__…                 any other setting of Airflow; it wins over those made here
#
# Exit codes: 0 up (or down after `down`), 1 failed, 3 `status`: not running, 4 something has to be installed first.
set -euo pipefail
umask 022
engine=airflow
action=${1:-}
[ "$action" != exec ] || exec_args=("${@:2}")
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/infra-engine.sh"
host=127.0.0.1
port=${CARBON_AIRFLOW_PORT:-8084}
url=http://$host:$port
lock=$repo/airflow/requirements.txt
version=$(sed -n 's/^apache-airflow==\([^ ]*\).*/\1/p' "$lock")
venv=${CARBON_AIRFLOW_VENV:-$repo/.infra/airflow-venv-$version}
wait=${CARBON_AIRFLOW_WAIT:-180}
uv=uv==0.13.9
processes=(api-server scheduler dag-processor)
index=${CARBON_CONNECTORS_INDEX:-$repo/connectors_index.json}
passwords=$dir/passwords.json

# given VARIABLE VALUE: a setting that the caller has not set.
given() { [ -n "${!1:-}" ] || export "$1=$2"; }
# secret VARIABLE BYTES: made once, and the same for all processes and every start.
secret() {
  local file=$dir/secrets/$1 given_file=$1_FILE
  if [ -z "${!1:-}" ] && [ -n "${!given_file:-}" ]; then export "$1=$(cat "${!given_file}")"; fi
  if [ -n "${!1:-}" ]; then export "${1?}"; return; fi
  [ -s "$file" ] || (umask 077; mkdir -p "$dir/secrets"; head -c "$2" /dev/urandom | base64 -w0 | tr '+/' '-_' >"$file")
  export "$1=$(cat "$file")"
}

settings() {
  export AIRFLOW_HOME=$dir/home PATH=$venv/bin:$PATH PYTHONUNBUFFERED=1 CARBON_CONNECTORS_INDEX=$index
  mkdir -p "$AIRFLOW_HOME" "$dir/run" "$dir/logs"
  secret AIRFLOW__CORE__FERNET_KEY 32
  secret AIRFLOW__API_AUTH__JWT_SECRET 64
  secret AIRFLOW__API__SECRET_KEY 32
  given AIRFLOW__CORE__DAGS_FOLDER "$repo/airflow/dags"
  given AIRFLOW__CORE__PLUGINS_FOLDER "$repo/airflow/plugins"
  given AIRFLOW__CORE__LOAD_EXAMPLES False
  given AIRFLOW__CORE__EXECUTOR LocalExecutor
  given AIRFLOW__CORE__PARALLELISM "${CARBON_AIRFLOW_TASKS:-2}"
  given AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS admin:admin
  given AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE "$passwords"
  # Tasks report through it: it has to follow the port.
  given AIRFLOW__CORE__EXECUTION_API_SERVER_URL "$url/execution/"
  given AIRFLOW__API__HOST "$host"
  given AIRFLOW__API__PORT "$port"
  given AIRFLOW__API__WORKERS 1
  given AIRFLOW__API__BASE_URL "$url"
  given AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT "$((port + 1))"
  given AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT "$((port + 2))"
  given AIRFLOW__LOGGING__COLORED_CONSOLE_LOG False
  given AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES 1
  given AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL 10
  given AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL 10
  given AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK False
  given AIRFLOW__DATABASE__SQL_ALCHEMY_CONN "$(database)"
}
database() {
  case ${CARBON_AIRFLOW_DATABASE:-} in
    '') printf 'sqlite:///%s/airflow.db' "$dir/home" ;;
    postgresql://*) printf 'postgresql+psycopg2://%s' "${CARBON_AIRFLOW_DATABASE#postgresql://}" ;;
    *) die "CARBON_AIRFLOW_DATABASE is no address: postgresql://USER:PASSWORD@HOST:PORT/NAME" ;;
  esac
}

makes_venvs() { "${CARBON_AIRFLOW_PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; }
# The folder is whole when it carries the hash of the lock file that it was made from.
install() {
  local made python=${CARBON_AIRFLOW_PYTHON:-python3} tool
  made=$(sha256sum "$lock" | cut -d' ' -f1)
  [ "$(cat "$venv/.made-from" 2>/dev/null)" != "$made" ] || return 0
  command -v "$python" >/dev/null || needs python3 python3 python3-venv
  "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null ||
    { printf 'airflow: %s is not Python 3.11, 3.12 or 3.13; name one with CARBON_AIRFLOW_PYTHON\n' "$python" >&2; exit 4; }
  # Debian's Python comes without what a folder of packages is made with.
  makes_venvs || { needs pip3 python3-pip python3-venv && makes_venvs; } ||
    { printf 'airflow: %s makes no virtual environments; install: apt-get install python3-venv\n' "$python" >&2; exit 4; }
  rm -rf -- "$venv"
  mkdir -p "$(dirname "$venv")"
  {
    "$python" -m venv "$venv"
    tool=$(command -v uv || { "$venv/bin/pip" install -q "$uv" >&2 && printf '%s' "$venv/bin/uv"; } || true)
    if [ -n "$tool" ]; then
      "$tool" pip install -q --link-mode=copy --python "$venv/bin/python" --require-hashes -r "$lock"
    else
      "$venv/bin/pip" install -q --require-hashes -r "$lock"
    fi
  } >"$dir/install.log" 2>&1 || { tail -n 20 "$dir/install.log" >&2; die "it could not be installed, see $dir/install.log"; }
  printf '%s' "$made" >"$venv/.made-from"
}

# Airflow's processes write over their command lines; the folder that they were started in stays.
pid() {
  local p
  p=$(cat "$dir/run/$1.pid" 2>/dev/null) && lives "$p" && [ "$(readlink "/proc/$p/cwd")" = "$dir/home" ] && printf '%s\n' "$p"
}
health() { curl -fsS -m 5 "$url/api/v2/monitor/health" 2>/dev/null; }
ready() {
  health | "$venv/bin/python" -c 'import json, sys
parts = json.load(sys.stdin)
sys.exit(any(parts[name]["status"] != "healthy" for name in ("metadatabase", "scheduler", "dag_processor")))' 2>/dev/null
}

write_index() {
  # By rename: a loader that looks at this moment sees the old index or the new one.
  if ! "$repo/bin/carbon" connector index --out "$index.new" >"$dir/index.log" 2>&1; then
    cat "$dir/index.log" >&2; rm -f "$index.new"; die 'the index of connectors could not be written'
  fi
  mv "$index.new" "$index"
}

make_ready() {
  [ -s "$passwords" ] || (umask 077; printf '{"admin": "%s"}\n' \
    "${CARBON_AIRFLOW_PASSWORD:-$(head -c 12 /dev/urandom | base64 -w0 | tr '+/' '-_')}" >"$passwords")
  { database_there && airflow db migrate &&
    python "$repo/scripts/airflow_database.py" settings "$repo/airflow/airflow_settings.yaml"; } >"$dir/logs/migrate.log" 2>&1 ||
    { tail -n 20 "$dir/logs/migrate.log" >&2; die "the database could not be made ready, see $dir/logs/migrate.log"; }
}
database_there() {
  case $AIRFLOW__DATABASE__SQL_ALCHEMY_CONN in postgresql*) python "$repo/scripts/airflow_database.py" create ;; esac
}

up() {
  local name running=0 tries
  needs curl curl
  install
  settings
  for name in "${processes[@]}"; do if pid "$name" >/dev/null; then running=$((running + 1)); fi; done
  if [ "$running" -eq 0 ] && ! gets_free "$port"; then die "port $port is taken by another process; choose one with CARBON_AIRFLOW_PORT"; fi
  write_index
  [ "$running" -eq "${#processes[@]}" ] || make_ready
  for name in "${processes[@]}"; do
    pid "$name" >/dev/null && continue
    # A session of its own: what stops the shell that called us does not stop it.
    (cd "$dir/home" && exec setsid nohup airflow "$name" >>"$dir/logs/$name.log" 2>&1 </dev/null 9>&-) &
    printf '%s\n' $! >"$dir/run/$name.pid"
  done
  tries=$((wait * 2))
  until ready; do
    for name in "${processes[@]}"; do
      pid "$name" >/dev/null || { tail -n 20 "$dir/logs/$name.log" >&2; die "$name ended while starting, see $dir/logs/$name.log"; }
    done
    tries=$((tries - 1)); [ "$tries" -gt 0 ] || die "not ready after $wait s, see $dir/logs"
    sleep 0.5
  done
  say "up at $url, Airflow $version"
  say "sign in as admin; the password is in $passwords"
  say 'all DAGs begin paused: switch on what you want, or: scripts/airflow.sh exec dags unpause ingest_nyiso_batch'
}

# What was started in our folder, also by a process that was killed since.
started() {
  local at
  for at in /proc/[0-9]*/cwd; do
    [ "$(readlink "$at" 2>/dev/null)" != "$dir/home" ] || { at=${at%/cwd}; printf '%s\n' "${at#/proc/}"; }
  done
}
down() {
  local name p
  for name in "${processes[@]}"; do if p=$(pid "$name"); then kill -TERM "$p"; fi; done
  for name in "${processes[@]}"; do
    if p=$(pid "$name"); then ends "$p" 30; fi
    rm -f "$dir/run/$name.pid"
  done
  for p in $(started); do kill -KILL "$p" 2>/dev/null || true; done
  say down
}

status() {
  local name p worst=0
  for name in "${processes[@]}"; do
    if p=$(pid "$name"); then say "$name runs, pid $p"; else say "$name does not run"; worst=3; fi
  done
  [ "$worst" -eq 0 ] || exit "$worst"
  ready || { say "it does not say that it is healthy: $url/api/v2/monitor/health"; exit 1; }
  say "up at $url, Airflow $version"
}

case $action in
  up | down | status) "$action" ;;
  install) install; say "installed, Airflow $version in $venv" ;;
  exec) install; settings; exec 9>&-; exec airflow "${exec_args[@]}" ;;
  *) usage ;;
esac
