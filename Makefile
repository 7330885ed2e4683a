# What can be done with this checkout. `make` alone lists it.

.DEFAULT_GOAL := help
NODE := scripts/node
CARBON := ./bin/carbon
# Two cores is what we aim at; a third lane works while files of the others wait for engines and sessions. What tests write
# goes to memory where there is room for it (tests/support/run-folder.ts; TMPDIR says another place). Compiled code
# is kept, as the command keeps it: a file begins sooner.
TEST := NODE_COMPILE_CACHE=$(CURDIR)/node_modules/.cache/compile $(NODE) --disable-warning=ExperimentalWarning tests/run.ts --lanes=$(or $(LANES),3)

# Tests of a service are those whose text names its folder.
TESTS = $(if $(SERVICE),grep -rl --include='*.test.ts' 'services/$(SERVICE:service-%=%)/' tests | sort,find tests -name '*.test.ts' | sort)

PHONY_RUNS := run run-connector-registry run-normalization run-enrichment run-aggregation run-projection
.PHONY: $(PHONY_RUNS) help setup install lint format typecheck build coverage validate test test-at test-unit test-conformance test-integration test-house validate-schemas specs-sync connectors-index demo simulate-miso pipeline-apply-ddl pipeline-k8s-bootstrap smoke infra-up infra-status infra-down observability-up observability-status observability-down airflow-up airflow-status airflow-down docs bench chaos fidelity fuzz week check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the checkout ready: Node 26 if this machine has none, and the locked packages
	@sh scripts/setup.sh

install: setup ## The same as setup

lint: setup ## Check form and style
	node_modules/.bin/biome check .

format: setup ## Bring all files into form
	node_modules/.bin/biome check --write .

typecheck: setup ## Check the types
	node_modules/.bin/tsc -p .

build: typecheck ## Nothing is compiled, Node runs the sources as they are: the same as typecheck

# Form and types are checked beside the tests: alone, they would keep one core busy and the other waiting.
test: setup ## Set up, check form and types, and run every test; SERVICE=aggregation runs those that name the service, LANES=2 fewer at once
	@files=$$($(TESTS)); [ -n "$$files" ] || { echo "no test names $(SERVICE)" >&2; exit 2; }; \
	( said=$$($(MAKE) --no-print-directory lint typecheck 2>&1) || { printf '%s\n' "$$said" >&2; exit 1; } ) & checks=$$!; \
	echo $(TEST) "$$(echo $$files | wc -w) files"; $(TEST) $$files; tests=$$?; \
	wait $$checks || { echo 'failed: make lint typecheck, see above' >&2; exit 1; }; exit $$tests

test-at: setup ## Test files as if it were another moment: AT=2026-11-01T05:30:00Z FILES='tests/…'
	CARBON_TEST_AT=$(or $(AT),$(error say when: AT=2026-11-01T05:30:00Z)) NODE_OPTIONS=--import=$(CURDIR)/tests/support/moved-clock.ts \
	$(TEST) $(or $(FILES),$(error name test files: FILES='tests/…'))

test-unit: setup ## Pure code only: seconds
	$(TEST) $$(find tests/unit -name '*.test.ts' | sort)

coverage: setup ## Which lines the unit tests run, as a table and as coverage/lcov.info
	@mkdir -p coverage
	$(NODE) --disable-warning=ExperimentalWarning --test --experimental-test-coverage --test-coverage-exclude='tests/**' \
	--test-reporter=lcov --test-reporter-destination=coverage/lcov.info \
	--test-reporter=spec --test-reporter-destination=coverage/report.txt $$(find tests/unit -name '*.test.ts' | sort) || \
	{ sed -n '/failing tests/,$$p' coverage/report.txt; exit 1; }
	@sed -n '/start of coverage report/,$$p' coverage/report.txt

validate: test coverage validate-schemas ## All that can be checked: form, types, tests, coverage, contracts, manifests
	$(CARBON) connector validate

test-conformance: setup ## One suite per port, on every driver
	$(TEST) $$(find tests/conformance -name '*.test.ts' | sort)

test-integration: setup ## Whole stores, the command, crashes
	$(TEST) $$(find tests/integration -name '*.test.ts' | sort)

test-house: setup ## House rules: walls, cycles, sizes, purity, docs
	$(TEST) $$(find tests/house -name '*.test.ts' | sort)

connectors-index: setup ## Write connectors_index.json, what schedulers make their jobs from: the same manifests give the same bytes
	$(CARBON) connector index --out connectors_index.json

validate-schemas: setup ## Syntax, samples, compatibility and pins of the contracts; needs no registry
	$(CARBON) schemas validate

specs-sync: setup ## Pin the contracts as they are in specs.lock.json
	@$(NODE) scripts/sync-specs.ts

demo: setup ## Three simulated markets to served prices, and on; ONCE=1 ends after the first look, LIVE=1 asks the real ones
	$(CARBON) demo $(if $(filter-out 0,$(ONCE)),--once) $(if $(filter-out 0,$(LIVE)),--live)

run: setup ## One service until Ctrl-C: SERVICE=normalization
	$(CARBON) run $(or $(SERVICE),$(error name a service: make run SERVICE=normalization))

run-connector-registry run-normalization run-enrichment run-aggregation run-projection: run-%: setup
	$(CARBON) run $*

simulate-miso: setup ## 1000 made-up trades of market MISO onto its raw topic, and how many it holds then
	$(CARBON) connector simulate miso --trades --count 1000 --publish
	$(CARBON) tap --list ingestion.miso.raw.v1

pipeline-apply-ddl: setup ## Bring the stores to the present schema: both folders of migrations; again it changes nothing
	$(CARBON) migrate

pipeline-k8s-bootstrap: ## The services on Kubernetes: OVERLAY=dev|staging|production, CONTEXT, IMAGE; DRY_RUN=1 prints it; see docs/kubernetes.md
	@OVERLAY='$(or $(OVERLAY),dev)' CONTEXT='$(CONTEXT)' IMAGE='$(IMAGE)' DRY_RUN='$(or $(DRY_RUN),0)' WAIT='$(or $(WAIT),600)' bash scripts/kubernetes-bootstrap.sh

smoke: setup ## Does a deployed service work? URL=http://127.0.0.1:8513, EXPECT=0.1.0 its version, TENANT
	@$(NODE) scripts/smoke.ts '$(or $(URL),$(error say where: make smoke URL=http://127.0.0.1:8513))' $(if $(EXPECT),--expect '$(EXPECT)') $(if $(TENANT),--tenant '$(TENANT)')

infra-up: setup ## Start the engines of the cluster profile on this machine; ENGINE=postgres for one; ports by CARBON_<ENGINE>_PORT
	@bash scripts/infra.sh up $(ENGINE)

infra-status: ## Say which of them run
	@bash scripts/infra.sh status $(ENGINE)

infra-down: ## Stop them; their data stays in .infra
	@bash scripts/infra.sh down $(ENGINE)

observability-up: ## Start Prometheus and Alertmanager on this machine; ports by CARBON_PROMETHEUS_PORT, CARBON_ALERTMANAGER_PORT
	@bash scripts/observability.sh up

observability-status: setup ## Say of both, Grafana, and every service whether it is well, since when, and which alerts fire
	@$(NODE) scripts/observability/status.ts

observability-down: ## Stop them; their data stays in .infra
	@bash scripts/observability.sh down

airflow-up: setup ## Start a local Airflow that runs the connectors, at http://localhost:8084; docs/local-env.md says how to sign in
	@bash scripts/airflow.sh up

airflow-status: ## Say which of its processes run
	@bash scripts/airflow.sh status

airflow-down: ## Stop it; its database stays in .infra
	@bash scripts/airflow.sh down

docs: setup ## Write what is made from code: errors, configuration, command, metrics, service manifests, dashboards
	$(NODE) scripts/generate-docs.ts

bench: setup ## Measure; see docs/performance.md. PROFILE=cluster measures the engines too
	$(NODE) --disable-warning=ExperimentalWarning bench/run.ts $(if $(PROFILE),--profile=$(PROFILE)) $(BENCH)

chaos: setup ## 500 processes killed with SIGKILL, then the cluster profile; CHAOS_ONLY, CHAOS_SEED, CHAOS_KILLS; writes docs/reports/chaos.md
	$(NODE) --disable-warning=ExperimentalWarning tests/integration/crash/chaos-run.ts

week: setup ## A simulated week of all markets with twelve places each, twice; WEEK_PLACES, WEEK_ONLY=market.dataset
	WEEK_DAYS=all WEEK_PLACES=$(or $(WEEK_PLACES),12) $(NODE) --disable-warning=ExperimentalWarning --test --test-concurrency=2 --test-timeout=3600000 tests/integration/week/*.test.ts

fidelity: setup ## Decode the recordings beside the checkout, if they are there; writes docs/reports/fidelity.json
	$(NODE) --disable-warning=ExperimentalWarning scripts/fidelity.ts

fuzz: setup ## 100,000 damaged bodies per market; FUZZ_PER=decoder, FUZZ_SEED, FUZZ_ONLY, FUZZ_RUNS; writes docs/reports/fuzz.md
	$(NODE) --disable-warning=ExperimentalWarning tests/fuzz/run.ts

clean: ## Remove what was made: packages, runtime, data
	rm -rf node_modules .node .carbon .infra coverage bench/out
