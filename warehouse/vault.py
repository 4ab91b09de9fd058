"""The landing zone at rest: every file encrypted with age under the key of its firm and period (its shelf).

A data key is wrapped by the home's key and lies apart from what it opens: destroying it erases the shelf,
also where copies of the shelf survive. Paths are made of hash digits only, so no firm's file name ever
reaches an engine, a glob or a partition. Whether something should be erased is decided in ``erasure``.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyrage

from contracts.errors import VaultError
from warehouse.blobs import Copy
from warehouse.disk import sync, sync_all
from warehouse.home import Home
from warehouse.keys import read_home_key, write_keys


@dataclass(frozen=True)
class Shelved:
    """A copied file, and the box and period it came for."""

    firm_id: str
    period: str
    copy: Copy


class Vault:
    """What has landed in one home, with the data keys that were opened so far."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._home_key = read_home_key(home.landing_key_path)
        self._keys: dict[Path, pyrage.x25519.Identity] = {}

    def keep(self, items: Iterable[Shelved]) -> None:
        """Encrypt copies onto their shelves: keys reach the disk first, then contents, then names.

        The same bytes on the same shelf are one file. The plain copies are gone afterwards. Each of the three
        is forced to disk for all items together: one by one, a deadline day would mostly wait for the disk.
        """
        chosen = list(items)
        self._make_keys({(one.firm_id, one.period) for one in chosen})
        for one in chosen:
            self._seal(one)
        sync_all(_sealed(one.copy) for one in chosen)
        shelves = {self._home.shelf(one.firm_id, one.period) for one in chosen}
        for shelf in shelves:
            shelf.mkdir(exist_ok=True)
        for one in chosen:
            with suppress(FileExistsError):
                os.link(_sealed(one.copy), self._home.blob(one.firm_id, one.period, one.copy.sha256))
            _sealed(one.copy).unlink()
        sync_all(shelves)
        sync_all([self._home.landing / "sha256"] if shelves else [])

    def read(self, firm_id: str, period: str, sha256: str) -> bytes:
        """The bytes as they were sent.

        VaultError VLT-002 when they are not there or not the ones the hash names, VLT-003 when their key is
        gone.
        """
        path = self._home.blob(firm_id, period, sha256)
        content = _opened(path, self._key(firm_id, period))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _damaged(path)
        return content

    def key_name(self, firm_id: str, period: str) -> str:
        """The public half of a shelf's key: names the key without giving it away."""
        return str(self._key(firm_id, period).to_public())

    def destroy_key(self, firm_id: str, period: str, name: str) -> None:
        """Overwrite and remove the shelf's key if it is the one of this name; a later key stays."""
        path = self._home.data_key_path(firm_id, period)
        condemned = path.with_suffix(".destroyed")
        if path.is_file() and self.key_name(firm_id, period) == name:
            # Renamed first: a run killed while overwriting leaves no half of a key under the key's name.
            path.rename(condemned)
            del self._keys[path]
        if condemned.is_file():
            _overwrite(condemned)
            condemned.unlink()
            sync(condemned.parent)

    def _seal(self, one: Shelved) -> None:
        """Write the encrypted file beside the plain one, and let go of the plain one."""
        recipient = self._key(one.firm_id, one.period).to_public()
        handle = os.open(_sealed(one.copy), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
        with one.copy.beside.open("rb") as plain, os.fdopen(handle, "wb") as target:
            pyrage.encrypt_io(plain, target, [recipient])
        one.copy.beside.unlink()

    def _make_keys(self, shelves: Iterable[tuple[str, str]]) -> None:
        """The keys that shelves lack, on disk before anything is encrypted with them."""
        paths = (self._home.data_key_path(*shelf) for shelf in shelves)
        missing = [path for path in paths if path not in self._keys and not path.exists()]
        for folder in {path.parent for path in missing}:
            folder.mkdir(exist_ok=True)
        write_keys({path: self._new_key() for path in sorted(missing)}, 0o400)

    def _new_key(self) -> bytes:
        made = str(pyrage.x25519.Identity.generate()).encode()
        wrapped: bytes = pyrage.encrypt(made, [self._home_key.to_public()])
        return wrapped

    def _key(self, firm_id: str, period: str) -> pyrage.x25519.Identity:
        path = self._home.data_key_path(firm_id, period)
        if path not in self._keys:
            self._keys[path] = self._unwrap(path)
        return self._keys[path]

    def _unwrap(self, path: Path) -> pyrage.x25519.Identity:
        try:
            text = pyrage.decrypt(path.read_bytes(), [self._home_key]).decode("ascii")
            return pyrage.x25519.Identity.from_str(text)
        except FileNotFoundError:
            raise _no_key(path) from None
        except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
            raise _no_key(path, "a data key that this home's landing.key does not open") from None


def _opened(path: Path, key: pyrage.x25519.Identity) -> bytes:
    """What a file holds, decrypted piece by piece: sealed bytes never lie in memory beside plain ones."""
    plain = io.BytesIO()
    try:
        with path.open("rb") as sealed:
            pyrage.decrypt_io(sealed, plain, [key])
    except (FileNotFoundError, pyrage.DecryptError):
        raise _damaged(path) from None
    except OSError as error:
        # A piece that does not open is an OSError without a number; a disk that fails has one.
        if error.errno is not None:
            raise
        raise _damaged(path) from None
    return plain.getvalue()


def _sealed(copy: Copy) -> Path:
    return copy.beside.with_name(f"{copy.beside.name}.age")


def _overwrite(path: Path) -> None:
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def plain_folder(home: Home) -> Iterator[Path]:
    """A folder for decrypted copies that an engine must read by name; gone, with all in it, afterwards.

    What a killed run left behind is thrown away first; a folder somebody still works in is locked and stays.
    """
    folder, handle = _own_folder(home.landing / ".plain")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _own_folder(above: Path) -> tuple[Path, int]:
    """A new folder and the lock on it; the folder above is locked meanwhile, so that nobody clears it."""
    above.mkdir(mode=0o700, exist_ok=True)
    gate = os.open(above, os.O_RDONLY)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _clear_abandoned(above)
        folder = Path(tempfile.mkdtemp(dir=above))
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        return folder, handle
    finally:
        os.close(gate)


def _clear_abandoned(above: Path) -> None:
    for folder in above.iterdir():
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            except BlockingIOError:
                continue
            finally:
                os.close(handle)


def write_plain(folder: Path, sha256: str, content: bytes) -> Path:
    """Put decrypted bytes into a plain folder under their hash, readable by the owner only."""
    path = folder / sha256
    with (
        suppress(FileExistsError),
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        file.write(content)
    return path


def _damaged(path: Path) -> VaultError:
    return VaultError(
        "VLT-002",
        found="no file, or one that does not give the bytes it is named after",
        expected="the bytes that landed under this hash",
        where=str(path),
        remedy="Restore the landing folder from a backup; `guildhall verify` names what is missing.",
    )


def _no_key(path: Path, found: str = "no data key: it was destroyed by an erasure, or lost") -> VaultError:
    return VaultError(
        "VLT-003",
        found=found,
        expected="the key of this box and period",
        where=str(path),
        remedy="Restore the keys folder, unless the ledger holds an ERASED entry for it.",
    )
