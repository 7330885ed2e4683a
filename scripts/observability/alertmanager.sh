#!/usr/bin/env bash
# A local Alertmanager: alertmanager.sh up|status|down|tools
#
# tools: fetch the programs where needed, and print the folder that holds them.
#
#   CARBON_INFRA_DIR            data and logs below it, in alertmanager/ [<checkout>/.infra]
#   CARBON_ALERTMANAGER_PORT    [9093]
#   CARBON_ALERTMANAGER_CONFIG  who hears of an alert                    [configs/prometheus/alertmanager.yml]
#   CARBON_ALERT_WEBHOOK_URL    alerts are posted there, with /<severity> behind it; for the file of the checkout
#   CARBON_ALERTMANAGER_BIN     folder with alertmanager and amtool         [the Debian package, unpacked into .infra/packages]
set -euo pipefail
engine=alertmanager
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
# shellcheck source=scripts/observability/debian-packages.sh
source "$repo/scripts/observability/debian-packages.sh"
port=${CARBON_ALERTMANAGER_PORT:-9093}
pidfile=$dir/alertmanager.pid mark=--storage.path=$dir/data config=$dir/alertmanager.yml
# shellcheck source=scripts/observability/daemon.sh
source "$repo/scripts/observability/daemon.sh"

# Debian's name of the program; a folder of one's own may hold it under that of its makers.
program=prometheus-alertmanager
[ ! -x "${CARBON_ALERTMANAGER_BIN:-/nowhere}/alertmanager" ] || program=alertmanager
fetch_programs() { programs_of 'prometheus-alertmanager=0.25.*' "$program" amtool; }

write_config() {
  local url=${CARBON_ALERT_WEBHOOK_URL:-} given=${CARBON_ALERTMANAGER_CONFIG:-}
  [ -z "$url" ] || [ -z "$given" ] || die 'CARBON_ALERT_WEBHOOK_URL is for the file of the checkout: write the address into CARBON_ALERTMANAGER_CONFIG'
  [ -z "$url" ] || [[ $url =~ ^https?://[^[:space:]\"\\\|\&]+$ ]] || die "CARBON_ALERT_WEBHOOK_URL=$url is no address that begins with http:// or https://"
  [ -z "$given" ] || [ -r "$given" ] || die "CARBON_ALERTMANAGER_CONFIG=$given cannot be read"
  cp -- "${given:-$repo/configs/prometheus/alertmanager.yml}" "$config"
  [ -z "$url" ] || sed -i "s|^  - name: \([a-z]*\)\$|&\n    webhook_configs: [{ url: \"${url%/}/\1\", send_resolved: true }]|" "$config"
  "$bin/amtool" check-config "$config" >"$dir/check.log" 2>&1 || { cat "$dir/check.log" >&2; die 'the configuration is refused'; }
}

# Again while it runs: it takes over the file as it is now. Alone on this machine it needs no port to its like.
up() {
  local p
  needs curl curl
  fetch_programs
  write_config
  if p=$(running); then
    answers || die "pid $p runs, but does not answer on port $port; was it started with another CARBON_ALERTMANAGER_PORT?"
    kill -HUP "$p"
  else
    gets_free "$port" || die "port $port is taken by something else; set CARBON_ALERTMANAGER_PORT"
    stays "$bin/$program" --config.file="$config" "$mark" \
      --web.listen-address="127.0.0.1:$port" --cluster.listen-address=
  fi
  starts
  say "up, http://127.0.0.1:$port/, pid $(running)"
}
case "${1:-}" in
  up | down | status) "$1" ;;
  tools) fetch_programs; printf '%s\n' "$bin" ;;
  *) printf 'usage: %s up|status|down|tools\n' "$0" >&2; exit 2 ;;
esac
