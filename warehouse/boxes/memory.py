"""What was seen waiting in the boxes, and since when: kept between one look and the next.

Only this house's own clock is believed, so a firm's clock can neither hurry a file nor hide it. Losing the
file costs a wait, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.home import Home

Key = tuple[str, str]
"""Firm and name."""


@dataclass(frozen=True)
class Sight:
    """One thing as it was seen: its identity, since when it is that, and why it waits (a code) if it does."""

    identity: str
    since: datetime
    code: str


@dataclass(frozen=True)
class Memory:
    """What waited at the last look."""

    sights: dict[Key, Sight]

    @classmethod
    def read(cls, home: Home) -> Memory:
        """What was kept; nothing when nothing was, or when it cannot be read."""
        try:
            rows = json.loads(_path(home).read_bytes())
            return cls({(r[0], r[1]): Sight(r[2], datetime.fromisoformat(r[3]), r[4]) for r in rows})
        except (OSError, ValueError, IndexError, TypeError):
            return cls({})

    def since(self, key: Key, identity: str, now: datetime) -> datetime:
        """Since when a thing is as it is; a memory of the future is none."""
        sight = self.sights.get(key)
        return sight.since if sight and sight.identity == identity and sight.since <= now else now

    def replaced(self, home: Home, sights: Mapping[Key, Sight], silent: set[str]) -> Memory:
        """Keep what is seen now; of boxes that gave no answer (``silent``), what waited before."""
        kept = {key: sight for key, sight in self.sights.items() if key[0] in silent}
        memory = Memory({**kept, **sights})
        if memory != self:
            memory._write(_path(home))
        return memory

    def _write(self, path: Path) -> None:
        """Names may hold bytes that are no text: escaped, they come back as they were."""
        rows = [[*key, s.identity, s.since.isoformat(), s.code] for key, s in sorted(self.sights.items())]
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(json.dumps(rows), encoding="ascii")
        beside.replace(path)


def _path(home: Home) -> Path:
    return home.landing / "waiting.json"
