# Everything from a fresh checkout: a Rust toolchain and Python 3.11 or later are all that must be there.
#
#   make demo       analyse a real data set: in the terminal, as a web page, as an executed notebook
#   make test       everything that is checked: formats, lints, tests of both languages, stubs, examples, notebooks
#   make sweep      every sampler against its distribution at 10⁶ draws, every property at fresh examples: too long for the tests
#   make bench      criterion on the hot loops, then underhood beside its peers (writes benches/compare/RESULTS.md)
#   make notebook   JupyterLab on notebooks/

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := build
# One interpreter for every build, so that nothing is compiled twice.
export PYO3_PYTHON := $(abspath $(BIN)/python)
export VIRTUAL_ENV := $(abspath $(VENV))
# Jupyter's and matplotlib's own files stay inside the checkout.
export IPYTHONDIR := $(abspath $(BUILD)/ipython)
export MPLBACKEND := agg
# Property tests meet the same examples in every run, so that what passed passes again; `make sweep` draws fresh ones, and many.
export PROPTEST_RNG_SEED ?= 1
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

RUST := Cargo.toml Cargo.lock $(shell find crates python/src -name '*.rs' -o -name Cargo.toml) python/Cargo.toml python/pyproject.toml

.PHONY: demo test sweep bench notebook build rust-test python-test lint clean
.DEFAULT_GOAL := demo

build: $(VENV)/build.stamp

$(VENV)/tools.stamp: python/pyproject.toml python/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "underhood needs Python 3.11 or later; $(PYTHON) is " + sys.version.split()[0] + " (choose another: make PYTHON=python3.12)")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --constraint python/constraints.txt pip
	$(BIN)/python -m pip install --quiet --constraint python/constraints.txt --group python/pyproject.toml:dev
	@touch $@

# What users get is optimised as a whole, which takes minutes. Both builds are one file, so each says that the other's is gone.
$(VENV)/build.stamp: $(VENV)/tools.stamp $(RUST)
	PATH="$(abspath $(BIN)):$$PATH" maturin develop --release --locked --quiet -m python/Cargo.toml
	@rm -f $(VENV)/test-build.stamp
	@touch $@

# The tests of both languages share one build: Rust rounds alike at every level of optimisation, and this one checks overflows and its own assertions besides.
$(VENV)/test-build.stamp: $(VENV)/tools.stamp $(RUST)
	PATH="$(abspath $(BIN)):$$PATH" maturin develop --locked --quiet -m python/Cargo.toml
	@rm -f $(VENV)/build.stamp
	@touch $@

demo: build
	@mkdir -p $(BUILD)
	$(BIN)/underhood analyze penguins --target species --html $(BUILD)/penguins.html
	@# The kernel warns that it talks over TCP on this machine: true of every notebook, and nothing to act on.
	@$(BIN)/jupyter nbconvert --log-level=ERROR --to html --execute --output-dir $(BUILD) notebooks/00-start-here.ipynb \
	    2> >(grep -v IPKernelApp >&2)
	@echo
	@echo "The analysis as a page:  $(abspath $(BUILD)/penguins.html)"
	@echo "The first notebook:      $(abspath $(BUILD)/00-start-here.html)"
	@echo "Open notebooks yourself: make notebook"

test: lint rust-test python-test
	@echo "make test: formats, lints, Rust, Python, stubs, examples and notebooks all passed"

lint: $(VENV)/test-build.stamp
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
	$(BIN)/ruff check python benches notebooks
	$(BIN)/ruff format --check python benches
	cd python && ../$(BIN)/mypy underhood
	cd python && MYPYPATH=. ../$(BIN)/stubtest underhood._core

# `cargo test` runs each bench once, as a smoke test.
rust-test: $(VENV)/tools.stamp
	cargo test --workspace --tests --benches --locked --quiet
	cargo test --workspace --doc --locked --quiet

python-test: $(VENV)/test-build.stamp
	$(BIN)/python benches/compare/run.py --smoke
	cd python && ../$(BIN)/python -m pytest -q

sweep: $(VENV)/test-build.stamp
	cargo test --release -p underhood --test suite --locked random -- --ignored --nocapture
	env -u PROPTEST_RNG_SEED PROPTEST_CASES=4096 cargo test -p underhood --lib --test suite --locked --quiet
	cd python && ../$(BIN)/python -m pytest -q --hypothesis-profile=default

bench: build
	cargo bench -p underhood-benches --locked
	$(BIN)/python benches/compare/run.py

notebook: build
	$(BIN)/jupyter lab notebooks

clean:
	rm -rf $(BUILD) $(VENV) target
