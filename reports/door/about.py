"""What travels with every download: which release, how to cite it, what the columns and the flags mean.

Said once here for every format, so that two copies of a table cannot say different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.queryable import STATUSES
from warehouse.releases import Release


@dataclass(frozen=True)
class About:
    """A release in the words of those who quote it."""

    release_id: str
    published_on: str
    consortium: str
    policy: str
    manifest_sha256: str

    @property
    def citation(self) -> str:
        """One line to put under a table or in a bibliography."""
        return (
            f"{self.consortium}: training consortium data, release {self.release_id}, published "
            f"{self.published_on}. Manifest sha256 {self.manifest_sha256[:16]}."
        )

    @classmethod
    def of(cls, release: Release) -> About:
        """Read from the release's manifest."""
        said = release.manifest
        policy = f"{said['policy']['name']} {said['policy']['version']}"
        name = str(said.get("consortium", "consortium"))
        return cls(
            f"{name} {release.period} {release.version}",
            release.public_on.isoformat(),
            name,
            policy,
            release.manifest_sha256,
        )


@dataclass(frozen=True)
class Described:
    """What is downloaded: its name, what it holds in words, and the words of its columns where they are
    known.
    """

    name: str
    words: str
    about: About
    columns: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """As data: release, citation, policy, columns, and what the status flags mean."""
        flags = {str(flag): meaning for flag, _, meaning in STATUSES}
        return {
            "name": self.name,
            "description": self.words,
            "release": self.about.release_id,
            "published_on": self.about.published_on,
            "citation": self.about.citation,
            "disclosure_policy": self.about.policy,
            "columns": dict(self.columns),
            "value_status": flags,
        }
