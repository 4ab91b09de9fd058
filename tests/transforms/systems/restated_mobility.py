"""Mobility, retention, wage change and pathways, stated a second time: person by person, by quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import LakeFrames, Record
from tests.transforms.restatement import median_interval, wilson
from tests.transforms.systems.restated_supply import is_active

HORIZONS = (4, 8)
UPWARD = 1.05


@dataclass(frozen=True)
class Job:
    """The primary employer of a person in a quarter: who paid most."""

    quarter: Quarter
    firm: str
    wages: float
    soc: str | None


@dataclass(frozen=True)
class Move:
    """A person seen again within the horizon; ``there`` is the first job with another employer."""

    horizon: int
    person: str
    here: Job
    there: Job | None


@dataclass(frozen=True)
class Mobility:
    """What the wage extracts of a lake say about who works where, and for how much."""

    lake: LakeFrames

    @cached_property
    def jobs(self) -> dict[str, list[Job]]:
        """Primary employers by person, in order of time."""
        best: dict[tuple[str, str], Record] = {}
        for row in sorted(self.lake.rows("wage"), key=lambda r: str(r["firm_id"]), reverse=True):
            key = (row["learner_key"], row["year_quarter"])
            if key not in best or row["gross_wages_usd"] >= best[key]["gross_wages_usd"]:
                best[key] = row
        found: dict[str, list[Job]] = defaultdict(list)
        for (person, quarter), row in sorted(best.items()):
            job = Job(Quarter.parse(quarter), row["firm_id"], float(row["gross_wages_usd"]), row["soc_code"])
            found[person].append(job)
        return found

    @cached_property
    def newest(self) -> Quarter:
        """The newest ended quarter that anybody sent wages for."""
        sent = [Quarter.parse(q) for name, _, q in self.lake.delivered if name == "wage"]
        return max(quarter for quarter in sent if self.lake.has_ended(quarter))

    @cached_property
    def prices(self) -> dict[str, float]:
        """The mean of each quarter's monthly price indexes that exist."""
        months = self.lake.prices
        quarters = [str(Quarter(int(m[:4]), (int(m[5:]) + 2) // 3)) for m in months["month"]]
        means = months["cpi_u"].astype(float).groupby(np.array(quarters)).mean()
        return {str(quarter): float(mean) for quarter, mean in means.items()}

    @cached_property
    def successions(self) -> list[tuple[str, str, date, bool]]:
        rows = self.lake.rows("firm_succession")
        return [
            (
                r["predecessor_firm_id"],
                r["successor_firm_id"],
                r["succession_date"],
                r["transfer_extent"] == "TOTAL",
            )
            for r in rows
        ]

    def _heirs(self, firm: str, day: date) -> Iterator[tuple[str, date, bool]]:
        """Every firm that continues this one by a day, since when, and whether the whole of it."""
        waiting = [(firm, date.min, True)]
        while waiting:
            at, since, whole = waiting.pop()
            for old, new, begins, is_total in self.successions:
                if old == at and since <= begins <= day:
                    step = (new, begins, whole and is_total)
                    yield step
                    waiting.append(step)

    def _goes_on(self, before: Job, after: Job) -> bool:
        if before.firm == after.firm:
            return True
        for heir, since, is_total in self._heirs(before.firm, after.quarter.last_day):
            if heir == after.firm and (is_total or after.quarter - Quarter.of(since) <= 1):
                return True
        return False

    def bases(self, horizon: int) -> list[Quarter]:
        return [self.newest + -(horizon + step) for step in range(4)]

    @cached_property
    def moves(self) -> list[Move]:
        """One entry per horizon × base quarter × person seen again within the horizon."""
        found = []
        for horizon in HORIZONS:
            for base in self.bases(horizon):
                for person, jobs in self.jobs.items():
                    window = [job for job in jobs if base <= job.quarter <= base + horizon]
                    if window and window[0].quarter == base and len(window) > 1:
                        away = [
                            later for before, later in pairwise(window) if not self._goes_on(before, later)
                        ]
                        found.append(Move(horizon, person, window[0], away[0] if away else None))
        return found

    def is_upward(self, move: Move) -> bool | None:
        """At least 1.05 times the real pay; None where it cannot be said."""
        prices = [self.prices.get(str(job.quarter)) for job in (move.here, move.there) if job]
        if move.there is None or move.here.wages <= 0 or None in prices:
            return None
        return move.there.wages / prices[1] >= UPWARD * move.here.wages / prices[0]  # type: ignore[operator]

    def _area(self, firm: str) -> str:
        return self.lake.firms.get(firm, {}).get("lwdb_code") or "unreported"

    def groups(self, job: Job) -> tuple[tuple[str, str], ...]:
        major = f"{job.soc[:2]}-0000" if job.soc else "unreported"
        return (("all", "all"), ("soc_group", major), ("area", self._area(job.firm)))

    def mobility(self) -> pd.DataFrame:
        """One row per horizon × base quarter × group."""
        cells: dict[tuple[int, str, str, str], list[Move]] = defaultdict(list)
        for move in self.moves:
            for dim, value in self.groups(move.here):
                cells[move.horizon, str(move.here.quarter), dim, value].append(move)
        return pd.DataFrame([self._mobility(cell, moves) for cell, moves in cells.items()])

    def _mobility(self, cell: tuple[int, str, str, str], moves: list[Move]) -> dict[str, Any]:
        gone = [move for move in moves if move.there]
        judged = [verdict for verdict in map(self.is_upward, gone) if verdict is not None]
        lower, upper = wilson(len(gone), len(moves))
        return dict(zip(("horizon", "base_quarter", "group_dim", "group_value"), cell, strict=True)) | {
            "persons": len(moves),
            "movers": len(gone),
            "mobility_rate": len(gone) / len(moves),
            "mobility_lower": lower,
            "mobility_upper": upper,
            "movers_compared": len(judged),
            "upward_movers": sum(judged),
            "upward_share": sum(judged) / len(judged) if judged else None,
        }

    def _ends(self) -> Iterator[tuple[int, Job, Job | None, str]]:
        for horizon in HORIZONS:
            for base in self.bases(horizon):
                for person, jobs in self.jobs.items():
                    at = {job.quarter: job for job in jobs}
                    if base in at:
                        yield horizon, at[base], at.get(base + horizon), person

    def _is_same(self, here: Job, later: Job) -> bool:
        heirs = {heir for heir, _, _ in self._heirs(here.firm, later.quarter.last_day)}
        return later.firm == here.firm or later.firm in heirs

    def retention(self) -> pd.DataFrame:
        """One row per horizon × base quarter × group."""
        cells: dict[tuple[int, str, str, str], list[tuple[bool, bool]]] = defaultdict(list)
        for horizon, here, later, _ in self._ends():
            for group in (("all", "all"), ("area", self._area(here.firm))):
                seen = (later is not None, later is not None and self._is_same(here, later))
                cells[horizon, str(here.quarter), *group].append(seen)
        rows = [(*cell, len(seen), *map(sum, zip(*seen, strict=True))) for cell, seen in cells.items()]
        names = ["horizon", "base_quarter", "group_dim", "group_value", "persons", "observed_later"]
        return pd.DataFrame(rows, columns=[*names, "same_employer"])

    def wage_change(self) -> pd.DataFrame:
        """One row per horizon × base quarter × kind of job: the median change, in prices of the base."""
        months = (
            self.lake.prices["month"]
            .str.slice(0, 4)
            .str.cat(
                self.lake.prices["month"].str.slice(5).astype(int).add(2).floordiv(3).astype(str), sep="Q"
            )
        )
        whole = [Quarter.parse(q) for q, n in months.value_counts().items() if n == 3]
        base = self.prices[str(max(q for q in whole if self.lake.has_ended(q)))]
        cells: dict[tuple[int, str, str], list[float]] = defaultdict(list)
        for horizon, here, later, _ in self._ends():
            prices = [self.prices.get(str(job.quarter)) for job in (here, later) if job]
            if later is None or None in prices:
                continue
            change = base * (later.wages / prices[1] - here.wages / prices[0])  # type: ignore[operator]
            for kind in ("all", "same" if self._is_same(here, later) else "another"):
                cells[horizon, str(here.quarter), kind].append(change)
        rows = []
        for cell, changes in cells.items():
            lower, upper = median_interval(sorted(changes))
            fuzzy = (np.quantile(changes, 0.45) + np.quantile(changes, 0.55)) / 2
            rows.append((*cell, len(changes), float(np.median(changes)), fuzzy, lower, upper))
        names = ["horizon", "base_quarter", "employer", "persons", "median_change_usd", "fuzzy_median_usd"]
        return pd.DataFrame(rows, columns=[*names, "median_lower_usd", "median_upper_usd"])

    def pathways(self) -> pd.DataFrame:
        """One row per level × occupation × other occupation."""
        pairs: dict[tuple[str, str, str], int] = defaultdict(int)
        starts: dict[tuple[str, str], int] = defaultdict(int)
        for years in range(1, 6):
            base = self.newest + -4 * years
            for jobs in self.jobs.values():
                at = {job.quarter: job.soc for job in jobs if job.soc}
                if base in at and base + 4 in at:
                    for level, cut in (("D", lambda soc: soc), ("G", lambda soc: f"{soc[:2]}-0000")):
                        here, there = cut(at[base]), cut(at[base + 4])
                        starts[level, here] += 1
                        pairs[level, here, there] += here != there
        rows = [
            (*pair, starts[pair[:2]], steps, steps / starts[pair[:2]])
            for pair, steps in pairs.items()
            if steps
        ]
        names = ["soc_level", "from_occupation", "to_occupation", "observed", "steps", "step_share"]
        return pd.DataFrame(rows, columns=names)

    def integrity(self) -> pd.DataFrame:
        """One row per base quarter × group with a mover who holds a credential."""
        held: dict[str, list[Record]] = defaultdict(list)
        for row in self.lake.rows("credential"):
            held[row["learner_key"]].append(row)
        cells: dict[tuple[str, str, str], list[tuple[bool, bool]]] = defaultdict(list)
        for move in self.moves:
            if move.horizon != 4 or move.there is None:
                continue
            day = move.there.quarter.last_day
            own = [row for row in held[move.person] if row["attained_date"] <= day]
            active = [row for row in own if is_active(row, day)]
            kept = [row for row in active if self._recognizes(move.there.firm, row["credential_id"], day)]
            for group in self.groups(move.here) if own else ():
                cells[str(move.here.quarter), *group].append((bool(active), bool(kept)))
        rows = [(*cell, len(seen), *map(sum, zip(*seen, strict=True))) for cell, seen in cells.items()]
        names = ["base_quarter", "group_dim", "group_value", "movers_with_credential", "movers_with_active"]
        return pd.DataFrame(rows, columns=[*names, "movers_with_kept"])

    def _recognizes(self, firm: str, credential: str, day: date) -> bool:
        return any(
            (row["firm_id"], row["credential_id"]) == (firm, credential)
            and row["recognized_from"] <= day <= (row["recognized_to"] or date.max)
            for row in self.lake.rows("credential_recognition")
        )
