"""S04: a firm that asks for another's box, receipt or quarantine is denied, and the denial is on record.

Over SFTP by OpenSSH's own server (``make services``, as root), over S3 by the policy of the operator's guide.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.faults.conftest import Seen
from tests.services import AWS, BUCKET, Services, running

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "operating.md"
PLACES = ("in/wage_2026Q1.csv", "out/sub-1.receipt.json", "refused/7/wage_2026Q1.csv")
SECRET = b"another firm's row"


@pytest.fixture
def services() -> Services:
    found = running()
    if found is None or not found.are_locked:
        pytest.skip("no SFTP server that locks firms in: run `make services` as root")
    return found


def sftp(services: Services, key: str, port: str, commands: str) -> subprocess.CompletedProcess[str]:
    """Ask as a firm does, with its key and nothing else."""
    words = ["sftp", "-q", "-b", "-", "-i", str(services.key_of(key)), "-P", str(services.firm_ports[port])]
    words += ["-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={services.known_hosts}"]
    return subprocess.run(
        [*words, f"{services.user}@127.0.0.1"],
        input=commands,
        text=True,
        check=False,
        capture_output=True,
        timeout=60,
    )


@contextmanager
def heard(box: Path) -> Iterator[list[str]]:
    """What the server's SFTP part tells the system log from inside a firm's locked box."""
    path, said = box / "dev" / "log", list[str]()
    path.parent.mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        path.unlink(missing_ok=True)
        log.bind(str(path))
        listening = threading.Thread(target=_listen, args=(log, said))
        listening.start()
        yield said
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", str(path))
        listening.join()
    shutil.rmtree(path.parent)


def _listen(log: socket.socket, said: list[str]) -> None:
    while words := log.recv(4096).decode():
        said.append(words)


@pytest.fixture
def their_box(services: Services) -> Iterator[Path]:
    """The box of another firm, with something in each place."""
    box = services.folder / "F002"
    for place in PLACES:
        (box / place).parent.mkdir(parents=True, exist_ok=True)
        (box / place).write_bytes(SECRET)
    yield box
    for place in PLACES:
        (box / place).unlink()


@pytest.mark.services
@pytest.mark.xdist_group("box of F001")
@pytest.mark.fault("S04")
def test_firm_is_denied_and_recorded_when_it_asks_for_another_box_over_sftp(
    services: Services, their_box: Path, tmp_path: Path, seen: Seen
) -> None:
    mine, got, planted = services.folder / "F001", tmp_path / "got", tmp_path / "planted"
    (mine / "out" / "mine").write_bytes(b"own receipt")
    planted.write_bytes(b"planted")
    wanted = [f"{way}/{place}" for place in PLACES for way in ("../F002", str(their_box), "/boxes/F002")]
    asked = [f"-get {path} {got}" for path in wanted] + ["-ls ../F002/out", f"-ls {their_box}"]
    asked += [f"-put {planted} ../F002/in/planted", f"-rm ../F002/{PLACES[0]}", "-rename out ../F002/stolen"]
    with heard(mine) as told:
        done = sftp(services, "F001", "F001", "\n".join([*asked, f"get out/mine {got}"]) + "\n")
    (mine / "out" / "mine").unlink()
    assert (done.returncode, got.read_bytes()) == (0, b"own receipt"), done.stderr
    assert all((their_box / place).read_bytes() == SECRET for place in PLACES)
    assert not list(their_box.rglob("planted"))
    assert sum("sent status No such file" in words for words in told) >= len(asked), told
    seen(f"{len(asked)} asked over SFTP with its own key: none answered, each in the server's log")


@pytest.mark.services
@pytest.mark.xdist_group("box of F001")
@pytest.mark.fault("S04")
def test_firms_key_opens_no_other_login_and_the_try_is_recorded(services: Services) -> None:
    before = services.sftp_log.stat().st_size
    assert sftp(services, "F001", "F002", "ls\n").returncode == 255
    assert b"Failed publickey" in services.sftp_log.read_bytes()[before:]
    assert sftp(services, "F002", "F002", "ls\n").returncode == 0


@dataclass(frozen=True)
class Bucket:
    """A model of S3 that asks for rights: what its log says, and a client for each firm."""

    url: str
    log: Path
    keys: dict[str, tuple[str, str]]

    def client(self, firm: str) -> Any:
        name, secret = self.keys[firm]
        return boto3.client("s3", endpoint_url=self.url, aws_access_key_id=name, aws_secret_access_key=secret)


def policy_of(firm: str) -> str:
    """The policy the operator's guide gives, for one firm and the bucket of the tests."""
    (text,) = re.findall(r"```json\n(.*?s3:PutObject.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    said = json.loads(text.replace("our-bucket", BUCKET).replace("F001", firm))
    # The model knows no conditions; it would refuse everything for the sake of the one on listing.
    said["Statement"] = [one for one in said["Statement"] if "Condition" not in one]
    return json.dumps(said)


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, url = tmp_path / "moto.log", f"http://127.0.0.1:{port}"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("moto_server")), "-p", str(port)], stdout=said, stderr=said
        )
    try:
        _wait_for(port)
        keys = {firm: _enroll(url, firm) for firm in ("F001", "F002")}
        # From here on the model asks everybody for rights.
        strict = Request(f"{url}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
        urlopen(strict, timeout=60).close()
        yield Bucket(url, log, keys)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def _enroll(url: str, firm: str) -> tuple[str, str]:
    """A credential that may do what the guide says, and the firm's box with something in each place."""
    s3, iam = (boto3.client(name, endpoint_url=url) for name in ("s3", "iam"))
    s3.create_bucket(Bucket=BUCKET)
    for place in PLACES:
        s3.put_object(Bucket=BUCKET, Key=f"boxes/{firm}/{place}", Body=SECRET)
    iam.create_user(UserName=firm)
    iam.put_user_policy(UserName=firm, PolicyName="box", PolicyDocument=policy_of(firm))
    key = iam.create_access_key(UserName=firm)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.mark.fault("S04")
def test_firm_is_denied_and_recorded_when_it_asks_for_another_prefix_in_s3(
    bucket: Bucket, seen: Seen
) -> None:
    firm, before = bucket.client("F001"), bucket.log.stat().st_size
    asked = [(firm.get_object, {"Key": f"boxes/F002/{place}"}) for place in PLACES]
    asked += [(firm.put_object, {"Key": f"boxes/F002/{place}", "Body": b"planted"}) for place in PLACES]
    asked += [(firm.delete_object, {"Key": f"boxes/F002/{place}"}) for place in PLACES]
    asked += [(firm.get_object, {"Key": "boxes/F001/../F002/in/wage_2026Q1.csv"})]
    for ask, what in asked:
        with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
            ask(Bucket=BUCKET, **what)
    assert bucket.log.read_bytes()[before:].count(b" 403 ") == len(asked)
    seen(f"{len(asked)} asked of S3 with its own credential: none answered, each in the store's log")


@pytest.mark.fault("S04")
def test_firm_reaches_its_own_box_in_s3_and_no_more_of_it_than_it_needs(bucket: Bucket) -> None:
    firm = bucket.client("F001")
    firm.put_object(Bucket=BUCKET, Key="boxes/F001/in/wage_2026Q2.csv", Body=b"rows")
    assert firm.get_object(Bucket=BUCKET, Key=f"boxes/F001/{PLACES[1]}")["Body"].read() == SECRET
    for ask, what in ((firm.put_object, {"Body": b"forged"}), (firm.delete_object, {})):
        with pytest.raises(ClientError):
            ask(Bucket=BUCKET, Key=f"boxes/F001/{PLACES[1]}", **what)
