#!/usr/bin/env bash
# One schema registry on this machine that speaks Confluent's REST paths: Apicurio, from Maven Central. No container.
#
#   scripts/infra/registry.sh up | status | down
#
# Safe to repeat. A registry that was killed with SIGKILL is started again by `up`, with what was registered.
# Clients use http://127.0.0.1:PORT/apis/ccompat/v7 as SCHEMA_REGISTRY_URL.
#
# Settings, with their defaults:
#   CARBON_INFRA_DIR         folder of all engines                     [<checkout>/.infra]
#   CARBON_REGISTRY_PORT     HTTP port on 127.0.0.1                    [8081]
#   CARBON_REGISTRY_MANAGEMENT_PORT  port of its health checks         [HTTP port + 1]
#   CARBON_REGISTRY_LIB      folder of the program, which instances share   [<checkout>/.infra/registry/app-<version>]
#   CARBON_REGISTRY_VERSION  io.apicurio:apicurio-registry-app         [3.3.3]
#   CARBON_REGISTRY_HEAP     largest heap                              [192m]
#   CARBON_REGISTRY_JAVA     java 21 or newer                          [the first on PATH or in /usr/lib/jvm that is]
#   CARBON_REGISTRY_FRESH    1: `up` of a registry that does not run begins with empty data
#   CARBON_REGISTRY_WAIT     seconds until it must be ready            [120]
#
# Needs Java 21 or newer; Maven for the first time only. Exit codes: 0 up (or down after `down`), 1 failed,
# 3 `status`: not running, 4 something has to be installed first: the line says what.
set -euo pipefail
umask 022
engine=registry
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
host=127.0.0.1
port=${CARBON_REGISTRY_PORT:-8081}
management=${CARBON_REGISTRY_MANAGEMENT_PORT:-$((port + 1))}
version=${CARBON_REGISTRY_VERSION:-3.3.3}
app=${CARBON_REGISTRY_LIB:-$repo/.infra/registry/app-$version}
heap=${CARBON_REGISTRY_HEAP:-192m}
wait=${CARBON_REGISTRY_WAIT:-120}
pidfile=$dir/registry.pid log=$dir/registry.log data=$dir/data
url=http://$host:$port/apis/ccompat/v7

running() { pid_of "$pidfile" "-Dcarbon.registry.dir=$dir"; }
answers() { curl -sf -m 5 -o /dev/null "$url/subjects"; }

find_java() {
  local candidate major
  for candidate in "${CARBON_REGISTRY_JAVA:-}" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    [ -x "$candidate" ] || continue
    major=$("$candidate" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    if [ "${major:-0}" -ge 21 ]; then printf '%s\n' "$candidate"; return 0; fi
  done
  return 1
}

fetch_program() {
  mvn -B -ntp -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="io.apicurio:apicurio-registry-app:$version:tar.gz:all" -DoutputDirectory="$1/archive" &&
    tar xzf "$1/archive/apicurio-registry-app-$version-all.tar.gz" -C "$1" &&
    rm -rf -- "$1/archive"
}

up() {
  local p java i=0
  java=$(find_java) || {
    printf 'registry: Java 21 or newer is not installed; name one with CARBON_REGISTRY_JAVA=/path/to/java\n' >&2
    exit 4
  }
  needs curl curl
  if p=$(running) && answers; then say "already up at $url, pid $p"; return 0; fi
  fetched "$app" fetch_program
  if ! p=$(running); then
    if ! gets_free "$port"; then die "port $port is taken by another process; choose one with CARBON_REGISTRY_PORT"; fi
    if ! gets_free "$management"; then
      die "port $management is taken by another process; choose one with CARBON_REGISTRY_MANAGEMENT_PORT"
    fi
    if [ "${CARBON_REGISTRY_FRESH:-}" = 1 ]; then rm -rf -- "$data"; fi
    mkdir -p "$data"
    cd "$dir"
    # A session of its own: what stops the shell that called us does not stop the registry.
    QUARKUS_HTTP_HOST=$host QUARKUS_HTTP_PORT=$port QUARKUS_HTTP_ACCESS_LOG_ENABLED=false QUARKUS_LOG_LEVEL=WARN \
      QUARKUS_MANAGEMENT_HOST=$host QUARKUS_MANAGEMENT_PORT=$management \
      APICURIO_STORAGE_KIND=sql APICURIO_STORAGE_SQL_KIND=h2 APICURIO_DATASOURCE_URL="jdbc:h2:file:$data/registry" \
      APICURIO_DATASOURCE_USERNAME=sa APICURIO_DATASOURCE_PASSWORD=sa \
      APICURIO_REST_DELETION_ARTIFACT_ENABLED=true APICURIO_REST_DELETION_ARTIFACT_VERSION_ENABLED=true \
      setsid nohup "$java" -Xms64m -Xmx"$heap" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
      -Dcarbon.registry.dir="$dir" -jar "$app/quarkus-run.jar" >>"$log" 2>&1 </dev/null 9>&- &
    p=$!
    printf '%s\n' "$p" >"$pidfile"
  fi
  until answers; do
    lives "$p" || { tail -n 20 "$log" >&2; rm -f "$pidfile"; die "it ended while starting, see $log"; }
    i=$((i + 1))
    [ "$i" -le $((wait * 5)) ] || die "not ready after $wait s, see $log"
    sleep 0.2
  done
  # Apicurio begins with NONE where Confluent begins with BACKWARD; somebody's later choice is left alone.
  if [ ! -f "$data/.compatibility-set" ]; then
    if curl -sf -m 10 "$url/config" | grep -q '"NONE"'; then
      curl -sf -m 10 -o /dev/null -X PUT -H 'content-type: application/json' \
        -d '{"compatibility":"BACKWARD"}' "$url/config"
    fi
    : >"$data/.compatibility-set"
  fi
  say "up at $url, pid $p, Apicurio $version, data in $data"
}

down() {
  local p
  if ! p=$(running); then rm -f "$pidfile"; say 'down (was not running)'; return 0; fi
  ends "$p" 20
  rm -f "$pidfile"
  say 'down'
}

status() {
  local p
  p=$(running) || { say 'not running'; return 3; }
  answers || { say "pid $p, but $url does not answer"; return 1; }
  say "up at $url, pid $p, data in $data"
}

case ${1:-} in
  up | down | status) "$1" ;;
  *) usage ;;
esac
