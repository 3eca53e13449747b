"""Every public name is documented, and every example that a reader may copy runs and prints what it says."""

import doctest
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
import underhood as uh
from underhood._results import Result

ROOT = Path(__file__).parents[2]
MODULES = [name for name in uh.__all__ if inspect.ismodule(getattr(uh, name))]
EXAMPLES = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def public_callables():
    """Yield (qualified name, object) of everything callable that a user can reach by a public name."""
    for module_name in MODULES:
        module = getattr(uh, module_name)
        for name in module.__all__:
            yield f"{module_name}.{name}", getattr(module, name)
    for name in uh.__all__:
        if callable(getattr(uh, name)):
            yield name, getattr(uh, name)


def documented_parts():
    """Yield (qualified name, object) of the callables, and of those public methods of classes that have examples."""
    for name, value in public_callables():
        yield name, value
        if inspect.isclass(value):
            for attribute, member in vars(value).items():
                if not attribute.startswith("_") and getattr(member, "__doc__", None) and ">>>" in member.__doc__:
                    yield f"{name}.{attribute}", member


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_holds_and_exports_nothing_else(name):
    module = getattr(uh, name)
    assert len(inspect.getdoc(module)) > 100
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    assert all(hasattr(module, item) for item in module.__all__)


@pytest.mark.parametrize(
    ("name", "value"), list(public_callables()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_a_public_name_is_documented_with_an_example(name, value):
    text = inspect.getdoc(value) or ""
    if not callable(value) or (inspect.isclass(value) and issubclass(value, Exception)):
        assert len(text) > 30, f"{name} has no docstring to speak of"
        return
    assert len(text) > 100, f"{name} has no docstring to speak of"
    # Results are made by functions, whose examples show them.
    made_by_functions = inspect.isclass(value) and issubclass(value, Result)
    assert ">>>" in text or made_by_functions, f"{name} has no example"


def test_headings_of_docstrings_stand_on_lines_of_their_own():
    for name, value in public_callables():
        parts = [value, *vars(value).values()] if inspect.isclass(value) else [value]
        for part in parts:
            text = inspect.getdoc(part) or ""
            assert not re.search(r"\S[ \t]+-{5,}", text), f"{name} has a heading inside a paragraph"


@pytest.mark.parametrize(
    ("name", "value"), list(documented_parts()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_the_examples_of_a_docstring_run(name, value):
    run_examples(name, inspect.getdoc(value) or "")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    run_examples(name, inspect.getdoc(getattr(uh, name)))


def test_the_examples_of_the_readme_run():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        if ">>>" in block:
            run_examples("README", block)
        else:
            exec(compile(block, "README.md", "exec"), {})


def run_examples(name, text):
    """Run the ``>>>`` examples of a text; those of models import what they need."""
    names = {} if name.startswith("models") else {"uh": uh, "np": np}
    test = doctest.DocTestParser().get_doctest(text, names, name, None, 0)
    report = []
    failed, _ = doctest.DocTestRunner(optionflags=EXAMPLES, verbose=False).run(test, out=report.append)
    assert not failed, "".join(report)


def test_the_version_is_the_one_of_the_workspace():
    assert uh.__version__ == re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
