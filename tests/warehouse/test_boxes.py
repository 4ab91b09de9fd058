"""Boxes are listed by name and kind of file only, in an order that time of arrival cannot change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.boxes import Listing, list_boxes
from warehouse.home import OPERATOR, Home, open_box
from warehouse.manifests import read_manifest

Drop = Callable[..., Path]


def codes(listing: Listing) -> dict[str, str]:
    return {misfit.file.name: misfit.refusal.code for misfit in listing.misfits}


def test_listing_is_empty_when_no_box_holds_a_drop(home: Home) -> None:
    open_box(home, "acme")
    assert list_boxes(home) == Listing((), ())


def test_drop_belongs_to_its_box_and_says_contract_and_period_by_name(home: Home, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"firm_id\nrival\n", manifest="{}")
    (found,) = list_boxes(home).drops
    assert (found.firm_id, found.contract, found.period) == ("acme", "wage", "2026Q1")
    assert [one.name for one in found.files] == ["wage_2026Q1.csv", "wage_2026Q1.csv.manifest.json"]


def test_order_is_contract_then_period_then_firm_whatever_came_first(home: Home, drop: Drop) -> None:
    names = ["wage_2026Q1.csv", "enrollment_2026Q2.csv", "enrollment_2026Q1.csv"]
    for firm in ("zeta", "acme"):
        for name in names:
            drop(home, firm, name)
    drop(home, OPERATOR, "program_2026Q1.csv")
    drop(home, OPERATOR, "firm_2026Q2.csv")
    found = [(d.contract, d.period, d.firm_id) for d in list_boxes(home).drops]
    assert found == [
        ("firm", "2026Q2", "operator"),
        ("program", "2026Q1", "operator"),
        ("enrollment", "2026Q1", "acme"),
        ("enrollment", "2026Q1", "zeta"),
        ("enrollment", "2026Q2", "acme"),
        ("enrollment", "2026Q2", "zeta"),
        ("wage", "2026Q1", "acme"),
        ("wage", "2026Q1", "zeta"),
    ]


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    "name",
    [
        "wage_2026Q1.csv.part",
        ".wage_2026Q1.csv",
        "wage_2026Q1.csv.manifest.json",
        "wage_2026Q1.csv.sha256",
        ".part",
    ],
)
def test_file_waits_unlisted_when_it_is_unfinished_hidden_or_a_lone_manifest(
    home: Home, drop: Drop, name: str
) -> None:
    drop(home, "acme", name)
    assert (list_boxes(home).drops, list_boxes(home).misfits) == ((), ())


@pytest.mark.fault("I47", "I48", "I49")
@pytest.mark.parametrize(
    "name",
    [
        "wages.csv",
        "wage_2026Q5.csv",
        "wage_2026Q0.csv",
        "wage_0000Q1.csv",
        "wage_2026q1.csv",
        "WAGE_2026Q1.csv",
        "wage_2026Q1.CSV",
        "wage_2026Q1.csv ",
        "wage_2026Q1.csv\n",
        "wage_2026Q1 (2).csv",
        "salary_2026Q1.csv",
        "wage_٢٠٢٦Q1.csv",
        "wage_2026Q1.xls",
        "wage_2026Q1.xlsm",
        "wage_[2]026Q1.csv",
        "*.csv",
        "x') UNION ALL SELECT content FROM read_text('hostname.csv",
        "wages.csv.sha256",
    ],
)
def test_name_is_a_misfit_when_it_is_not_understood(home: Home, drop: Drop, name: str) -> None:
    drop(home, "acme", name)
    listing = list_boxes(home)
    assert codes(listing) == {name: "FIL-001"}
    assert not listing.drops


@pytest.mark.fault("I42", "I44", "I46")
def test_thing_is_a_misfit_when_it_is_no_regular_file(home: Home, tmp_path: Path) -> None:
    inbox = open_box(home, "acme")
    (tmp_path / "secret").write_text("rows of another", encoding="utf-8")
    (inbox / "wage_2026Q1.csv").symlink_to(tmp_path / "secret")
    (inbox / "wage_2026Q2.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox / "wage_2026Q3.csv")
    (inbox / "wage_2026Q4.csv").mkdir()
    (inbox / "archive").mkdir()
    listing = list_boxes(home)
    assert set(codes(listing).values()) == {"FIL-035"}
    assert len(listing.misfits) == 5
    assert not listing.drops


def test_drop_is_a_misfit_when_its_manifest_is_a_link(home: Home, drop: Drop, tmp_path: Path) -> None:
    path = drop(home, "acme", "wage_2026Q1.csv")
    path.with_name("wage_2026Q1.csv.manifest.json").symlink_to(tmp_path / "elsewhere")
    listing = list_boxes(home)
    assert codes(listing) == {"wage_2026Q1.csv": "FIL-031"}
    assert len(listing.misfits[0].files) == 2


@pytest.mark.parametrize("box,name", [("acme", "firm_2026Q1.csv"), (OPERATOR, "wage_2026Q1.csv")])
def test_drop_is_a_misfit_when_its_box_does_not_send_that_extract(
    home: Home, drop: Drop, box: str, name: str
) -> None:
    drop(home, box, name)
    assert codes(list_boxes(home)) == {name: "FIL-036"}


@pytest.mark.fault("I42")
def test_box_is_passed_over_when_it_is_a_link_or_no_firms_name(home: Home, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv")
    (home.boxes / "rival").symlink_to(home.boxes / "acme")
    (home.boxes / "other" / "x").mkdir(parents=True)
    (home.boxes / "other" / "in").symlink_to(home.inbox("acme"))
    (home.boxes / ".tmp" / "in").mkdir(parents=True)
    (home.boxes / "README").write_text("", encoding="utf-8")
    assert [found.firm_id for found in list_boxes(home).drops] == ["acme"]


@pytest.mark.fault("I48")
def test_name_is_text_when_its_bytes_are_not(home: Home) -> None:
    raw = os.fsencode(open_box(home, "acme")) + b"/wage_\xff.csv"
    os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
    (misfit,) = list_boxes(home).misfits
    assert misfit.file_name == "wage_\\xff.csv"


ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        f'{{"submission_id": "{ULID}", "contract": "wage", "contract_version": "1.0.0", "period": "2026Q1"}}',
        f'{{"submission_type": "REPLACEMENT", "supersedes": "{ULID}", "as_of": "2026-04-30T12:00:00Z"}}',
        '{"submission_type": "REPLACEMENT", "supersedes": "sub-0123456789abcdef01234567"}',
        '{"row_count": 0, "nil_return": true, "preparer_role": "payroll", "attestation": "complete"}',
    ],
)
def test_manifest_is_read_when_it_is_well_formed(text: str) -> None:
    assert read_manifest(text.encode()) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe{}",
        b'{"firm_id": "rival"}',
        b'{"row_count": -1}',
        b'{"row_count": "3"}',
        b'{"sha256": "abc"}',
        b'{"submission_id": "../../x"}',
        b'{"submission_type": "REPLACEMENT"}',
        b'{"submission_type": "AMENDMENT"}',
        f'{{"supersedes": "{ULID}"}}'.encode(),
        b'{"as_of": "2026-04-30T12:00:00"}',
    ],
)
def test_manifest_is_unusable_when_it_is_not_well_formed(content: bytes) -> None:
    assert read_manifest(content) is None
