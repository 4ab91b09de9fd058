"""The same journey on every store: a folder, OpenSSH's SFTP server, and S3 (moto)."""

from __future__ import annotations

import hashlib
import json
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.services import AWS, BUCKET, Services, running
from warehouse.boxes import list_boxes, open_boxes
from warehouse.config import BoxPlace, BoxPlaces
from warehouse.home import Home
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import Ledger
from warehouse.outbox import restore

SERVICES = running()
NEEDS_SERVICES = [
    pytest.mark.services,
    pytest.mark.skipif(SERVICES is None, reason="no SFTP and S3 servers: run `make services`"),
]
WAGE = "wage_2026Q1.csv"


class Firms(ABC):
    """What firms see of their boxes, whatever store they lie on."""

    places: BoxPlaces

    @abstractmethod
    def drop(self, firm: str, name: str, content: bytes) -> None: ...

    @abstractmethod
    def files(self, firm: str) -> dict[str, bytes]:
        """By the path below the box."""


class FolderFirms(Firms):
    """Boxes whose folders can be seen from here."""

    def __init__(self, folder: Path, places: BoxPlaces) -> None:
        self.folder, self.places = folder, places

    def drop(self, firm: str, name: str, content: bytes) -> None:
        path = self.folder / firm / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def files(self, firm: str) -> dict[str, bytes]:
        box = self.folder / firm
        return {str(path.relative_to(box)): path.read_bytes() for path in box.rglob("*") if path.is_file()}


class S3Firms(Firms):
    """Boxes under prefixes of a bucket."""

    def __init__(self, prefix: str, places: BoxPlaces) -> None:
        import s3fs

        self.prefix, self.places = prefix, places
        self.s3 = s3fs.S3FileSystem(endpoint_url=places.endpoint_url, use_listings_cache=False)
        self.s3.makedirs(BUCKET, exist_ok=True)

    def drop(self, firm: str, name: str, content: bytes) -> None:
        self.s3.pipe_file(f"{self.prefix}/{firm}/in/{name}", content)

    def files(self, firm: str) -> dict[str, bytes]:
        found = self.s3.find(f"{self.prefix}/{firm}")
        return {path.removeprefix(f"{self.prefix}/{firm}/"): self.s3.cat_file(path) for path in found}


def sftp_places(services: Services, folder: Path, **more: Any) -> BoxPlaces:
    url = f"sftp://{services.user}@127.0.0.1:{services.sftp_port}{folder}"
    files = {"key_file": str(services.key_of("house")), "known_hosts": str(services.known_hosts)}
    return BoxPlaces(url=url, **(files | more))


def firms_on(store: str, scratch: Path) -> Firms:
    if store == "folder":
        return FolderFirms(scratch, BoxPlaces(url=str(scratch)))
    assert SERVICES is not None
    if store == "sftp":
        return FolderFirms(scratch, sftp_places(SERVICES, scratch))
    prefix = f"{BUCKET}/{scratch.name}-{hashlib.sha256(str(scratch).encode()).hexdigest()[:8]}"
    return S3Firms(prefix, BoxPlaces(url=f"s3://{prefix}", endpoint_url=SERVICES.s3_url))


@pytest.fixture(
    params=["folder", pytest.param("sftp", marks=NEEDS_SERVICES), pytest.param("s3", marks=NEEDS_SERVICES)]
)
def firms(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Firms:
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "boxes").mkdir()
    return firms_on(str(request.param), tmp_path / "boxes")


def with_boxes(home: Home, places: BoxPlaces) -> Home:
    return Home(home.root, home.config.model_copy(update={"boxes": places}))


@pytest.fixture
def hall(home: Home, firms: Firms) -> Home:
    return with_boxes(home, firms.places)


def receipts(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(content) for path, content in files.items() if path.endswith(".receipt.json")]


def test_drop_is_landed_and_taken_out_of_its_box(hall: Home, firms: Firms, ledger: Ledger) -> None:
    content = b"rows\n" * 700_000
    for firm in ("F001", "F002"):
        firms.drop(firm, WAGE, firm.encode())
    firms.drop("F001", "enrollment_2026Q1.csv", content[:1_000_000])
    assert land_pending(hall, ledger) == LandingReport(received=3)
    bodies = [entry.body for entry in ledger.entries()]
    assert [(body["firm_id"], body["contract"]) for body in bodies] == [
        ("F001", "enrollment"),
        ("F001", "wage"),
        ("F002", "wage"),
    ]
    assert bodies[0]["sha256"] == hashlib.sha256(content[:1_000_000]).hexdigest()
    assert not firms.files("F001")
    assert land_pending(hall, ledger) == LandingReport()


@pytest.mark.parametrize("beside", ["manifest.json", "sha256"])
def test_hash_beside_a_file_is_believed_and_taken_with_it(
    hall: Home, firms: Firms, ledger: Ledger, beside: str
) -> None:
    said = hashlib.sha256(b"rows").hexdigest()
    claim = json.dumps({"sha256": said}) if beside == "manifest.json" else f"{said}  {WAGE}\n"
    firms.drop("F001", WAGE, b"rows")
    firms.drop("F001", f"{WAGE}.{beside}", claim.encode())
    assert land_pending(hall, ledger) == LandingReport(received=1)
    assert not firms.files("F001")


def test_refused_drop_is_set_aside_with_a_receipt_in_the_box_it_came_from(
    hall: Home, firms: Firms, ledger: Ledger
) -> None:
    firms.drop("F001", "wages.csv", b"one")
    firms.drop("F002", WAGE, b"rows")
    assert land_pending(hall, ledger) == LandingReport(received=1, refused=1)
    files = firms.files("F001")
    assert files["refused/2/wages.csv"] == b"one"
    assert [one["code"] for one in receipts(files)] == ["FIL-001"]
    assert not receipts(firms.files("F002"))


def test_lost_receipt_comes_again_byte_for_byte(hall: Home, firms: Firms, ledger: Ledger) -> None:
    firms.drop("F001", "wages.csv", b"one")
    land_pending(hall, ledger)
    before = firms.files("F001")
    (receipt,) = (path for path in before if path.endswith(".receipt.json"))
    with open_boxes(hall) as boxes:
        names = {Path(path).name for path in before if path.startswith("out/")}
        assert boxes.of("F001").receipts() == names
        assert names == {"ledger.pub", "sealing.pub", "refused-1.receipt.html", "refused-1.receipt.json"}
    assert restore(hall, ledger) == 0
    if isinstance(firms, S3Firms):
        firms.s3.rm_file(f"{firms.prefix}/F001/{receipt}")
    elif isinstance(firms, FolderFirms):
        (firms.folder / "F001" / receipt).unlink()
    assert restore(hall, ledger) == 1
    assert firms.files("F001") == before


def test_unfinished_uploads_are_left_alone(hall: Home, firms: Firms, ledger: Ledger) -> None:
    firms.drop("F001", f"{WAGE}.part", b"half")
    assert land_pending(hall, ledger) == LandingReport(waiting=1)
    assert firms.files("F001") == {f"in/{WAGE}.part": b"half"}


def test_newer_object_stays_when_it_came_after_the_copy(hall: Home, firms: Firms, ledger: Ledger) -> None:
    firms.drop("F001", WAGE, b"first")

    def drop_again(point: str) -> None:
        if point == "recorded":
            firms.drop("F001", WAGE, b"second, longer")

    land_pending(hall, ledger, at=drop_again)
    assert firms.files("F001") == {f"in/{WAGE}": b"second, longer"}


def test_name_with_signs_of_a_pattern_is_a_name_only(hall: Home, firms: Firms, ledger: Ledger) -> None:
    firms.drop("F001", "wage_2026Q[1].csv", b"one")
    firms.drop("F001", "*.csv", b"two")
    firms.drop("F001", WAGE, b"rows")
    assert land_pending(hall, ledger) == LandingReport(received=1, refused=2)
    kept = sorted(content for path, content in firms.files("F001").items() if path.startswith("refused/"))
    assert kept == [b"one", b"two"]


@pytest.fixture
def services() -> Services:
    if SERVICES is None:
        pytest.skip("no SFTP and S3 servers: run `make services`")
    return SERVICES


@pytest.mark.services
@pytest.mark.parametrize("pinned", ["another key", "no key"])
def test_server_is_not_spoken_to_when_its_key_is_not_the_pinned_one(
    home: Home, services: Services, tmp_path: Path, pinned: str
) -> None:
    hosts = tmp_path / "known_hosts"
    other = services.key_of("F001").with_suffix(".pub").read_text()
    hosts.write_text(f"[127.0.0.1]:{services.sftp_port} {other}" if pinned == "another key" else "")
    place = with_boxes(home, sftp_places(services, tmp_path, known_hosts=str(hosts)))
    listing = list_boxes(place)
    (missing,) = listing.unreachable
    assert missing.firm_id is None
    assert ("BadHostKey" if pinned == "another key" else "UnknownHostKey") in missing.reason
    assert hosts.read_text().count("127.0.0.1") == (pinned == "another key")


@pytest.mark.services
def test_one_firms_server_out_of_reach_holds_up_no_other(
    home: Home, services: Services, tmp_path: Path, ledger: Ledger
) -> None:
    stranger = tmp_path / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True)
    firms = FolderFirms(tmp_path / "boxes", BoxPlaces(url=str(tmp_path / "boxes")))
    firms.drop("F001", WAGE, b"rows")
    theirs = sftp_places(services, tmp_path / "boxes" / "F002", key_file=str(stranger))
    own = BoxPlace(**theirs.model_dump(include=set(BoxPlace.model_fields)))
    place = with_boxes(home, firms.places.model_copy(update={"firm": {"F002": own}}))
    assert land_pending(place, ledger) == LandingReport(received=1, unreachable=1)
    assert "AuthenticationException" in list_boxes(place).unreachable[0].reason


@pytest.mark.services
def test_box_is_the_credentials_when_every_firm_has_one(
    home: Home, services: Services, tmp_path: Path, ledger: Ledger
) -> None:
    """``{firm}`` in the address: two firms, two places, and neither can name itself."""
    folder = tmp_path / "boxes"
    places = sftp_places(services, folder)
    places = places.model_copy(update={"url": f"{places.url}/{{firm}}", "firms": ("F001", "F002")})
    firms = FolderFirms(folder, places)
    for firm in places.firms:
        firms.drop(firm, WAGE, firm.encode())
    assert land_pending(with_boxes(home, places), ledger) == LandingReport(received=2)
    assert {entry.body["firm_id"]: entry.body["sha256"] for entry in ledger.entries()} == {
        firm: hashlib.sha256(firm.encode()).hexdigest() for firm in places.firms
    }


@pytest.mark.services
def test_firm_drops_with_its_own_key_through_openssh(
    home: Home, services: Services, tmp_path: Path, ledger: Ledger
) -> None:
    (tmp_path / WAGE).write_bytes(b"rows")
    batch = f"put {tmp_path / WAGE} in/{WAGE}.part\nrename in/{WAGE}.part in/{WAGE}\n"
    command = ["sftp", "-b", "-", "-i", str(services.key_of("F001")), "-P", str(services.firm_ports["F001"])]
    command += ["-o", f"UserKnownHostsFile={services.known_hosts}", "-o", "StrictHostKeyChecking=yes"]
    subprocess.run(
        [*command, f"{services.user}@127.0.0.1"], input=batch, text=True, check=True, capture_output=True
    )
    place = with_boxes(home, sftp_places(services, services.folder))
    assert land_pending(place, ledger) == LandingReport(received=1)
    assert [entry.body["firm_id"] for entry in ledger.entries()] == ["F001"]
    assert not list((services.folder / "F001" / "in").iterdir())
