"""The command line: ``underhood analyze penguins --target species --html page.html``.

What is asked for goes to the standard output. Whatever is wrong with what was typed (no such file, no such column, a
table that cannot be read) is one line on the standard error stream, and the exit code is 2.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import underhood as uh
from underhood._tables import unknown_name

__all__ = ["main"]

_SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
_PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst")


class RefusedError(Exception):
    """What was typed cannot be done; the text is the line to print."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the program's name; by default what was typed.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal without these signs shows a question mark in their place.
        sys.stdout.reconfigure(errors="replace")
    try:
        if options.command is None:
            parser.print_help()
        elif options.command == "datasets":
            _datasets(options)
        else:
            _analyze(options)
        sys.stdout.flush()
    except RefusedError as problem:
        print(f"underhood: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("underhood: interrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="underhood", description="The mathematics of machine learning, with the hood open.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"underhood {uh.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")

    analyze = commands.add_parser(
        "analyze",
        help="analyse a table: its columns, correlations, groups, and a model of one column",
        description="Analyse a table: its columns, how they go together, groups compared, and a model of one column.",
        epilog="example: underhood analyze penguins --target species --html penguins.html",
        allow_abbrev=False,
    )
    analyze.add_argument(
        "table", help="name of a data set (see: underhood datasets), or path of a CSV, TSV or Parquet file"
    )
    analyze.add_argument("--target", metavar="COLUMN", help="the column to be predicted")
    analyze.add_argument("--html", metavar="PATH", help="write the analysis, with plots, as one web page")
    analyze.add_argument(
        "--test-size", metavar="SHARE", type=float, default=0.25, help="share of held-out rows (default 0.25)"
    )
    analyze.add_argument(
        "--seed", metavar="N", type=int, default=0, help="seed of the split and the models (default 0)"
    )
    analyze.add_argument("--quiet", action="store_true", help="do not print the analysis")

    datasets = commands.add_parser("datasets", help="list the data sets that come along, or describe one")
    datasets.add_argument("name", nargs="?", help="the one to describe")
    return parser


def _datasets(options: argparse.Namespace) -> None:
    if options.name is None:
        print(uh.datasets.list())
        return
    try:
        print(uh.datasets.describe(options.name))
    except ValueError as problem:
        raise RefusedError(problem) from None


def _analyze(options: argparse.Namespace) -> None:
    page = Path(options.html) if options.html is not None else None
    if page is not None and not page.absolute().parent.is_dir():
        raise RefusedError(f"--html {page}: there is no folder {page.absolute().parent}")
    frame, name = _table(options.table)
    if options.seed < 0:
        raise RefusedError(f"--seed is {options.seed}, but a whole number of at least 0 is needed")
    try:
        analysis = uh.analyze(frame, options.target, test_size=options.test_size, random_state=options.seed, name=name)
    except (ValueError, TypeError) as problem:
        raise RefusedError(problem) from None
    if not options.quiet:
        print(analysis)
    if page is not None:
        try:
            analysis.to_html(page)
        except OSError as problem:
            raise RefusedError(f"cannot write {page}: {problem.strerror or problem}") from None
        if not options.quiet:
            print()
        print(f"Page written: {page}")


def _table(table: str) -> tuple[Any, str]:
    """Load a data set by its name, or read a file."""
    path = Path(table)
    if table in uh.datasets.list().names and not path.is_file():
        return uh.datasets.load(table), table
    if path.is_dir():
        raise RefusedError(f"{table} is a folder, but a CSV, TSV or Parquet file is needed")
    if not path.exists():
        if not path.suffix and path.name == table:
            known = uh.datasets.list().names
            raise RefusedError(unknown_name(table, known, f"there is neither a file nor a data set called {table!r}"))
        raise RefusedError(f"there is no file {table}")
    return _read(path), path.name


def _read(path: Path) -> Any:
    """Read a file with pandas or, where that is missing, polars."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] in _PACKED else suffixes[-1] if suffixes else ""
    if kind not in (*_SEPARATORS, ".parquet", ".pq"):
        raise RefusedError(f"{path}: a file ending in .csv, .tsv or .parquet is needed")
    reader = (
        _read_pandas
        if importlib.util.find_spec("pandas")
        else _read_polars
        if importlib.util.find_spec("polars")
        else None
    )
    if reader is None:
        raise RefusedError(f"reading {path} needs pandas or polars, and neither is installed; run: pip install pandas")
    separator = _SEPARATORS.get(kind)
    decimal = "."
    try:
        if separator is not None and suffixes[-1] == kind:
            separator, decimal = _separator(path, separator)
        frame = reader(path, separator, decimal)
    except UnicodeDecodeError as problem:
        raise RefusedError(
            f"cannot read {path}: it is not text in UTF-8 ({problem.reason}); save it as UTF-8"
        ) from None
    except ImportError as problem:
        raise RefusedError(f"reading {path} needs one more package; run: pip install pyarrow ({problem})") from None
    except Exception as problem:
        # Whatever a reader of files raises, the file is what is wrong.
        raise RefusedError(f"cannot read {path}: {str(problem) or type(problem).__name__}") from None
    if separator is not None and separator != _SEPARATORS[kind]:
        commas = "; commas were read as decimal" if decimal == "," else ""
        print(f"underhood: {path} has {_NAMES[separator]} between its columns{commas}", file=sys.stderr)
    return frame


def _separator(path: Path, usual: str) -> tuple[str, str]:
    """Find the sign between columns, the commonest outside quotes in the first line, and the decimal sign."""
    with path.open("rb") as file:
        line = re.sub(rb'"[^"]*"', b"", file.readline(100_000))
        body = file.read(100_000)
    found = max([usual, *_NAMES], key=lambda sign: line.count(sign.encode()))
    # Where a comma is the decimal sign, columns are separated by semicolons.
    return found, "," if found == ";" and re.search(rb"\d,\d", body) else "."


def _read_pandas(path: Path, separator: str | None, decimal: str) -> Any:
    import pandas as pd

    if separator is None:
        return pd.read_parquet(path)
    return pd.read_csv(path, sep=separator, decimal=decimal, low_memory=False)


def _read_polars(path: Path, separator: str | None, decimal: str) -> Any:
    import polars as pl

    if separator is None:
        return pl.read_parquet(path)
    missing = ["", "NA", "NaN"]
    return pl.read_csv(
        path, separator=separator, decimal_comma=decimal == ",", infer_schema_length=None, null_values=missing
    )


if __name__ == "__main__":
    sys.exit(main())
