#!/usr/bin/env bash
# What checks the manifests without a cluster: kubernetes-tools.sh [FOLDER]; prints the folder, with bin/ inside.
#
#   kustomize, docker-compose, docker-buildx   of Debian trixie, unpacked and not installed: nothing of the machine changes
#   kubernetes-validate                        of PyPI, with the schemas of the API in it
#
# Fetched once into .infra/kubernetes-tools (or FOLDER), at the versions below. Needs apt-get with dpkg (Debian, Ubuntu) and
# Python 3.9 or newer with pip. Exit codes: 0 there, 1 failed, 4 something has to be installed: the line says what.
set -euo pipefail
kustomize=5.6.0+ds-1 compose=2.26.1-4 buildx=0.13.1+ds1-3
python_packages=(
  kubernetes-validate==1.37.0 attrs==26.1.0 importlib_resources==7.1.0 jsonschema==4.26.0 jsonschema-specifications==2025.9.1
  packaging==26.4 PyYAML==6.0.4 referencing==0.37.0 rpds-py==2026.9.1 typing_extensions==4.16.0
)
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(realpath -m "${1:-$repo/.infra/kubernetes-tools}")
wanted="$kustomize $compose $buildx ${python_packages[*]}"

mkdir -p "$folder"
exec 9>"$folder.lock"
flock -w 300 9
if [ "$(cat "$folder/.complete" 2>/dev/null)" = "$wanted" ]; then printf '%s\n' "$folder"; exit; fi
for command in apt-get dpkg-deb python3; do
  command -v "$command" >/dev/null || { printf 'kubernetes-tools: %s is missing\n' "$command" >&2; exit 4; }
done
python3 -m pip --version >/dev/null 2>&1 || { echo 'kubernetes-tools: pip is missing: apt-get install python3-pip' >&2; exit 4; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f "$keyring" ] || { echo "kubernetes-tools: $keyring is missing: apt-get install debian-archive-keyring" >&2; exit 4; }

rm -rf -- "$folder"
mkdir -p "$folder/bin" "$folder/apt/lists/partial" "$folder/apt/archives/partial"
fails() { tail -n 10 "$folder/install.log" >&2; echo "kubernetes-tools: $1 could not be fetched" >&2; exit 1; }

printf 'deb [signed-by=%s] http://deb.debian.org/debian trixie main\n' "$keyring" >"$folder/apt/sources.list"
# Lists, cache and status of its own: the packages of the machine are neither asked nor changed.
: >"$folder/apt/status"
apt=(apt-get -qq -o Acquire::Retries=3 -o APT::Sandbox::User="$(id -un)" -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o Dir::State::lists="$folder/apt/lists" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt")
{
  "${apt[@]}" update && (cd "$folder/apt" && "${apt[@]}" download "kustomize=$kustomize*" "docker-compose=$compose*" "docker-buildx=$buildx*")
} >"$folder/install.log" 2>&1 || fails 'kustomize, docker-compose or docker-buildx'
for package in "$folder"/apt/*.deb; do dpkg-deb -x "$package" "$folder/apt/unpacked"; done
mv "$folder/apt/unpacked/usr/bin/kustomize" "$folder"/apt/unpacked/usr/libexec/docker/cli-plugins/docker-{compose,buildx} "$folder/bin/"
rm -rf -- "$folder/apt"
python3 -m pip install --quiet --no-deps --disable-pip-version-check --root-user-action=ignore --only-binary=:all: \
  --target "$folder/python" "${python_packages[@]}" >"$folder/install.log" 2>&1 || fails kubernetes-validate
printf '#!/bin/sh\nPYTHONPATH=%q exec python3 %q "$@"\n' "$folder/python" "$folder/python/bin/kubernetes-validate" >"$folder/bin/kubernetes-validate"
chmod +x "$folder/bin/kubernetes-validate"
printf '%s\n' "$wanted" >"$folder/.complete"
printf '%s\n' "$folder"
