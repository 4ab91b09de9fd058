"""The disclosure policy as data: thresholds by kind of measure, versioned, hashed into every release.

What a threshold means for a cell is in ``rules.py``; what happens to a table that fails is in ``gate.py``.
The values and their sources stand in ``policies/*.yaml`` only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

import rfc8785
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import PolicyError

PRESETS = ("board", "earnings", "legacy_safety_zone", "already_public")
_IDENTITY = frozenset({"name", "version", "requires_source", "notice", "tightened"})


class MeasureKind(StrEnum):
    """Wage-derived measures have the stricter thresholds; every other measure is a count."""

    WAGE_DERIVED = "wage_derived"
    COUNT = "count"


Share = Annotated[Decimal, Field(ge=0, le=1)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Dominance = tuple[tuple[int, Percent], ...]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Thresholds(_Frozen):
    """What one cell must meet. ``None`` means that the rule is off."""

    min_persons: int = Field(ge=0)
    min_firms: int = Field(ge=0)
    max_firm_share: Share | None
    dominance: Dominance = Field(description="pairs (n, k): the n largest firms hold at most k percent")
    p_percent: Percent | None
    min_age_days: int | None


class Protection(_Frozen):
    """How wide an attacker's interval around a hidden cell must stay, on each side."""

    share: Share
    units: int = Field(ge=0)
    rule_level: bool = Field(True, description="whether the rule's own level counts beside these two")


class Noise(_Frozen):
    """By how much of an amount noise moves it: at least, at most (for mechanism ``ramp_noise``)."""

    least: Share
    most: Share

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 0 < self.least < self.most < 1:
            raise ValueError("0 < least < most < 1")
        return self


class Policy(_Frozen):
    """A disclosure policy; ``sha256`` names its exact content."""

    name: str
    version: str
    requires_source: Literal["any", "published_before"]
    notice: str
    wage_derived: Thresholds
    count: Thresholds
    min_persons_distribution: int = Field(ge=0)
    min_responders: int = Field(ge=0)
    round_counts_to: int = Field(ge=1)
    round_money_to: Annotated[Decimal, Field(ge=Decimal("0.01"))]
    protection: Protection
    zeros: Literal["structural", "sensitive"]
    coalition: int = Field(ge=1)
    attacker_bounds: Literal["nonnegative"]
    mechanism: Literal["suppress", "ramp_noise"]
    noise: Noise | None = None
    revision: Literal["frozen", "batch"]
    percentiles: Literal["banded", "off"]
    cost: Literal["unit", "log", "value"]
    tightened: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_its_noise(self) -> Self:
        if (self.mechanism == "ramp_noise") != (self.noise is not None):
            raise ValueError("noise belongs to the mechanism ramp_noise")
        return self

    @property
    def sha256(self) -> str:
        """Hash of the canonical JSON (RFC 8785) of every value of the policy; of noise where it has any."""
        document = self.model_dump(mode="json", exclude=None if self.noise else {"noise"})
        return hashlib.sha256(rfc8785.dumps(document)).hexdigest()

    @property
    def is_off(self) -> bool:
        """Whether the thresholds are switched off (input published before)."""
        return self.requires_source == "published_before"

    def thresholds(self, kind: MeasureKind) -> Thresholds:
        """The thresholds for a kind of measure."""
        return self.wage_derived if kind is MeasureKind.WAGE_DERIVED else self.count

    def tightened_by(self, overrides: Mapping[str, Any]) -> Policy:
        """The same policy with stricter values, for example ``{"count": {"min_firms": 5}}``.

        PolicyError POL-003 for a value that would loosen a rule, POL-004 for an unknown or malformed one.
        """
        document = self.model_dump(mode="json")
        changed = tuple(sorted(path for path, _ in _leaves(overrides)))
        for path, value in _leaves(overrides):
            _put(document, path, value)
        stricter = _parsed(document | {"tightened": sorted({*self.tightened, *changed})})
        for path in changed:
            _refuse_looser(path, _get(self, path), _get(stricter, path))
        return stricter

    def revising(self, revision: Literal["frozen", "batch"]) -> Policy:
        """The same policy with another answer to late records: a count that was shown stays, or is stated
        anew where the change itself meets the rules.
        """
        return self.model_copy(update={"revision": revision})

    def in_words(self) -> tuple[str, ...]:
        """The rules in sentences a committee can read, generated from the values."""
        return _in_words(self)


def load_preset(name: str, *, source: str = "member_drops") -> Policy:
    """The preset ``name`` for data of this ``source`` (``member_drops`` or ``published_before``).

    PolicyError POL-001 for an unknown name, POL-002 where thresholds are off but firms drop data.
    """
    if name not in PRESETS:
        raise PolicyError(
            "POL-001",
            found=repr(name),
            expected=" or ".join(PRESETS),
            where="the policy preset",
            remedy="Choose one of the presets.",
        )
    text = resources.files("reports.disclosure").joinpath("policies", f"{name}.yaml").read_text("utf-8")
    policy = _parsed(yaml.safe_load(text))
    if policy.requires_source not in ("any", source):
        raise PolicyError(
            "POL-002",
            found=f"preset {name!r} for source {source!r}",
            expected=f"source {policy.requires_source!r}",
            where="the policy of this consortium",
            remedy="Data that member firms drop need a policy with thresholds: choose 'board'.",
        )
    return policy


def read_policy(path: Path) -> Policy:
    """A policy of one's own, from a YAML file with the parameters of the presets.

    For tables that were published before or that a person answers for herself; a home takes a preset.
    PolicyError POL-004 for a file that is none.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise _malformed(path.name) from None
    if not isinstance(document, dict):
        raise _malformed(path.name)
    return _parsed(document)


def load_policy(name: str, *, source: str, tighten: Mapping[str, Any] | None = None) -> Policy:
    """A consortium's policy: its preset for its source, tightened as its configuration asks."""
    preset = load_preset(name, source=source)
    return preset.tightened_by(tighten) if tighten else preset


def _parsed(document: Mapping[str, Any]) -> Policy:
    try:
        return Policy.model_validate(document)
    except ValidationError as error:
        places = (".".join(map(str, item["loc"])) or "mechanism" for item in error.errors())
        raise _malformed(", ".join(places)) from None


def _malformed(path: str) -> PolicyError:
    return PolicyError(
        "POL-004",
        found=f"an unknown or malformed value at {path}",
        expected="the parameters of the presets, in their types",
        where="the disclosure policy",
        remedy="Compare with reports/disclosure/policies/board.yaml.",
    )


def _leaves(overrides: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in overrides.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        document = document.get(parent, {})
        if not isinstance(document, dict):
            raise _malformed(path)
    if last not in document or path in _IDENTITY:
        raise _malformed(path)
    document[last] = value


def _get(policy: Policy, path: str) -> Any:
    value: Any = policy
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _at_least(old: Any, new: Any) -> bool:
    return old is None or (new is not None and new >= old)


def _at_most(old: Any, new: Any) -> bool:
    return old is None or (new is not None and new <= old)


def _coarser(old: Any, new: Any) -> bool:
    """A multiple of the old step: rounding to 7 instead of 5 would say more in some places."""
    return bool(new >= old and new % old == 0)


def _dominance(old: Dominance, new: Dominance) -> bool:
    tighter = dict(new)
    return all(n in tighter and tighter[n] <= k for n, k in old)


def _same(old: Any, new: Any) -> bool:
    return bool(old == new)


def _ranked(*from_loose_to_tight: str) -> Callable[[Any, Any], bool]:
    return lambda old, new: from_loose_to_tight.index(new) >= from_loose_to_tight.index(old)


_IS_NO_LOOSER: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "min_persons": _at_least,
        "min_firms": _at_least,
        "max_firm_share": _at_most,
        "dominance": _dominance,
        "p_percent": _at_least,
        "min_age_days": _at_least,
        "min_persons_distribution": _at_least,
        "min_responders": _at_least,
        "round_counts_to": _coarser,
        "round_money_to": _coarser,
        "share": _at_least,
        "units": _at_least,
        "rule_level": _at_least,
        "zeros": _ranked("structural", "sensitive"),
        "coalition": _at_least,
        "percentiles": _ranked("banded", "off"),
    }
)


def _refuse_looser(path: str, old: Any, new: Any) -> None:
    is_no_looser = _IS_NO_LOOSER.get(path.rpartition(".")[2], _same)
    if not is_no_looser(old, new):
        raise PolicyError(
            "POL-003",
            found=f"{path} = {new}",
            expected=f"a value at least as strict as {old}",
            where="the disclosure policy",
            remedy="A consortium may tighten its policy, never loosen it.",
        )


def _in_words(policy: Policy) -> tuple[str, ...]:
    if policy.is_off:
        return ("Thresholds are switched off because the input was public already.",)
    return (
        *_thresholds_in_words(policy),
        f"A median rests on at least {policy.min_persons_distribution} people and is never exact: it is the "
        "mean of the 45th and the 55th percentile.",
        f"Counts are rounded to {policy.round_counts_to} and money statistics to "
        f"${policy.round_money_to:,}; rates and their intervals are computed from the rounded counts.",
        "A cell that fails is left out and marked [c]. So are others from which it could be worked out to "
        f"within {policy.protection.share:.0%} of its value, by anybody, or by one firm that knows its part.",
        _BATCHES if policy.revision == "batch" else _FROZEN,
    )


_BATCHES = (
    "A count or an average that was published is stated anew after late records only if the change by itself "
    "rests on enough people and firms; otherwise it stays as it was published."
)
_FROZEN = (
    "A count or an average that was published stays as it was published, until a correction; what was late "
    "is in the windows that end after it."
)


def _thresholds_in_words(policy: Policy) -> Iterator[str]:
    if policy.wage_derived == policy.count:
        yield from _kind_in_words("A statistic", policy.count)
        return
    yield from _kind_in_words("A statistic derived from wages, hours or hiring plans", policy.wage_derived)
    yield from _kind_in_words("Any other statistic", policy.count)


def _kind_in_words(subject: str, limits: Thresholds) -> Iterator[str]:
    age = f", and its newest quarter ended more than {limits.min_age_days} days before publication"
    yield (
        f"{subject} is shown only if it rests on at least {limits.min_persons} people and "
        f"{limits.min_firms} separately owned firms{age if limits.min_age_days else ''}. "
        f"A rate also needs none, or at least {limits.min_persons}, people on each side of it."
    )
    shares = [f"the largest firm holds at most {_largest_share(limits):f}% of its people and of its dollars"]
    shares += [f"the {n} largest together at most {k:f}%" for n, k in limits.dominance if n > 1]
    if limits.p_percent is not None:
        shares.append(f"no firm can work out another's part to within {limits.p_percent:f}%")
    yield "For such a statistic, " + ", ".join(shares[:-1]) + f" and {shares[-1]}."


def _largest_share(limits: Thresholds) -> Decimal:
    shares = [k for n, k in limits.dominance if n == 1]
    if limits.max_firm_share is not None:
        shares.append(limits.max_firm_share * 100)
    return min(shares, default=Decimal(100)).normalize()
