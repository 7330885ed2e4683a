#!/usr/bin/env bash
# Brings the services onto a Kubernetes cluster, in the order that they need: namespace, settings, migration, services.
#
#   OVERLAY=dev|staging|production scripts/kubernetes-bootstrap.sh
#
#   OVERLAY   folder below k8s/overlays                                                    [dev]
#   CONTEXT   context of the kubeconfig; staging and production must be told            [the current one]
#   IMAGE     image in place of the one in k8s/base, such as registry.example/carbon:1.2
#   DRY_RUN   1: prints what would be applied, in its order, and asks no cluster
#   WAIT      seconds that the migration, and each rollout, may take                        [600]
#
# May be repeated: what is there as it should be is left alone, and the migration changes nothing twice. Exit codes: 0 all
# services are rolled out, 1 the cluster, the migration or a rollout failed, 2 called wrongly, 4 something is missing: the
# line says what, and what to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
overlay=${OVERLAY:-dev} image=${IMAGE:-} wait=${WAIT:-600}
namespace=ingestion secret=carbon-secrets
say() { printf 'bootstrap: %s\n' "$*" >&2; }
die() { local code=$1; shift; say "$@"; exit "$code"; }

[[ $overlay =~ ^[a-z0-9-]+$ && -f k8s/overlays/$overlay/kustomization.yaml ]] ||
  die 2 "no overlay \"$overlay\"; there are: $(basename -a k8s/overlays/* | tr '\n' ' ')"
[[ $wait =~ ^[1-9][0-9]{0,4}$ ]] || die 2 "WAIT is \"$wait\", but must be a number of seconds"
[[ $image =~ ^[A-Za-z0-9._/:@-]*$ ]] || die 2 "IMAGE is \"$image\", which is no name of an image"
case ${DRY_RUN:-0} in 0 | 1) ;; *) die 2 "DRY_RUN is \"$DRY_RUN\", but must be 1 or 0" ;; esac

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# The manifests, one file for each step.
build() {
  if command -v kubectl >/dev/null; then kubectl kustomize "k8s/overlays/$overlay" >"$folder/all.yaml"
  elif command -v kustomize >/dev/null; then kustomize build "k8s/overlays/$overlay" >"$folder/all.yaml"
  else die 4 'neither kubectl nor kustomize is installed: https://kubernetes.io/docs/tasks/tools/'; fi
  if [ -n "$image" ]; then
    # One image runs everything; a word that is not of it would be a mistake of the manifests.
    sed -i -E "s#^( *(- )?image: ).*#\1$image#" "$folder/all.yaml"
  fi
  awk -v folder="$folder" '
    function put() { if (text != "") { printf "---\n%s", text >> (folder "/" step ".yaml") } text = ""; step = "2-settings" }
    BEGIN { step = "2-settings" }
    /^---$/ { put(); next }
    /^kind: Namespace$/ { step = "1-namespace" }
    /^kind: Job$/ { step = "3-migration" }
    /^kind: (Deployment|PodDisruptionBudget)$/ { step = "4-services" }
    { text = text $0 "\n" }
    END { put() }' "$folder/all.yaml"
}

ask() { kubectl ${CONTEXT:+--context="$CONTEXT"} "$@"; }
inside() { ask --namespace "$namespace" "$@"; }
apply() { ask apply -f "$folder/$1.yaml" >&2 || die 1 "step $1 was refused"; }

cluster() {
  command -v kubectl >/dev/null || die 4 'kubectl is not installed: https://kubernetes.io/docs/tasks/tools/'
  local name=${CONTEXT:-}
  if [ -z "$name" ]; then
    name=$(kubectl config current-context 2>/dev/null) ||
      die 4 'no cluster is chosen: kubectl config get-contexts shows those of the kubeconfig, CONTEXT=NAME names one'
    # Whoever is connected to another cluster than he believes should not find out there.
    [ "$overlay" = dev ] || die 4 "say which cluster $overlay is: CONTEXT=$name"
  fi
  ask --request-timeout=10s get --raw /version >/dev/null 2>"$folder/error" ||
    die 4 "the cluster of context $name does not answer: $(tail -n 1 "$folder/error")"
  say "$overlay onto context $name, namespace $namespace"
}

# Every file that the settings name must be a key of the Secret, else pods would wait for it without a word.
secrets() {
  local wanted key missing=() have
  wanted=$(grep -oE ' /run/secrets/[a-z0-9.-]+$' "$folder/2-settings.yaml" | sed 's#.*/##' | sort -u)
  # shellcheck disable=SC2016 # the variables are those of kubectl's template
  have=$(inside get secret "$secret" -o 'go-template={{range $key, $value := .data}}{{$key}}{{"\n"}}{{end}}' 2>/dev/null) || have=
  for key in $wanted; do grep -qxF -- "$key" <<<"$have" || missing+=("$key"); done
  [ "${#missing[@]}" = 0 ] || die 4 "the Secret $secret of namespace $namespace lacks: ${missing[*]}; k8s/secrets.example.yaml shows how to make it"
}

# A Job is not changed in place: the former one goes, whatever became of it.
migration() {
  local state='' until=$((SECONDS + wait))
  inside delete job migrate --ignore-not-found --wait=true >&2 || die 1 'the former Job migrate cannot be removed'
  apply 3-migration
  while [ "$SECONDS" -lt "$until" ]; do
    state=$(inside get job migrate -o 'jsonpath={.status.conditions[?(@.status=="True")].type}') || state=
    case " $state " in
      *' Complete '*) say 'the stores are migrated'; return ;;
      *' Failed '*) break ;;
    esac
    sleep "${POLL:-2}"
  done
  inside logs job/migrate --tail=30 >&2 || true
  inside get pods --selector=app=migrate >&2 || true
  case " $state " in
    *' Failed '*) die 1 'the migration failed, see above; no service was changed' ;;
    *) die 1 "the migration did not end within $wait s, see above; no service was changed" ;;
  esac
}

rollouts() {
  local name names failed=()
  mapfile -t names < <(sed -n 's/^  name: \(service-[a-z-]*\)$/\1/p' "$folder/4-services.yaml")
  for name in "${names[@]}"; do
    inside rollout status "deployment/$name" --timeout="${wait}s" >&2 || failed+=("$name")
  done
  inside get pods --selector=app.kubernetes.io/part-of=254carbon --output=wide
  [ "${#failed[@]}" = 0 ] ||
    die 1 "not rolled out: ${failed[*]}; kubectl -n $namespace describe pods -l app=${failed[0]#service-} says why, kubectl -n $namespace logs deployment/${failed[0]} what it says itself"
}

if [ "${DRY_RUN:-0}" = 1 ]; then
  build
  for step in "$folder"/[1-9]-*.yaml; do printf '# step %s\n' "$(basename "$step" .yaml)"; cat "$step"; done
  exit
fi
cluster
build
apply 1-namespace
secrets
apply 2-settings
migration
apply 4-services
rollouts
say "all services of $overlay are rolled out"
