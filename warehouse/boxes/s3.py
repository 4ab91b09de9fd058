"""Boxes under prefixes of an S3 bucket: an object is whole or not there, and its ETag says which bytes it is.

Credentials come from the standard AWS chain (environment, profile, role), never from the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import s3fs
from botocore.exceptions import (
    BotoCoreError,
    HTTPClientError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import (
    ConnectionError as NoConnection,
)

from warehouse.boxes.box import REFUSED, Found, Unstable
from warehouse.boxes.line import Store
from warehouse.boxes.remote import Info, RemoteBox

TIMEOUT_SECONDS = 20
_BLOCK_BYTES = 8 << 20


@dataclass(frozen=True)
class S3Address:
    """Which service and which credential profile; None means AWS itself and its default chain."""

    endpoint_url: str | None = None
    profile: str | None = None


def s3_store(address: S3Address) -> Store:
    """The store behind an address."""
    return Store(
        place=address.endpoint_url or "s3",
        connect=lambda: _connect(address),
        failures=(OSError, BotoCoreError),
        cuts=(ConnectionError, TimeoutError, NoConnection, HTTPClientError),
        refusals=(NoCredentialsError, ProfileNotFound),
    )


def _connect(address: S3Address) -> s3fs.S3FileSystem:
    """Retries are the line's: the library's own would multiply with them."""
    return s3fs.S3FileSystem(
        endpoint_url=address.endpoint_url,
        profile=address.profile,
        config_kwargs={
            "connect_timeout": TIMEOUT_SECONDS,
            "read_timeout": TIMEOUT_SECONDS,
            "retries": {"total_max_attempts": 1},
        },
        default_block_size=_BLOCK_BYTES,
        use_listings_cache=False,
        skip_instance_cache=True,
    )


class S3Box(RemoteBox):
    """A box under a prefix."""

    is_whole_at_once = True

    def _identity(self, info: Info) -> str:
        return str(info.get("ETag") or info["type"])

    @contextmanager
    def _opened(self, path: str, found: Found) -> Iterator[Any]:
        """Every part is asked for by the ETag, so no read can mix two objects."""
        with super()._opened(path, found) as stream:
            if stream.details.get("ETag") != found.identity:
                raise Unstable
            yield stream

    def _remove(self, path: str, identity: str) -> None:
        """Conditional: the store itself refuses when another object has come under the name."""
        found = self._as_it_is(path)
        if found is None or found.identity != identity:
            return
        bucket, _, key = path.partition("/")
        with self._line.translated():
            self._line.files.call_s3("delete_object", Bucket=bucket, Key=key, IfMatch=identity)

    def _free(self, number: int) -> str:
        """Prefixes need not be made."""
        taken = {str(info["name"]).rstrip("/").rpartition("/")[2] for info in self._infos(REFUSED)}
        names = [str(number), *(f"{number}.{again}" for again in range(2, len(taken) + 3))]
        return self._path(REFUSED, next(name for name in names if name not in taken))

    def _write(self, path: str, content: bytes) -> None:
        with self._line.translated():
            self._line.files.pipe_file(path, content)
