"""The command line: what it prints, what it writes, and that bad input is one line and exit code 2."""

import subprocess
import sys

import pandas as pd
import pytest
import underhood as uh
from underhood.__main__ import main


@pytest.fixture
def table(tmp_path):
    """Write a small CSV of one's own, with missing values, a constant column and dates."""
    path = tmp_path / "own.csv"
    frame = uh.datasets.load("penguins").assign(constant=1, day=pd.date_range("2024-01-01", periods=344).astype(str))
    frame.to_csv(path, index=False)
    return path


def test_a_data_set_is_analysed_by_its_name(capsys, tmp_path):
    page = tmp_path / "page.html"
    assert main(["analyze", "penguins", "--target", "species", "--html", str(page)]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Analysis of penguins: 344 rows × 8 columns, target species")
    assert f"Page written: {page}" in printed.out
    assert printed.err == ""
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_files_of_every_kind_give_the_same_analysis(capsys, table, tmp_path):
    frame = pd.read_csv(table)
    frame.to_csv(tmp_path / "own.tsv", sep="\t", index=False)
    frame.to_csv(tmp_path / "own.csv.gz", index=False)
    frame.to_parquet(tmp_path / "own.parquet")
    shown = set()
    for name in ("own.csv", "own.tsv", "own.csv.gz", "own.parquet"):
        assert main(["analyze", str(tmp_path / name), "--target", "body_mass_g"]) == 0
        title, rest = capsys.readouterr().out.split("\n", 1)
        assert title == f"Analysis of {name}: 344 rows × 10 columns, target body_mass_g"
        shown.add(rest.lstrip("═"))
    assert len(shown) == 1
    assert "Dates were summarised" in shown.pop()


def test_semicolons_and_decimal_commas_are_understood_and_said(capsys, tmp_path, monkeypatch):
    path = tmp_path / "own.csv"
    uh.datasets.load("iris").to_csv(path, sep=";", decimal=",", index=False)
    shown = []
    for missing in ("", "pandas"):
        if missing:
            monkeypatch.setitem(sys.modules, missing, None)
        assert main(["analyze", str(path), "--target", "species"]) == 0
        printed = capsys.readouterr()
        assert "4 columns of numbers" in printed.out
        assert "has semicolons between its columns" in printed.err
        shown.append(printed.out)
    assert shown[0] == shown[1]


def test_polars_reads_where_pandas_is_missing(capsys, table, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert main(["analyze", str(table)]) == 0
    assert "344 rows × 10 columns" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "polars", None)
    assert main(["analyze", str(table)]) == 2
    assert "needs pandas or polars, and neither is installed" in capsys.readouterr().err


def test_quiet_prints_the_path_alone(capsys, tmp_path):
    page = tmp_path / "page.html"
    assert main(["analyze", "iris", "--quiet", "--html", str(page)]) == 0
    assert capsys.readouterr().out == f"Page written: {page}\n"


def test_the_data_sets_are_listed_and_described(capsys):
    assert main(["datasets"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in uh.datasets.list().names)
    assert main(["datasets", "iris"]) == 0
    assert "CC BY 4.0" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "analyze" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyze", "pengins"], "there is neither a file nor a data set called 'pengins'; did you mean 'penguins'?"),
        (["analyze", "nowhere.csv"], "there is no file nowhere.csv"),
        (["analyze", "."], ". is a folder, but a CSV, TSV or Parquet file is needed"),
        (["analyze", "penguins", "--target", "specie"], "did you mean 'species'?"),
        (["analyze", "penguins", "--test-size", "2"], "test_size is 2.0"),
        (["analyze", "penguins", "--seed", "-1"], "--seed is -1"),
        (["analyze", "penguins", "--html", "nowhere/page.html"], "there is no folder"),
        (["datasets", "flowers"], "there is no data set called 'flowers'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("underhood: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("quote.csv", b'"a,b\n1,2,3\n4'),
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 4),
        ("broken.parquet", b"PAR1 no parquet"),
        ("broken.csv.gz", b"no archive"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3,4\n"),
        ("twice.xlsx", b"a"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_exit_code_2(name, content, capsys, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["analyze", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(path) in printed.err
    assert printed.err.count("\n") == 1


def test_a_page_that_cannot_be_written_is_one_line_and_exit_code_2(capsys, tmp_path):
    assert main(["analyze", "iris", "--quiet", "--html", str(tmp_path)]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_wrong_usage_exits_with_code_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["frobnicate"])
    assert stopped.value.code == 2


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "underhood", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"underhood {uh.__version__}\n"


@pytest.mark.parametrize(("sign", "name"), [("\t", "tabs"), ("|", "bars (|)"), (";", "semicolons")])
def test_any_usual_separator_is_found_and_said(sign, name, capsys, tmp_path):
    path = tmp_path / "own.csv"
    uh.datasets.load("iris").rename(columns={"species": "a, b, c, d, e, f"}).to_csv(path, sep=sign, index=False)
    path.write_text(path.read_text().replace("a, b, c, d, e, f", '"a, b, c, d, e, f"').replace('""', '"'))
    assert main(["analyze", str(path)]) == 0
    printed = capsys.readouterr()
    assert "4 columns of numbers" in printed.out
    assert f"has {name} between its columns\n" in printed.err
