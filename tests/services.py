"""The servers that boxes may lie on, on this machine: OpenSSH's own SFTP server and a model of S3 (moto).

For the tests marked ``services``, and for trying boxes out by hand; never for real data: all logins are you.
A firm has a port of its own, on which nothing but its own key is taken, as it would have a login of its own;
started by root, the server also locks it into its box (docs/guides/operating.md). Everything they need and
write lies in ``.services``.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

STATE = Path(__file__).parent.parent / ".services"
FIRMS = ("F001", "F002")
BUCKET = "guildhall-boxes"
# What a model of S3 takes for credentials; any words do.
AWS = {
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_START_SECONDS = 60
_SSHD = """\
ListenAddress 127.0.0.1
{ports}
HostKey {state}/host
AuthorizedKeysFile {state}/keys/house.pub
PidFile {state}/sshd.pid
LogLevel VERBOSE
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
AllowTcpForwarding no
X11Forwarding no
PermitTTY no
ForceCommand internal-sftp -P symlink,hardlink
Subsystem sftp internal-sftp
"""
_SSHD_FIRM = """\
Match LocalPort {port}
    AuthorizedKeysFile {state}/keys/{firm}.pub
    {lock}
"""
_LOCKED = "ChrootDirectory {box}\n    ForceCommand internal-sftp -l INFO -P symlink,hardlink"
_UNLOCKED = "ForceCommand internal-sftp -P symlink,hardlink -d {box}"


class ServicesError(Exception):
    """A server cannot be started here; says what is missing."""


@dataclass(frozen=True)
class Services:
    """Two servers that run: where, and what one needs to get in."""

    user: str
    sftp_port: int
    firm_ports: Mapping[str, int]
    are_locked: bool
    s3_url: str
    pids: tuple[int, ...]

    @property
    def folder(self) -> Path:
        """What the SFTP server shows: one box a firm."""
        return STATE / "boxes"

    @property
    def known_hosts(self) -> Path:
        """The server's host key, pinned."""
        return STATE / "known_hosts"

    @property
    def sftp_log(self) -> Path:
        """What the SFTP server says of every login, taken and refused."""
        return STATE / "sshd.log"

    def key_of(self, who: str) -> Path:
        """The private key of a firm, or of the ``house``."""
        return STATE / "keys" / who

    @property
    def sftp_url(self) -> str:
        """Where the boxes lie on the SFTP server."""
        return f"sftp://{self.user}@127.0.0.1:{self.sftp_port}{self.folder}"


def running() -> Services | None:
    """The servers that were started and still run; None when they do not."""
    if not (STATE / "services.json").is_file():
        return None
    said = json.loads((STATE / "services.json").read_text())
    services = Services(**{**said, "pids": tuple(said["pids"])})
    return services if all(_is_alive(pid) for pid in services.pids) else None


def start() -> Services:
    """Start both; what runs already is left alone."""
    already = running()
    if already is not None:
        return already
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(mode=0o700)
    sftp_port, s3_port, *others = (_free_port() for _ in range(2 + len(FIRMS)))
    firm_ports = dict(zip(FIRMS, others, strict=True))
    pids = (_start_sshd(sftp_port, firm_ports), _start_moto(s3_port))
    for port in (sftp_port, *others, s3_port):
        _wait_for(port)
    s3_url = f"http://127.0.0.1:{s3_port}"
    services = Services(getpass.getuser(), sftp_port, firm_ports, _can_lock(), s3_url, pids)
    (STATE / "services.json").write_text(json.dumps(asdict(services)))
    return services


def stop() -> None:
    """End both, if they are ours and run, and remove what they wrote."""
    services = running()
    for pid in services.pids if services else ():
        os.kill(pid, signal.SIGTERM)
    shutil.rmtree(STATE, ignore_errors=True)


def _start_sshd(port: int, firm_ports: Mapping[str, int]) -> int:
    """As whoever calls, in the foreground of a session of its own, so that the pid stays the same."""
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise ServicesError("no sshd: install Debian's package openssh-server")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    (STATE / "keys").mkdir()
    for name in ("host", *(f"keys/{who}" for who in ("house", *FIRMS))):
        _make_key(STATE / name)
    host, ports = (STATE / "host.pub").read_text(), (port, *firm_ports.values())
    (STATE / "known_hosts").write_text("".join(f"[127.0.0.1]:{one} {host}" for one in ports))
    (STATE / "sshd_config").write_text(_settings(ports, firm_ports))
    return _spawn([program, "-D", "-e", "-f", str(STATE / "sshd_config")], "sshd.log", {})


def _settings(ports: Iterable[int], firm_ports: Mapping[str, int]) -> str:
    """The house sees every box; on a firm's port its own key opens its own box."""
    parts = [_SSHD.format(state=STATE, ports="\n".join(f"Port {port}" for port in ports))]
    for firm, port in firm_ports.items():
        box = STATE / "boxes" / firm
        for part in ("in", "out"):
            (box / part).mkdir(parents=True)
        lock = (_LOCKED if _can_lock() else _UNLOCKED).format(box=box)
        parts.append(_SSHD_FIRM.format(port=port, state=STATE, firm=firm, lock=lock))
    return "".join(parts)


def _can_lock() -> bool:
    """OpenSSH locks nobody into a folder unless it is root and nobody else may write anywhere above."""
    above = [STATE.parent, *STATE.parent.parents]
    return os.geteuid() == 0 and all(
        path.stat().st_uid == 0 and not path.stat().st_mode & 0o022 for path in above
    )


def _start_moto(port: int) -> int:
    program = Path(sys.executable).with_name("moto_server")
    return _spawn([str(program), "-H", "127.0.0.1", "-p", str(port)], "moto.log", AWS)


def _make_key(path: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)], check=True
    )


def _spawn(command: list[str], log: str, more: Mapping[str, str]) -> int:
    with (STATE / log).open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env={**os.environ, **more},
        )
    return process.pid


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(_START_SECONDS * 10):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise ServicesError(f"nothing answers on port {port}: see the logs in {STATE}")


def _is_alive(pid: int) -> bool:
    """Whether the process runs and is one of ours: a number may be used again."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"sshd" in command or b"moto_server" in command


_HOW_TO = """\
SFTP and S3 run on this machine until `make services-stop`. For consortium.toml:

[boxes]                            # on SFTP
url = "{sftp_url}"
key_file = "{house}"
known_hosts = "{known_hosts}"

[boxes]                            # on S3, with {aws} in the environment
url = "s3://{bucket}/boxes"
endpoint_url = "{s3_url}"
firms = ["F001", "F002"]

To drop a file as firm F001, whose key opens its own box {only}:
  sftp -i {firm_key} -o UserKnownHostsFile={known_hosts} -P {port} {user}@127.0.0.1
"""


def _tell(services: Services) -> str:
    return _HOW_TO.format(
        sftp_url=services.sftp_url,
        house=services.key_of("house"),
        known_hosts=services.known_hosts,
        firm_key=services.key_of("F001"),
        aws=" ".join(f"{name}={value}" for name, value in AWS.items()),
        bucket=BUCKET,
        s3_url=services.s3_url,
        port=services.firm_ports["F001"],
        user=services.user,
        only="and no other" if services.are_locked else "(not locked in: the server is not root's)",
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        stop()
    else:
        try:
            sys.stdout.write(_tell(start()))
        except ServicesError as error:
            sys.exit(str(error))
