"""A data officer checks an export: what the command prints, writes and returns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner, Result

from orchestration import cli
from orchestration.cli.check_command import command

CANARY = "Zz9canary"
HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,worker_type"


def row(number: int, wages: str = "9850.10", worker_type: str = "FT") -> str:
    return f"{number:064x},1,ACME,2026Q1,{wages},480,{worker_type}"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "wage_2026Q1.csv"
    path.write_text("\n".join([HEADER, *(row(number) for number in range(5))]) + "\n")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "payroll.csv"
    rows = [row(1), row(2, wages='"9,850.10"'), row(3, worker_type=CANARY), row(4, wages="3000")]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


def test_clean_file_ends_with_zero(export: Path) -> None:
    done = check(export)
    assert done.exit_code == 0, done.output
    assert "Clean" in done.stdout
    assert "wage 1.0.0, by the file's name" in done.stdout
    assert "Not checked here" in done.stdout
    assert "WAG-401" in done.stdout


def test_violations_end_with_one_and_are_named_by_code_and_place(faulty: Path) -> None:
    done = check(faulty)
    assert done.exit_code == 1, done.output
    assert "wage 1.0.0, by its header" in done.stdout
    assert "CEL-140  1 × gross_wages_usd" in done.stdout
    assert "first: record 2 (line 3: digits and signs, length 8)" in done.stdout
    assert "Warnings, by code" in done.stdout
    assert "rows      4, with errors 2, with warnings 1" in done.stdout


def test_nothing_printed_holds_a_value(faulty: Path) -> None:
    for printed in (check(faulty).output, check(faulty, "--json").output):
        assert CANARY not in printed
        assert "9,850.10" not in printed
        assert f"{3:064x}" not in printed
        assert "ACME" not in printed


def test_unusable_file_ends_with_two(export: Path) -> None:
    export.write_bytes(export.read_text().encode("utf-16"))
    done = check(export, "--workbook", export.with_name("out.xlsx"))
    assert done.exit_code == 2, done.output
    assert "FIL-010" in done.stdout
    assert "to do:" in done.stdout
    assert "No workbook was written" in done.stdout
    assert not export.with_name("out.xlsx").exists()


def test_question_that_cannot_be_answered_ends_with_two_and_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.csv").write_text(f"{CANARY},b\n1,2\n")
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "check": "…"})
    monkeypatch.setattr(sys, "argv", ["guildhall", "check", str(tmp_path / "x.csv")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "CHK-002" in told
    assert "--contract" in told
    assert CANARY not in told


def test_fault_of_guildhall_ends_with_seventy_and_repeats_nothing(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*given: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("warehouse.checking.check_file", fail)
    monkeypatch.setattr(sys, "argv", ["guildhall", "check", str(export)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    told = capsys.readouterr()
    assert "ValueError in test_check.py, line" in told.err
    assert CANARY not in told.err + told.out


def test_workbook_holds_the_rows_and_the_file_is_not_changed(faulty: Path) -> None:
    before, out = faulty.read_bytes(), faulty.with_name("out.xlsx")
    done = check(faulty, "--workbook", out)
    assert done.exit_code == 1
    assert "out.xlsx" in done.stdout
    sheet = openpyxl.load_workbook(out)["Rows"]
    assert sheet["G3"].value == "9,850.10"
    assert sheet["G3"].fill.fill_type == "solid"
    assert sheet["G2"].fill.fill_type is None
    assert faulty.read_bytes() == before


def test_workbook_never_replaces_the_file_itself(faulty: Path) -> None:
    before = faulty.read_bytes()
    done = check(faulty, "--workbook", faulty)
    assert getattr(done.exception, "code", None) == "CHK-003"
    assert faulty.read_bytes() == before


_PLACE = {
    "record": {"type": "integer"},
    "line": {"type": "integer"},
    "masked_value": {"type": ["string", "null"]},
}
_TEXT, _MAYBE, _COUNT = {"type": "string"}, {"type": ["string", "null"]}, {"type": "integer", "minimum": 0}


def _closed(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list_of(properties: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": _closed(properties)}


_FILE_FINDING = {
    **{"code": _TEXT, "message": _TEXT, "hint": _TEXT, "column": _MAYBE},
    **{"line": {"type": ["integer", "null"]}, "offset": {"type": ["integer", "null"]}},
}
_ASSUMED = {
    "anyOf": [{"type": "null"}, _closed({"value": _MAYBE, "because": _TEXT, "surely": {"type": "boolean"}})]
}
_CODE = {"code": _TEXT, "column": _MAYBE, "severity": {"enum": ["ERROR", "WARNING"]}}
SCHEMA = _closed(
    {
        "format": {"const": "guildhall-check-v1"},
        "file_name": _TEXT,
        "kind": {"enum": ["CSV", "XLSX", "Parquet"]},
        "place": {"enum": ["line", "sheet row", "row"]},
        "verdict": {"enum": ["clean", "warnings", "violations", "unusable"]},
        "exit_status": {"enum": [0, 1, 2]},
        "contract": _MAYBE,
        "contract_version": _MAYBE,
        "chosen": _ASSUMED,
        "period": _ASSUMED,
        "firm": _ASSUMED,
        "rows_in": _COUNT,
        "rows_failing": _COUNT,
        "rows_warned": _COUNT,
        "file_findings": _list_of(_FILE_FINDING),
        "notes": _list_of(_FILE_FINDING),
        "codes": _list_of(
            {**_CODE, "rows": _COUNT, "message": _TEXT, "hint": _TEXT, "examples": _list_of(_PLACE)}
        ),
        "not_checked": _list_of({"code": _TEXT, "column": _TEXT, "needs": _TEXT}),
        "violations": _list_of({**_PLACE, **_CODE}),
    }
)


@pytest.mark.parametrize("spoil", ["", "faulty", "unusable"])
def test_json_keeps_its_schema_whatever_the_answer(export: Path, faulty: Path, spoil: str) -> None:
    path = faulty if spoil == "faulty" else export
    if spoil == "unusable":
        path.write_bytes(b"\xff\xfe")
    done = check(path, "--json")
    said = json.loads(done.stdout)
    jsonschema.validate(said, SCHEMA)
    assert said["exit_status"] == done.exit_code
    assert check(path, "--json").stdout == done.stdout
    if spoil == "faulty":
        assert [(one["record"], one["column"], one["code"]) for one in said["violations"]] == [
            (2, "gross_wages_usd", "CEL-140"),
            (3, "worker_type", "CEL-160"),
            (4, "gross_wages_usd", "WAG-202"),
        ]


@pytest.mark.parametrize("more", [["--json"], ["--workbook", "marked.xlsx"]], ids=["said", "workbook"])
def test_check_loads_neither_dagster_nor_dbt_nor_pandas(
    faulty: Path, tmp_path: Path, more: list[str]
) -> None:
    watch = (
        "import sys; from orchestration.cli import main\n"
        f"sys.argv = ['guildhall', 'check', {str(faulty)!r}, *{more!r}]\n"
        "try: main()\n"
        "except SystemExit as ended: print(ended.code)\n"
        "heavy = ('dagster', 'dbt', 'great_expectations', 'altair', 'pandas')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", watch],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.splitlines()[-2:] == ["1", "[]"]


def test_help_answers_at_once_for_it_loads_no_engine() -> None:
    watch = (
        "import sys; from click.testing import CliRunner;"
        "from orchestration.cli.check_command import command;"
        "assert CliRunner().invoke(command, ['--help']).exit_code == 0;"
        "print([m for m in ('duckdb', 'pandas', 'pyarrow', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, check=True, env=os.environ.copy()
    )
    assert done.stdout.strip() == "[]"


def test_check_uses_no_network(export: Path) -> None:
    watch = (
        "import sys\n"
        "def hook(event, given):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'): raise SystemExit(9)\n"
        "sys.addaudithook(hook)\n"
        "from orchestration.cli.check_command import command\n"
        f"command.main([{str(export)!r}], standalone_mode=False)\n"
    )
    subprocess.run([sys.executable, "-c", watch], capture_output=True, check=True, env=os.environ.copy())
