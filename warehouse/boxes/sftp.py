"""Boxes on an SFTP server: only a server whose key is pinned is spoken to, with a key file and no password.

Links are told from files and never opened. What a box does belongs to ``remote``.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from warehouse.boxes.line import Store

TIMEOUT_SECONDS = 20.0
_REQUESTS_AHEAD = 64
_CUTS = (ConnectionError, TimeoutError, EOFError, paramiko.SSHException)


class UnknownHostKey(paramiko.SSHException):
    """The server shows a key that is not pinned."""


@dataclass(frozen=True)
class SftpAddress:
    """Where a server is and who the house is there; the files hold the secrets, this only their paths."""

    host: str
    port: int
    user: str
    key_file: Path
    known_hosts: Path


def sftp_store(address: SftpAddress) -> Store:
    """The store behind an address."""
    return Store(
        place=f"sftp://{address.user}@{address.host}:{address.port}",
        connect=lambda: _PinnedFiles(address),
        failures=(OSError, EOFError, paramiko.SSHException),
        cuts=_CUTS,
        refusals=(UnknownHostKey, paramiko.BadHostKeyException, paramiko.AuthenticationException),
        disconnect=lambda files: files.client.close(),
    )


class _Refuse(paramiko.RejectPolicy):
    """Never adds a key: a server nobody vouched for is not spoken to."""

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> NoReturn:
        raise UnknownHostKey(f"the key of {hostname} is not pinned")


class _PinnedFiles(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's SFTP, which would take any host key and follow links, without both."""

    cachable = False

    def __init__(self, address: SftpAddress) -> None:
        self._address = address
        super().__init__(address.host, host_key_policy=_Refuse())

    def _connect(self) -> None:
        address = self._address
        self.client = paramiko.SSHClient()
        self.client.load_host_keys(str(address.known_hosts))
        self.client.set_missing_host_key_policy(self.host_key_policy)
        self.client.connect(
            address.host,
            address.port,
            address.user,
            key_filename=str(address.key_file),
            allow_agent=False,
            look_for_keys=False,
            timeout=TIMEOUT_SECONDS,
            banner_timeout=TIMEOUT_SECONDS,
            auth_timeout=TIMEOUT_SECONDS,
            channel_timeout=TIMEOUT_SECONDS,
        )
        self.ftp = self.client.open_sftp()
        channel = self.ftp.get_channel()
        if channel is not None:
            channel.settimeout(TIMEOUT_SECONDS)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        """Paths come from this house and are no URLs: nothing in a name is taken apart."""
        return path

    @staticmethod
    def _decode_stat(status: Any, parent_path: str | None = None) -> dict[str, Any]:
        told: dict[str, Any] = SFTPFileSystem._decode_stat(status, parent_path)
        if told["type"] == "file" and not stat.S_ISREG(status.st_mode):
            told["type"] = "other"
        return told

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {**self._decode_stat(self.ftp.lstat(path)), "name": path}

    def rm_file(self, path: str) -> None:
        self.ftp.remove(path)

    def _open(self, path: str, mode: str = "rb", block_size: int | None = None, **_: Any) -> Any:
        file = self.ftp.open(path, mode)
        if mode == "rb":
            # Ask for what follows before it is read: else every 32 kB cost a journey there and back.
            file.prefetch(max_concurrent_requests=_REQUESTS_AHEAD)
        else:
            file.set_pipelined(True)
        return file
