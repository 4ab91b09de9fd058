"""What is drafted at the firm is what the house takes, and what it would refuse is refused at the firm."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from contracts.corrections import REASONS
from contracts.errors import CheckError
from orchestration.cli.manifest_command import _REASONS, _TYPES, command
from warehouse.drafting import DraftOrder, draft, new_id, write_draft
from warehouse.manifests import Reason, SubmissionType, read_manifest

NOW = datetime(2026, 5, 1, 12, 30, 15, 999, tzinfo=UTC)
CHANCE = bytes(range(10))
RECEIPT = "sub-" + "0" * 24
HELD = "sub-" + "1" * 24
ROWS = b'learner_key,job_title\na,"two\nlines"\nb,one\n'
CORRECTING = b"learner_key,record_action,correction_reason\na,D,KEYING\n"


def order(folder: Path, content: bytes | None = ROWS, **said: object) -> DraftOrder:
    path = folder / "wage_2026Q1.csv"
    if content is not None:
        path.write_bytes(content)
    return DraftOrder(path=path, **said)  # type: ignore[arg-type]


def test_draft_counts_records_and_hashes_the_file(tmp_path: Path) -> None:
    said = draft(order(tmp_path), NOW, CHANCE)
    assert (said["row_count"], said["sha256"]) == (2, hashlib.sha256(ROWS).hexdigest())
    assert (said["contract"], said["period"], said["submission_type"]) == ("wage", "2026Q1", "ORIGINAL")
    assert said["as_of"] == "2026-05-01T12:30:15+00:00"
    assert "supersedes" not in said


@pytest.mark.parametrize(
    "content,said",
    [
        (ROWS, {}),
        (ROWS, {"kind": "REPLACEMENT", "supersedes": RECEIPT, "reason": "LATE_INFO"}),
        (CORRECTING, {"kind": "CORRECTION", "supersedes": RECEIPT}),
        (None, {"kind": "WITHDRAWAL", "supersedes": RECEIPT, "reason": "FIRM_LEAVES"}),
        (None, {"kind": "REPLACEMENT", "supersedes": RECEIPT, "answers": HELD}),
        (b"learner_key\n", {"is_nil": True}),
        (b"", {"is_nil": True}),
    ],
)
def test_draft_is_a_manifest_the_house_reads(
    tmp_path: Path, content: bytes | None, said: dict[str, object]
) -> None:
    asked = order(tmp_path, content, **said)
    path = write_draft(asked, draft(asked, NOW, CHANCE))
    assert path.name == "wage_2026Q1.csv.manifest.json"
    read = read_manifest(path.read_bytes())
    assert read is not None
    assert read.comes_alone == (content is None) == asked.comes_alone
    assert read.nil_return == asked.is_nil


@pytest.mark.parametrize(
    "content,said,code",
    [
        (None, {}, "CHK-011"),
        (ROWS, {"supersedes": RECEIPT}, "CHK-012"),
        (ROWS, {"kind": "REPLACEMENT"}, "CHK-012"),
        (ROWS, {"kind": "REPLACEMENT", "supersedes": "the first one"}, "CHK-012"),
        (None, {"kind": "WITHDRAWAL", "supersedes": RECEIPT, "answers": HELD}, "CHK-012"),
        (ROWS, {"kind": "CORRECTION", "supersedes": RECEIPT}, "CHK-013"),
        (b"learner_key\n", {}, "CHK-013"),
        (ROWS, {"is_nil": True}, "CHK-013"),
        (b'learner_key\n"a\n', {}, "CHK-013"),
    ],
)
def test_draft_is_refused_when_the_house_would_refuse_it(
    tmp_path: Path, content: bytes | None, said: dict[str, object], code: str
) -> None:
    with pytest.raises(CheckError) as refused:
        draft(order(tmp_path, content, **said), NOW, CHANCE)
    assert refused.value.code == code


def test_draft_is_refused_when_the_name_says_no_extract(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="CHK-010"):
        draft(DraftOrder(path=tmp_path / "wages final.csv"), NOW, CHANCE)


def test_manifest_is_never_overwritten(tmp_path: Path) -> None:
    asked = order(tmp_path)
    write_draft(asked, draft(asked, NOW, CHANCE))
    with pytest.raises(CheckError, match="CHK-014"):
        write_draft(asked, draft(asked, NOW, CHANCE))


def test_ids_sort_by_time_and_differ_by_chance() -> None:
    assert new_id(datetime.fromtimestamp(0, UTC), bytes(10)) == "0" * 26
    assert new_id(NOW, CHANCE) < new_id(NOW.replace(second=16), bytes(10))
    assert new_id(NOW, CHANCE) != new_id(NOW, bytes(10))


def test_command_writes_the_manifest_and_says_what_to_drop(tmp_path: Path) -> None:
    asked = order(tmp_path)
    arguments = [str(asked.path), "--type", "REPLACEMENT", "--supersedes", RECEIPT, "--reason", "KEYING"]
    told = CliRunner().invoke(command, arguments)
    assert (told.exit_code, "then wage_2026Q1.csv" in told.output) == (0, True)
    said = json.loads((tmp_path / "wage_2026Q1.csv.manifest.json").read_text())
    assert (said["supersedes"], said["reason"], len(said["submission_id"])) == (RECEIPT, "KEYING", 26)


def test_command_knows_every_type_and_reason() -> None:
    assert get_args(SubmissionType) == _TYPES
    assert get_args(Reason) == _REASONS
    assert set(REASONS) < set(_REASONS)
