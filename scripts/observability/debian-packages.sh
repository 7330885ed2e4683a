# Programs of Debian packages without installing them. Sourced after infra-engine.sh.
#
# programs_of "PACKAGE=VERSION PACKAGE..." COMMAND... sets $bin to a folder that holds the commands: CARBON_<ENGINE>_BIN, else
# the packages unpacked below .infra of the checkout (fetched by apt-get the first time, which checks them against its
# signed lists), else where the first command is installed. VERSION is a pattern of apt, such as 2.42.*; where the archive
# has moved on, its own version is taken, and said. Exit code 4 when there is none of these.
programs_of() {
  local packages first given cache; read -ra packages <<<"$1"; shift
  first=${packages[0]%%=*}
  given=CARBON_$(printf '%s' "$engine" | tr '[:lower:]' '[:upper:]')_BIN
  cache=${CARBON_PACKAGES_DIR:-$repo/.infra/packages}/$first
  bin=${!given:-$cache/usr/bin}
  if holds "$bin" "$@"; then return; fi
  [ -z "${!given:-}" ] || die "$given=$bin does not hold $*"
  if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null && unpack "$cache" "${packages[@]}"; then
    holds "$bin" "$@" || die "the package $first does not hold $*"
    return
  fi
  bin=$(dirname "$(command -v "$1" || printf /nowhere/x)")
  if holds "$bin" "$@"; then return; fi
  printf '%s: %s is missing: apt-get install %s, or name the folder that holds it by %s\n' "$engine" "$1" "$first" "$given" >&2
  exit 4
}

holds() {
  local folder=$1 command; shift
  for command in "$@"; do [ -x "$folder/$command" ] || return 1; done
}

# Into a folder beside it first: a kill half-way leaves nothing that looks finished. The lists of apt may be missing or old:
# root brings them up to date once. Other engines may want the same package at the same time.
unpack() {
  local cache=$1 fresh; shift
  mkdir -p "$(dirname "$cache")"
  (
    flock 7
    [ ! -d "$cache" ] || exit 0
    fresh=$(mktemp -d "$(dirname "$cache")/.fetch-XXXXXX")
    {
      { download "$fresh" "$@" || { [ "$(id -u)" = 0 ] && apt-get -qq -o Acquire::Retries=3 update && download "$fresh" "$@"; }; } &&
        unpack_all "$fresh" && find_pages_beside "$fresh/whole" && mv "$fresh/whole" "$cache"
    } >"$dir/install.log" 2>&1 || { tail -n 5 "$dir/install.log" >&2; rm -rf -- "$fresh"; exit 1; }
    rm -rf -- "$fresh"
  ) 7>"$cache.lock"
}
download() (
  cd "$1" || exit 1
  shift
  apt-get -qq -o Acquire::Retries=3 download "$@" || { echo "there is no $1: the version of the archive is taken"; apt-get -qq -o Acquire::Retries=3 download "${@%%=*}"; }
)
unpack_all() {
  local package
  for package in "$1"/*.deb; do dpkg-deb -x "$package" "$1/whole" || return 1; done
}

# Debian's Prometheus and Alertmanager look for their pages and templates in /usr/share/prometheus, where nothing lies because
# nothing is installed, and no option says another place. The path in the program becomes one of the same length that
# counts from the folder in which it is started: usr.
find_pages_beside() {
  local program
  for program in "$1"/usr/bin/*prometheus*; do
    LC_ALL=C sed -i 's#/usr/share/prometheus#.//./share/prometheus#g' "$program" || return 1
  done
}
