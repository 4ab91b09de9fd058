"""Released versions: their descriptions as committed files, and whether the version declared now is enough.

A released description is never changed. ``released/`` holds one file for each version of a contract and,
under ``code_sets``, one for each edition of a published set that a description names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from contracts.codesets import CODESETS, codeset
from contracts.errors import ContractError
from contracts.model import Contract
from contracts.versions.consumers import open_lists
from contracts.versions.describe import codes_digest, describe
from contracts.versions.description import Coded, ContractDescription
from contracts.versions.diff import Difference, compare
from contracts.versions.semver import Bump, Version, step_between

CODE_SETS = "code_sets"


@dataclass(frozen=True)
class Standing:
    """Where a contract stands against a released version: what changed, and the step declared for it."""

    old: ContractDescription
    new: ContractDescription
    difference: Difference

    @property
    def declared(self) -> Bump:
        """The step between the two version numbers; ContractError CTR-034 for a step back."""
        return step_between(self.old.version, self.new.version)

    @property
    def honored(self) -> bool:
        """Whether the declared step is at least the one the changes ask for."""
        return self.declared >= self.difference.bump

    @property
    def due(self) -> Version:
        """The smallest version the changes allow."""
        return Version.read(self.old.version).after(self.difference.bump)


def released_versions(name: str) -> tuple[Version, ...]:
    """The released versions of a contract, oldest first."""
    found = (one.name.removesuffix(".json").rpartition("-") for one in _folder().iterdir())
    return tuple(sorted(Version.read(version) for stem, _, version in found if stem == name))


def released(name: str, version: str | None = None) -> ContractDescription:
    """A released version, by default the latest; ContractError CTR-035 when there is none."""
    versions = released_versions(name)
    wanted = Version.read(version) if version else max(versions, default=None)
    if wanted is None or wanted not in versions:
        raise _not_released(name, version, versions)
    return ContractDescription.from_json((_folder() / file_name(name, wanted)).read_text(encoding="utf-8"))


def standing(contract: type[Contract], version: str | None = None) -> Standing:
    """A contract as declared now against a released version, by default the latest."""
    return standing_of(released(contract.meta.name, version), describe(contract))


def standing_of(old: ContractDescription, new: ContractDescription) -> Standing:
    """Two descriptions against each other, with what consumers have declared."""
    return Standing(old, new, compare(old, new, read_codes, open_lists(new.name)))


def file_name(name: str, version: Version | str) -> str:
    """What the file of a released version is called."""
    return f"{name}-{version}.json"


def release_files(contract: type[Contract]) -> dict[str, str]:
    """What to commit to release a contract as declared now: text by path below ``released``.

    ContractError CTR-036 when the declared step is smaller than the changes ask for, CTR-037 when the version
    is released and says something else.
    """
    new = describe(contract)
    if released_versions(new.name):
        _require_release(standing(contract))
    sets = {one.cells for one in new.columns if isinstance(one.cells, Coded)}
    editions = {_edition(one): "".join(f"{code}\n" for code in sorted(read_codes(one))) for one in sets}
    return {file_name(new.name, new.version): new.canonical_json(), **dict(sorted(editions.items()))}


@cache
def read_codes(of: Coded) -> frozenset[str]:
    """The codes of a set at the edition described: today's, or a released one; CTR-038 when it is neither."""
    if of.code_set in CODESETS and codes_digest(codeset(of.code_set)) == of.sha256:
        return codeset(of.code_set)
    kept = _folder() / _edition(of)
    if kept.is_file():
        return frozenset(kept.read_text(encoding="utf-8").split())
    raise ContractError(
        "CTR-038",
        found="an edition that was not kept",
        expected=f"the file released/{_edition(of)}",
        where=f"the code set {of.code_set}",
        remedy="Release a contract that uses the edition before the set is changed.",
    )


def _edition(of: Coded) -> str:
    return f"{CODE_SETS}/{of.code_set}-{of.sha256[:12]}.txt"


def _folder() -> Traversable:
    return files("contracts.versions") / "released"


def _require_release(now: Standing) -> None:
    if not now.honored:
        same = now.declared is Bump.NONE
        raise ContractError(
            "CTR-037" if same else "CTR-036",
            found=f"version {now.new.version} after {now.old.version}",
            expected=f"{now.due} or later: the changes ask for a step of {now.difference.bump.name}",
            where=f"the contract {now.new.name}",
            remedy="Declare the version, or take the change back; `guildhall contract diff` names each.",
        )


def _not_released(name: str, version: str | None, versions: tuple[Version, ...]) -> ContractError:
    return ContractError(
        "CTR-035",
        found=f"no released version {version}" if version else "no released version",
        expected="one of " + ", ".join(map(str, versions)) if versions else "at least one",
        where=f"the contract {name}",
        remedy="Name a version that is released, or release the contract first.",
    )
