"""Private pages go into the right box, once, and are recorded by hash only."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from contracts.errors import ScorecardError
from warehouse.boxes import Boxes, BoxUnreachable, open_boxes
from warehouse.config import HomeSettings
from warehouse.delivering import delivered_firms, put_into_box, put_into_folder
from warehouse.home import Home, init_home, open_box
from warehouse.ledger import DELIVERED, Ledger

FILES = {"scorecard.html": b"<p>88 %</p>", "scorecard.xlsx": b"PK"}
RELEASE = "2026-Q3/v1.0"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = init_home(tmp_path / "home", HomeSettings("Valley", "Two counties"))
    for firm in ("F001", "F002"):
        open_box(made, firm)
    return made


def test_files_lie_in_their_firms_box_and_the_ledger_names_their_hashes(home: Home) -> None:
    with Ledger.open(home) as ledger, open_boxes(home) as boxes:
        put_into_box(boxes, ledger, "F001", RELEASE, FILES)
        assert delivered_firms(ledger, RELEASE) == {"F001"}
        assert delivered_firms(ledger, "2026-Q4/v1.0") == frozenset()
        (entry,) = ledger.entries(DELIVERED)
        ledger.verify()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    assert entry.body == {"firm_id": "F001", "release": RELEASE, "files": hashes}
    assert {path.name: path.read_bytes() for path in home.outbox("F001").iterdir()} == FILES
    assert not list(home.outbox("F002").iterdir())


class _Silent:
    """A box whose store no longer answers after the first file."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def put(self, name: str, content: bytes) -> None:
        if self.taken:
            raise BoxUnreachable("no answer")
        self.taken.append(name)


def test_box_that_stops_answering_is_recorded_by_nothing_and_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(home) as ledger, open_boxes(home) as boxes:
        monkeypatch.setattr(Boxes, "of", lambda _self, _firm: _Silent())
        with pytest.raises(ScorecardError, match="SCO-005"):
            put_into_box(boxes, ledger, "F001", RELEASE, FILES)
        assert delivered_firms(ledger, RELEASE) == frozenset()


def test_folder_holds_the_files_of_a_firm_or_none_of_them(tmp_path: Path) -> None:
    out = tmp_path / "cards"
    put_into_folder(out, "F001", FILES | {"old.html": b"1"})
    put_into_folder(out, "F001", FILES)
    assert {path.name for path in (out / "F001").iterdir()} == set(FILES)
    spoiled = {"scorecard.html": b"2", "no/such/folder.html": b"3"}
    with pytest.raises(OSError, match=r"folder\.html"):
        put_into_folder(out, "F001", spoiled)
    assert {path.name: path.read_bytes() for path in (out / "F001").iterdir()} == FILES
