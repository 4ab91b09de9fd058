"""What is true of a sample region and cannot be read off its files: written to ``truth/`` beside the boxes.

``truth.json`` holds the effect, selection, people, fund totals, each system's truth and refused files;
``faults.csv`` one row per finding that intake must make. Nothing of the product reads them but tests.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from warehouse.sample.careers import (
    MIN_TENURE,
    SELECTION_ON_ABILITY,
    SHOCK_PERSISTENCE,
    SHOCK_SPREAD,
)
from warehouse.sample.draws import Ints
from warehouse.sample.drops import Drops
from warehouse.sample.enrollments import Files
from warehouse.sample.faults import Finding
from warehouse.sample.fund import Fund
from warehouse.sample.inequity import UNEQUAL
from warehouse.sample.seats import COUNTED, OUT
from warehouse.sample.settings import SampleSettings
from warehouse.sample.wages import EFFECT_RAMP, LOCK_IN, Effects

TRUTH = "truth"
TRUTH_FILE = "truth.json"
FAULTS_FILE = "faults.csv"

_EFFECT_WINDOW = (4, 8)
"""Event quarters (from entry) that the impact estimators report."""

Json = dict[str, JsonValue]


@dataclass(frozen=True)
class SampleTruth:
    """The truth of one region, as it is written."""

    settings: SampleSettings
    effect: Json
    selection: Json
    people: Json
    fund: Json
    systems: Json
    dropped: Json
    findings: tuple[Finding, ...]
    refused_files: tuple[Json, ...]

    def document(self) -> Json:
        """Everything but the findings, as JSON."""
        return {
            "settings": dataclasses.asdict(self.settings),
            "effect": self.effect,
            "selection": self.selection,
            "people": self.people,
            "fund": self.fund,
            "systems": self.systems,
            "dropped": self.dropped,
            "planted": {
                "findings": len(self.findings),
                "codes": [*sorted({one.code for one in self.findings})],
            },
            "refused_files": list(self.refused_files),
        }

    def write(self, folder: Path) -> None:
        """Write both files; ``truth.json`` last, so that its presence means that the region is whole."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FAULTS_FILE).write_text(_faults_csv(self.findings), encoding="utf-8")
        draft = folder / (TRUTH_FILE + ".part")
        draft.write_text(json.dumps(self.document(), indent=2) + "\n", encoding="utf-8")
        draft.rename(folder / TRUTH_FILE)


def _faults_csv(findings: tuple[Finding, ...]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in dataclasses.fields(Finding)])
    writer.writerows(dataclasses.astuple(one) for one in findings)
    return text.getvalue()


def tell_truth(files: Files, effects: Effects, fund: Fund, drops: Drops, systems: Json) -> SampleTruth:
    """Gather the truth once everything is dropped."""
    order = ("contract", "firm_id", "period", "record")
    findings = sorted(drops.findings, key=lambda one: tuple(getattr(one, name) for name in order))
    return SampleTruth(
        settings=files.region.settings,
        effect=_effect(files, effects),
        selection=_selection(files),
        people=_people(files),
        fund=_fund(fund),
        systems=systems,
        dropped={
            name: {"files": drops.files[name], "rows": drops.rows[name]} for name in sorted(drops.files)
        },
        findings=tuple(findings),
        refused_files=tuple(
            {"firm_id": one.firm_id, "file_name": one.file_name, "code": one.code} for one in drops.broken
        ),
    )


def _effect(files: Files, effects: Effects) -> Json:
    """The effect on completers, and its mean over all participants with pay, by quarters since entry."""
    by_event = _mean_by_event(files, effects)
    first, last = _EFFECT_WINDOW
    pairs = [by_event[event] for event in range(first, last + 1) if event in by_event]
    jobs = sum(count for _, count in pairs)
    return {
        "log_points_of_completing": effects.log_points,
        "ramp_by_quarters_after_exit": list(EFFECT_RAMP),
        "log_points_of_withdrawing": 0.0,
        "lock_in_log_points": LOCK_IN,
        "window_event_quarters": [first, last],
        "mean_in_window": round(sum(mean * count for mean, count in pairs) / max(jobs, 1), 6),
        "mean_by_event_quarter": {
            str(event): round(mean, 6) for event, (mean, _) in sorted(by_event.items())
        },
    }


def _mean_by_event(files: Files, effects: Effects) -> dict[int, tuple[float, int]]:
    """Event quarter from entry: mean effect over participants with a job, and how many those are."""
    entries, history = files.region.seats.entry_quarters, files.careers.history
    lifts = np.stack([effects.at(quarter) for quarter in range(history.shape[1])], axis=1)
    events = np.arange(history.shape[1])[None, :] - entries[:, None]
    seen = (events >= 0) & (history != OUT)
    counts, sums = np.bincount(events[seen]), np.bincount(events[seen], lifts[seen])
    return {event: (float(sums[event] / n), int(n)) for event, n in enumerate(counts) if n}


def _selection(files: Files) -> Json:
    shocks = files.careers.shock_at_entry
    return {
        "on_transitory_shock": files.region.settings.dip_selection,
        "on_lasting_pay": files.region.settings.dip_selection * SELECTION_ON_ABILITY,
        "on_growth": 0.0,
        "shock_spread": SHOCK_SPREAD,
        "shock_persistence": SHOCK_PERSISTENCE,
        "min_tenure_quarters": MIN_TENURE,
        "mean_shock_quarter_before_entry": round(float(np.nanmean(shocks)), 6),
        "words": "Incumbents are drawn within the sponsoring firm with weights exp(-strength x shock of the "
        "quarter before entry, in standard deviations). Nobody is selected on growth. New entrants have no "
        "earlier pay.",
    }


def _people(files: Files) -> Json:
    terms, seats = files.terms, files.region.seats
    over, again = terms.is_over, terms.is_repeat
    return {
        "workers": len(files.region.people),
        "firms": len(files.region.firms),
        "parents": len(np.unique(files.region.firms.parents)),
        "participants": len(seats),
        "new_entrants": int(seats.new_entrant.sum()),
        "enrollments": len(terms),
        "repeated_enrollments": int(again.sum()),
        "completed": int((over & terms.completed).sum()),
        "withdrawn": int((over & ~terms.completed).sum()),
        "in_progress": int((~over).sum()),
        "excluded_exits": int((over & (terms.excluded != COUNTED)).sum()),
        "on_the_job_only": int(seats.on_the_job_only.sum()),
        "unequal_trait": UNEQUAL,
        "first_exits_by_quarter": _by_quarter(files, files.calendar.quarter_of(terms.exit[over & ~again])),
    }


def _by_quarter(files: Files, quarters: Ints) -> Json:
    numbers, counts = np.unique(quarters, return_counts=True)
    names = files.periods(numbers)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}


def _fund(fund: Fund) -> Json:
    closing = fund.closing
    by_source: Json = {
        source: {
            "received_usd": _usd(fund.received[source]),
            "disbursed_usd": _usd(fund.disbursed.get(source, 0)),
            "moved_usd": _usd(fund.moved.get(source, 0)),
            "closing_usd": _usd(closing[source]),
        }
        for source in sorted(fund.received)
    }
    return {
        "by_source": by_source,
        "assessed_usd": _usd(fund.assessed),
        "receivable_usd": _usd(fund.assessed - fund.received["EMPLOYER"]),
        "in_kind_usd": _usd(fund.in_kind),
        "disbursed_by_program_usd": {
            name or "(none)": _usd(cents) for name, cents in fund.by_program.items()
        },
    }


def _usd(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
