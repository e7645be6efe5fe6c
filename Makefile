# Only Python 3.11 or newer and make are assumed; everything else is installed here.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# More than cores: some tests wait for processes of their own.
WORKERS ?= 3
READY := $(VENV)/.ready
HEP_BIND ?= 127.0.0.1
HEP_PORT ?= 8000
export PATH := $(abspath $(VENV)/bin):$(PATH)
export HEP_BIND HEP_PORT
# Processes that begin again and again, of the demo and of tests, read what was compiled once.
unexport PYTHONDONTWRITEBYTECODE

# Values that let Django load where no service runs: lint and schema only.
LINT_ENV := DEBUG=false SECRET_KEY=only-for-lint-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789 \
	ALLOWED_HOSTS=hep.example.org PUBLIC_BASE_URL=https://hep.example.org \
	DATABASE_URL=postgresql://localhost/hep DATABASE_POOL_SIZE=0 REDIS_URL=redis://localhost:6379/0 \
	TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000 TWILIO_AUTH_TOKEN=only-for-lint \
	TRUSTED_PROXIES=1 \
	EMAIL_HOST=mail.example.org

.PHONY: backup help demo test lint format schema requirements migrate web worker-now worker-send worker-later beat simulator

help: ## show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "HEP needs Python 3.11 or newer. Set PYTHON=… to one."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
		{ echo "Could not make a virtual environment (on Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing dependencies into $(VENV)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements-dev.txt
	@touch $@

demo: $(READY) ## everything on this machine, with virtual phones; Ctrl-C stops it
	@exec $(PY) -m hep.demo

.PHONY: manage
RUN ?= help
manage: $(READY) ## a command on the demo's data, running or not: make manage RUN="program_calendar plantar-fasciitis"
	@$(PY) -m hep.demo $(RUN)

test: $(READY) packages ## the whole test suite on real PostgreSQL and Redis
	@mkdir -p build
	DEBUG=true DATABASE_POOL_SIZE=0 SECRET_KEY=only-for-tests HEP_HOME=$${HEP_HOME:-.local}/test \
		$(PY) -m hep.local_services $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

# Twice the processor time of `make test`, with every phase of the fuzz: before a release, and at night.
coverage: export HEP_FUZZ ?= 1
coverage: PYTEST_ARGS += --cov --cov-report=term:skip-covered --cov-report=xml:build/coverage.xml
coverage: test ## the whole suite in depth, with branch coverage and its floor

.PHONY: packages coverage
packages:
	@sh .ci/packages

.PHONY: chaos bench
chaos: $(READY) ## kills, outages and replays for ten minutes; writes build/chaos.json
	$(PY) -m tests.chaos.run --patients 250 --seconds 600 --kills 200

bench: $(READY) ## speed as ratios within one run; writes build/bench.json
	@DEBUG=true DATABASE_POOL_SIZE=0 SECRET_KEY=only-for-bench HEP_HOME=$${HEP_HOME:-.local}/bench \
		TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000 TWILIO_AUTH_TOKEN=only-for-bench \
		TWILIO_API_BASE_URL=http://localhost:8013 SIMULATOR_PORT=8013 \
		$(PY) -m hep.local_services $(PY) -m tests.benchmarks.run $(BENCH)

# The tests whose pages the README shows.
SHOWN := tests/flows/test_workplace.py::test_the_day_of_a_provider tests/page/test_in_a_browser.py
.PHONY: screenshots
screenshots: export HEP_SCREENSHOTS = 1
screenshots: PYTEST_ARGS = $(SHOWN)
screenshots: test ## the README's pictures, from the browser tests
	$(PY) -m tests.screenshots

.PHONY: replies
replies: $(READY) ## how well patients' texts are read, by class and harm
	@$(LINT_ENV) DJANGO_SETTINGS_MODULE=hep.settings $(PY) -c \
		"import django; django.setup(); from tests.notifications.replies import report; print(report())"

lint: $(READY) ## ruff, mypy, import-linter, deployment checks, migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(LINT_ENV) $(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(LINT_ENV) $(PY) -W error manage.py check --deploy --fail-level WARNING
	$(LINT_ENV) $(PY) manage.py makemigrations --check --dry-run

format: $(READY) ## ruff's formatting and safe fixes
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

schema: $(READY) ## write docs/openapi.yaml; the generator's warnings are errors
	$(LINT_ENV) $(PY) manage.py spectacular --file docs/openapi.yaml --fail-on-warn --validate

requirements: ## compile the lock files from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet \
		--python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet \
		--python-version 3.11 --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet \
		--python-version 3.11 --group audit -o requirements-audit.txt

AUDIT := $(VENV)/audit
$(AUDIT)/.ready: requirements-audit.txt | $(READY)
	@$(PYTHON) -m venv $(AUDIT)
	@echo "Installing what lists and checks the parts into $(AUDIT)…"
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--no-deps -r requirements-audit.txt
	@touch $@

.PHONY: sbom audit
sbom: $(AUDIT)/.ready ## the list of a release's parts, as CycloneDX: build/sbom.json
	@mkdir -p build
	@$(AUDIT)/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file build/sbom.json
	@echo "build/sbom.json: $$(grep -c '"bom-ref"' build/sbom.json) parts."

audit: $(AUDIT)/.ready ## known faults of a release's parts; says when the list of faults is out of reach
	@sh .ci/audit $(AUDIT)/bin/python

# The production commands, as docker-compose.yml and hep/Procfile run them.
migrate: ## database migrations and shared content
	python manage.py migrate --no-input
	python manage.py load_content

backup: ## an encrypted backup into BACKUP_FOLDER
	python manage.py backup

web: ## the web server
	exec python -m gunicorn hep.wsgi --bind $(HEP_BIND):$(HEP_PORT) --workers 2 --threads 4 --log-level warning

worker-now: ## the lane of what is urgent: reading, answering, writing what is due
	exec python -m celery --quiet --app hep worker --loglevel warning --queues now --concurrency 2 --hostname now@%h

worker-send: ## the lane that sends
	exec python -m celery --quiet --app hep worker --loglevel warning --queues send --concurrency 1 --hostname send@%h

worker-later: ## the lane of sweeps, e-mails and the daily look
	exec python -m celery --quiet --app hep worker --loglevel warning --queues later --concurrency 2 --hostname later@%h

beat: ## the clock
	exec python -m celery --quiet --app hep beat --loglevel warning --scheduler celery.beat:Scheduler

simulator: ## virtual phones (never in production)
	exec python manage.py simulator
