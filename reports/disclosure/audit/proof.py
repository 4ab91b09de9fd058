"""The whole audit of one folder of evidence, with the earlier ones: rules, arithmetic, proofs, releases.

In this order, each by means of its own: does it add up; may what is shown be shown; are the needs wide
enough; does a hidden cell follow exactly, for the public or for a firm; does an alternative table cover every
need, and where none does, what do linear programs say; what do several releases say together. What is printed
of it is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from reports.disclosure.audit import changes
from reports.disclosure.audit.already_known import was_known
from reports.disclosure.audit.amounts import betraying_amounts
from reports.disclosure.audit.books import with_found_sums
from reports.disclosure.audit.certificates import DOWN, PUBLIC, UP, Open, uncovered
from reports.disclosure.audit.evidence import NO_FIRM, PUBLISHED, Block, Evidence, Whole
from reports.disclosure.audit.findings import Attacker, Audit, Finding, audit_of
from reports.disclosure.audit.intervals import judge
from reports.disclosure.audit.joined import joined
from reports.disclosure.audit.modular import Knower, determined
from reports.disclosure.audit.restated import breaking, nature, widths

Tell = Callable[[str, int, int], None]
"""Told of progress: a stage, how much of it is done, how much there is."""

_LARGEST_SUM = 2.0**62


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Case:
    """One system under audit: as it is released now, its earlier releases, the policy, what is said of it."""

    block: Block
    earlier: tuple[Block, ...]
    policy: Mapping[str, Any]
    facts: Mapping[str, Any]

    def whole(self) -> Block:
        """All releases as one system, with what adds up in each though nobody said so."""
        return joined([with_found_sums(block) for block in (*self.earlier, self.block)])


def audit_evidence(evidence: Evidence, earlier: Sequence[Evidence] = (), tell: Tell = silent) -> Audit:
    """Everything that evidence, and all earlier evidence (oldest first), can prove or fail to prove."""
    given, evidence = evidence, _averaged(evidence)
    found = [*_unprotectable(evidence), *_betrayed(given, evidence), *betraying_amounts(evidence, earlier)]
    counts = {"cells": 0, "hidden": 0, "primary": 0, "alternative tables": 0, "firms as attackers": 0}
    for number, name in enumerate(evidence.blocks):
        tell("Auditing systems", number, len(evidence.blocks))
        case = _case(evidence, name, earlier)
        whole = case.whole()
        found += [*_on_cells(case), *_on_releases(case), *_exact(whole, tell), *_wide(whole)]
        counts["cells"] += case.block.size
        counts["hidden"] += int((~case.block.is_published).sum())
        counts["primary"] += int(case.block.is_primary.sum())
        counts["alternative tables"] += case.block.flows.shape[0]
        counts["firms as attackers"] += len(case.block.parts.names)
    tell("Auditing systems", len(evidence.blocks), len(evidence.blocks))
    counts["earlier releases"] = len(earlier)
    return audit_of(found, counts.items())


def _case(evidence: Evidence, name: str, earlier: Sequence[Evidence]) -> Case:
    return Case(
        block=evidence.blocks[name],
        earlier=tuple(old.blocks[name] for old in earlier if name in old.blocks),
        policy=evidence.policy,
        facts=evidence.meta.get("systems", {}).get(name, {}),
    )


def _on_cells(case: Case) -> Iterator[Finding]:
    """Equations, the primary rules on what is shown, the widths of what is hidden."""
    block = case.block
    yield from _additive(block)
    what = nature(block, case.facts)
    for cell in np.flatnonzero(breaking(block, what, case.policy) & block.is_published).tolist():
        yield Finding("AUD-102", block.where(cell), "it can be read", Attacker.PUBLIC)
    need = widths(block, what, case.policy)
    narrow = block.need_up < need
    narrow |= block.need_down < np.minimum(need, block.units)
    for cell in np.flatnonzero(narrow & block.is_primary).tolist():
        yield Finding("AUD-103", block.where(cell), "its proof proves too little", Attacker.PUBLIC)


def _additive(block: Block) -> Iterator[Finding]:
    # Sums that could wrap around count as wrong: nothing that is counted or paid is so large.
    size = abs(block.equations).astype(np.float64) @ abs(block.units).astype(np.float64)
    for row in np.flatnonzero((block.equations @ block.units != 0) | (size > _LARGEST_SUM)).tolist():
        cells = block.equations[[row]].indices
        yield Finding("AUD-101", block.where(int(cells[0])), "with its parts", Attacker.NOBODY)
    for cell in np.flatnonzero(block.units < 0).tolist():
        yield Finding("AUD-101", block.where(cell), "its value", Attacker.NOBODY)


def _on_releases(case: Case) -> Iterator[Finding]:
    if not case.earlier:
        return
    what = nature(case.block, case.facts)
    for old in case.earlier:
        pair = changes.Pair(old, case.block)
        yield from changes.uncovered_again(pair)
        yield from changes.betraying_differences(pair, what, case.policy)
        yield from changes.betraying_rests(pair, what, case.policy, case.earlier[-1])


def _exact(block: Block, tell: Tell) -> Iterator[Finding]:
    """Hidden cells that follow by arithmetic: for the public, then for every firm alone in some hidden
    cell.
    """
    hidden = np.flatnonzero(~block.is_published)
    matrix = sparse.csr_array(block.equations[:, hidden])
    targets = block.is_primary[hidden]
    open_to_all = determined(matrix) & targets
    for cell in hidden[open_to_all].tolist():
        yield Finding("AUD-104", block.where(cell), "by adding and subtracting", Attacker.PUBLIC)
    known = _known_alone(block, hidden)
    if not known:
        return
    knower = Knower(matrix, max(map(len, known.values())))
    for number, (firm, cells) in enumerate(known.items()):
        tell(f"Firms as attackers in {block.name}", number + 1, len(known))
        follows = knower.determined(cells) & targets & ~open_to_all
        for cell in hidden[follows].tolist():
            if block.sole[cell] != firm and not was_known(block, Open(cell, UP, firm)):
                yield Finding("AUD-105", block.where(cell), "by adding and subtracting", Attacker.FIRM)


def _known_alone(block: Block, hidden: Whole) -> dict[int, list[int]]:
    """Of each firm that is alone in some hidden cells, where those are among the hidden ones."""
    known: dict[int, list[int]] = {}
    for place, firm in enumerate(block.sole[hidden].tolist()):
        if firm != NO_FIRM:
            known.setdefault(firm, []).append(place)
    return known


def _wide(block: Block) -> Iterator[Finding]:
    """Needs that neither an alternative table nor a linear program covers, by what is published."""
    judged = judge(block, uncovered(block))
    for need in judged.exposed:
        if not was_known(block, need):
            yield _narrow(block, need)
    for need in judged.undecided:
        attack = f"{_side(need)} it, {'anybody' if need.attacker == PUBLIC else 'a firm'}"
        yield Finding("AUD-108", block.where(need.target), attack, Attacker.NOBODY)


def _narrow(block: Block, need: Open) -> Finding:
    is_public = need.attacker == PUBLIC
    code, attacker = ("AUD-106", Attacker.PUBLIC) if is_public else ("AUD-107", Attacker.FIRM)
    return Finding(code, block.where(need.target), f"{_side(need)} it", attacker)


def _side(need: Open) -> str:
    return "below" if need.direction == DOWN else "above"


def _unprotectable(evidence: Evidence) -> Iterator[Finding]:
    for entry in evidence.meta.get("unprotectable", ()):
        system = str(entry.get("system", ""))
        block, target = evidence.blocks.get(system), entry.get("target")
        is_cell = block is not None and isinstance(target, int) and 0 <= target < block.size
        where = block.where(target) if block is not None and is_cell else f"{target} in {system}"
        attacker = Attacker.PUBLIC if entry.get("attacker") is None else Attacker.FIRM
        yield Finding("AUD-112", where, "as the evidence says", attacker)


def _averaged(evidence: Evidence) -> Evidence:
    """The evidence with sums known where an average and its count are shown (``meta.averages``)."""
    blocks = dict(evidence.blocks)
    for entry in evidence.meta.get("averages", ()):
        total, count = blocks.get(entry["sum"]), blocks.get(entry["count"])
        if total is not None and count is not None:
            counted = {key for key, is_shown in zip(count.keys, count.is_published, strict=True) if is_shown}
            known = counted & set(entry["shown"])
            is_known = np.array([key in known for key in total.keys], dtype=bool)
            status = np.where(is_known, PUBLISHED, total.status)
            blocks[entry["sum"]] = replace(total, status=status.astype(object))
    return replace(evidence, blocks=blocks)


def _betrayed(before: Evidence, after: Evidence) -> Iterator[Finding]:
    """Cells that a rule hides and that an average and its count give away."""
    for name, block in before.blocks.items():
        for cell in np.flatnonzero(block.is_primary & after.blocks[name].is_published).tolist():
            yield Finding("AUD-111", block.where(cell), "an average times its count", Attacker.PUBLIC)
