#!/usr/bin/env bash
# A local Prometheus that scrapes the services of this machine: prometheus.sh up|status|down|tools
#
# tools: fetch the programs where needed, and print the folder that holds them.
#
#   CARBON_INFRA_DIR            data and logs below it, in prometheus/   [<checkout>/.infra]
#   CARBON_PROMETHEUS_PORT      [9090]
#   CARBON_ALERTMANAGER_PORT    where alerts go                          [9093]
#   CARBON_PROMETHEUS_KEEP      how long values are kept                 [15d]
#   CARBON_PROMETHEUS_BIN       folder with prometheus and promtool      [the Debian package, unpacked into .infra/packages]
#   DATA_PROC_<SERVICE>_PORT    ports of the services                    [8500, 8510 to 8513]
set -euo pipefail
engine=prometheus
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
# shellcheck source=scripts/observability/debian-packages.sh
source "$repo/scripts/observability/debian-packages.sh"
port=${CARBON_PROMETHEUS_PORT:-9090}
pidfile=$dir/prometheus.pid mark=--storage.tsdb.path=$dir/data config=$dir/prometheus.yml
# shellcheck source=scripts/observability/daemon.sh
source "$repo/scripts/observability/daemon.sh"

# Behind the first: what its pages show with.
wanted=('prometheus=2.42.*' fonts-glyphicons-halflings libjs-bootstrap4 libjs-d3 libjs-eonasdan-bootstrap-datetimepicker
  libjs-jquery libjs-jquery-hotkeys libjs-moment libjs-moment-timezone libjs-mustache libjs-popper.js libjs-rickshaw)
fetch_programs() { programs_of "${wanted[*]}" prometheus promtool; }

# The file of the checkout, with the ports that are set and with paths that hold from here.
write_config() {
  local number variable service edits=()
  for service in CONNECTOR_REGISTRY:8500 NORMALIZATION:8510 ENRICHMENT:8511 AGGREGATION:8512 PROJECTION:8513; do
    variable=DATA_PROC_${service%:*}_PORT number=${service#*:}
    [[ ${!variable:-$number} =~ ^[1-9][0-9]{0,4}$ ]] || die "$variable=${!variable}: a port that is known beforehand is needed to scrape it"
    edits+=(-e "s#\[127.0.0.1:$number\]#[127.0.0.1=${!variable:-$number}]#")
  done
  sed "${edits[@]}" -e "s#\[127.0.0.1:9093\]#[127.0.0.1:${CARBON_ALERTMANAGER_PORT:-9093}]#" -e 's#\[127.0.0.1=#[127.0.0.1:#' \
    -e "s#\.\./\.\./observability/#$repo/observability/#" "$repo/configs/prometheus/prometheus.yml" >"$config"
  "$bin/promtool" check config "$config" >"$dir/check.log" 2>&1 || { cat "$dir/check.log" >&2; die 'the configuration is refused'; }
}

has_scraped() {
  local targets
  targets=$(curl -fs -m 2 "http://127.0.0.1:$port/api/v1/targets?state=active") || return 1
  [[ $targets == *":${DATA_PROC_PROJECTION_PORT:-8513}/"* && $targets != *'"health":"unknown"'* ]] &&
    curl -fs -m 2 "http://127.0.0.1:$port/api/v1/alertmanagers" | grep -qF ":${CARBON_ALERTMANAGER_PORT:-9093}/"
}

# Again while it runs: it takes over the files as they are now.
up() {
  local p
  needs curl curl
  fetch_programs
  write_config
  if p=$(running); then
    answers || die "pid $p runs, but does not answer on port $port; was it started with another CARBON_PROMETHEUS_PORT?"
    kill -HUP "$p"
  else
    gets_free "$port" || die "port $port is taken by something else; set CARBON_PROMETHEUS_PORT"
    stays "$bin/prometheus" --config.file="$config" "$mark" --storage.tsdb.retention.time="${CARBON_PROMETHEUS_KEEP:-15d}" \
      --web.listen-address="127.0.0.1:$port" --web.console.templates="$dir" --web.console.libraries="$dir"
  fi
  starts
  # It begins to scrape, and to know where alerts go, up to fifteen seconds after it answers.
  wait_until 30 has_scraped || die "does not scrape; see $log"
  say "up, http://127.0.0.1:$port/, pid $(running)"
}
case "${1:-}" in
  up | down | status) "$1" ;;
  tools) fetch_programs; printf '%s\n' "$bin" ;;
  *) printf 'usage: %s up|status|down|tools\n' "$0" >&2; exit 2 ;;
esac
