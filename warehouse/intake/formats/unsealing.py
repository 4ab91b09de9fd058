"""Files that a firm encrypted for the consortium, opened with the home's sealing key.

age says nothing of the sender: the box does. One layer is opened, so that what is inside is judged as it is.
"""

from __future__ import annotations

import pyrage

from warehouse.home import Home
from warehouse.intake.findings import FileFinding
from warehouse.keys import read_home_key


class SealedShutError(Exception):
    """The file cannot be opened; ``finding`` says so to the firm."""

    def __init__(self, finding: FileFinding) -> None:
        self.finding = finding
        super().__init__(finding.code)


class Opener:
    """Opens sealed files of one home. The key is read when the first one comes."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._key: pyrage.x25519.Identity | None = None

    def open(self, data: bytes) -> bytes:
        """What was sealed; SealedShutError FIL-064 when this home's key does not open it.

        VaultError VLT-001 when the home's key file holds none.
        """
        if not self._home.sealing_key_path.is_file():
            raise SealedShutError(_shut("this consortium has no key for sealed files", "send it unsealed"))
        if self._key is None:
            self._key = read_home_key(self._home.sealing_key_path)
        try:
            content: bytes = pyrage.decrypt(data, [self._key])
        except pyrage.DecryptError:
            # age tells a wrong recipient from a damaged file, but not to somebody who may be guessing.
            message = "the file is not sealed for this consortium's key, or it is damaged"
            hint = "seal it again with --encrypt-for and the key in sealing.pub, beside your receipts"
            raise SealedShutError(_shut(message, hint)) from None
        return content


def _shut(message: str, hint: str) -> FileFinding:
    return FileFinding("FIL-064", message, hint)
