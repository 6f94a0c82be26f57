# Each target does all the set-up it needs. On Windows use the conda lines of vetanalysis/cli/README.md.
PY := .venv/bin/python
PLAN ?= lang-son-2023
AS_OF ?= 2023-start
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export PYTHONDONTWRITEBYTECODE :=  # else every process of a run compiles the package anew

.PHONY: report report-example test test-fast notebooks lab benchmark clean

report:  ## the plan's report from published figures only, in both languages
	@.ci/setup run
	@$(PY) -m vetanalysis report $(PLAN) --as-of $(AS_OF) --returns none

report-example:  ## the illustrative year: workbooks of districts and institutions up to nine months
	@.ci/setup run
	@$(PY) -m vetanalysis report lang-son-2023-example --as-of 2023-9M

test:  ## lint, unit tests and every notebook
	@.ci/setup test
	@echo "Testing: ruff"
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@$(PY) -m ruff check --quiet --preview --select PLW1514 .  # text files are opened with their encoding
	@echo "Testing: import-linter"
	@.venv/bin/lint-imports --no-logo --no-cache
	@echo "Testing: every line of words that is named is there"
	@$(PY) .ci/check_words.py
	@echo "Testing: mypy"
	@$(PY) -m mypy && $(PY) -m mypy --platform win32 --exclude 'pipeline/(kernels|server).py'  # kernels fork where the system can
	@echo "Testing: tests/ and notebooks/ (tests marked system are skipped where chromium, LibreOffice or poppler is missing)"
	@$(PY) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -rs --nbval-lax --nbval-current-env --nbval-cell-timeout 120 tests notebooks

test-fast:  ## unit tests without notebooks and without the programs of a desktop
	@.ci/setup test
	@$(PY) -m ruff check . && .venv/bin/lint-imports --no-logo --no-cache && $(PY) .ci/check_words.py
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "not system and not slow" tests

notebooks:  ## runs the notebooks and stores the outputs that the tests compare
	@.ci/setup test
	@$(PY) .ci/refresh_notebooks.py

lab:  ## JupyterLab on copies of the notebooks in lab/, which git does not track; IN=en: their text in English
	@.ci/setup explore
	@$(PY) -m vetanalysis notebooks lab $(if $(IN),--lang $(IN))
	@cd lab && ../$(PY) -m jupyterlab --ip=127.0.0.1 --LabApp.default_url=/lab/tree/0_start_here.ipynb \
	    $(if $(filter 0,$(shell id -u)),--allow-root)

benchmark:  ## every table of speed and accuracy; PANELS=DIR measures all, DATE=DAY those of speed, without them the stored ones
	@.ci/setup test
	@$(PY) -m benchmarks $(PART) $(if $(PANELS),--panels $(PANELS)) $(if $(DATE),--date $(DATE))

clean:  ## removes what was generated, keeps data and the environment
	@rm -rf reports/*/ .pytest_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
