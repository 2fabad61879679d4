# One line each; README.md and CONTRIBUTING.md explain them. `make run PORT=8001` and the like work too.
PYTHON ?= python3
.PHONY: run test lint bench train samples screenshots lock
TOGETHER = -n 2 --dist loadgroup --no-loadscope-reorder
PIN = .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml $(ARGS)

run: ; @$(PYTHON) bin/bootstrap.py && exec .venv/bin/python manage.py up
test: ; @$(PYTHON) bin/bootstrap.py dev chromium node && node --test tests/js/*.test.js && exec .venv/bin/pytest -m "not slow" $(TOGETHER) $(ARGS)
lint: ; @$(PYTHON) bin/bootstrap.py dev node && exec .venv/bin/python bin/lint.py
bench: ; @$(PYTHON) bin/bootstrap.py dev && for bench in bench/[a-z]*.py; do .venv/bin/python $$bench || exit 1; done
train: ; @$(PYTHON) bin/bootstrap.py dev && exec .venv/bin/python -m mlcore.recipes.$(MODEL)
samples: ; @$(PYTHON) bin/bootstrap.py dev chromium && .venv/bin/python manage.py make_samples && exec .venv/bin/python bin/pictures.py
screenshots: ; @$(PYTHON) bin/bootstrap.py dev chromium && exec .venv/bin/python bin/screenshots.py
lock: ; @$(PYTHON) bin/bootstrap.py && $(PIN) -o requirements.txt && $(PIN) --group dev -c requirements.txt -o requirements-dev.txt
