"""Whatever is dropped, corrected, repeated, withdrawn, answered or erased ends where a plain dictionary says.

The house is the real one from the box to the rows that count, but for the judging of rows, which has its own
tests: a stand-in writes them as intake does. ``SOAK=1`` tries far more (``make soak``).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Set
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from contracts.errors import LakeError, VaultError
from contracts.quarters import Quarter
from tests.warehouse.submissions_model import CORRECTION, ORIGINAL, WITHDRAWAL, Model, Sent, State
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.duck import connect
from warehouse.erasure import erase_period, require_kept
from warehouse.home import Home, init_home, open_box
from warehouse.in_force import (
    KINDS,
    load_accepted,
    placed_submissions,
    submissions_in_force,
    write_in_force,
)
from warehouse.intake.so_far import SoFar
from warehouse.lake import Submission, accepted_columns, accepted_path, arrow_schema, schema_path, write_rows
from warehouse.landing import land_pending
from warehouse.ledger import RECEIVED, STATED, VALIDATED, Ledger

SOAK = bool(os.environ.get("SOAK"))
PERIODS = ("2026Q1", "2026Q2")
FIRM = "F001"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

periods = st.sampled_from(PERIODS)
people = st.sampled_from("abc")
wages = st.dictionaries(people, st.integers(1, 3), min_size=1)
days = st.sampled_from([None, "2026-05-01T00:00:00Z", "2026-05-01T01:30:00+01:00", "2026-05-02T00:00:00Z"])
Drop = tuple[str, bytes | None, str | None]
Counted = Mapping[str, State]


def written(paid: Mapping[str, int], gone: Set[str] = frozenset(), *, bad: bool = False) -> bytes:
    lines = [f"{person},{dollars},U" for person, dollars in paid.items() if person not in gone]
    lines += [f"{person},0,D" for person in sorted(gone)]
    return ("rejected " * bad + "\n".join(lines)).encode()


@cache
def template() -> tuple[Home, pa.Schema]:
    """A home to copy, and the schema of accepted wage rows."""
    config = ConsortiumConfig(
        consortium=Consortium(id="valley", name="Valley", region="Here"),
        releases=announce_releases(Quarter(2026, 3), 1),
        intake=Intake(uploads="renamed"),
    )
    home = init_home(Path(tempfile.mkdtemp()) / "template", config)
    with connect() as con:
        schema = arrow_schema(con, accepted_columns("wage"))
    write_rows(schema_path(home, "accepted", "wage"), schema.empty_table())
    open_box(home, FIRM)
    return home, schema


class Submitting(RuleBasedStateMachine):
    """A firm sends, says, repeats and takes back; the house lands and judges."""

    names: Bundle[str] = Bundle("names")
    unused: Bundle[str] = Bundle("unused")

    def __init__(self) -> None:
        super().__init__()
        made, self.schema = template()
        self.folder = Path(tempfile.mkdtemp())
        self.home = Home(Path(shutil.copytree(made.root, self.folder / "home")), made.config)
        self.ledger = Ledger.open(self.home)
        self.so_far = SoFar(self.ledger)
        self.model = Model()
        self.contents: dict[str, bytes] = {}
        self.drops: list[Drop] = []
        self.past: dict[int, Counted] = {}
        self.erased: dict[int, str] = {}
        self.ids = 0

    def teardown(self) -> None:
        """What counted at an earlier head still does, unless it was erased; files and chain hold."""
        for head, counted in self.past.items():
            gone = {period for seq, period in self.erased.items() if seq > head}
            assert self.counting(head, *(set(PERIODS) - gone)) == {
                period: state for period, state in counted.items() if period not in gone
            }
            if any(counted[period] is not None for period in gone):
                with pytest.raises(LakeError, match="LAK-010"):
                    write_in_force(self.home, self.ledger, self.folder / "in_force.parquet", head)
        require_kept(self.home, self.ledger)
        self.ledger.verify()
        self.ledger.close()
        shutil.rmtree(self.folder)

    @rule(target=unused)
    def think_of_an_id(self) -> str:
        self.ids += 1
        return "01ARZ3NDEKTSV4RRFFQ69G5F" + DIGITS[self.ids // 32] + DIGITS[self.ids % 32]

    @rule(target=names, own=unused)
    def promise_it(self, own: str) -> str:
        """Others may follow an id before anything is sent under it."""
        return own

    @rule(target=names, period=periods, paid=wages, bad=st.booleans())
    def drop_bare_file(self, period: str, paid: dict[str, int], bad: bool) -> object:
        return self.send(Sent(period, ORIGINAL, None, None, written(paid, bad=bad and "a" in paid)))

    @rule(target=names, period=periods, own=consumes(unused), paid=wages)
    def drop_original(self, period: str, own: str, paid: dict[str, int]) -> object:
        return self.send(Sent(period, ORIGINAL, None, None, written(paid), [own]))

    @rule(target=names, period=periods, follows=st.none() | names, is_nil=st.booleans())
    def drop_file_without_rows(self, period: str, follows: str | None, is_nil: bool) -> object:
        """A nil return, or one that forgets to say so."""
        kind = ORIGINAL if follows is None else "REPLACEMENT"
        return self.send(Sent(period, kind, follows, None, b"", is_nil=is_nil))

    @rule(target=names, period=periods, own=unused, follows=names, paid=wages, as_of=days, bad=st.booleans())
    def drop_replacement(
        self, period: str, own: str, follows: str, paid: dict[str, int], as_of: str | None, bad: bool
    ) -> object:
        content = written(paid, bad=bad and "b" in paid)
        return self.send(Sent(period, "REPLACEMENT", follows, as_of, content, [own]))

    @rule(target=names, period=periods, follows=names, paid=wages, gone=st.sets(people), as_of=days)
    def drop_correction(
        self, period: str, follows: str, paid: dict[str, int], gone: set[str], as_of: str | None
    ) -> object:
        return self.send(Sent(period, CORRECTION, follows, as_of, written(paid, gone)))

    @rule(target=names, period=periods, follows=names, as_of=days)
    def withdraw(self, period: str, follows: str, as_of: str | None) -> object:
        said = spelled(WITHDRAWAL, follows, as_of)
        new = Sent(period, WITHDRAWAL, follows, as_of, said.encode())
        return self.state(period, said, self.model.withdraw(new), new)

    @rule(
        target=names,
        period=periods,
        kind=st.sampled_from(["REPLACEMENT", CORRECTION]),
        follows=names,
        as_of=days,
        pick=st.integers(0, 9),
    )
    def answer(self, period: str, kind: str, follows: str, as_of: str | None, pick: int) -> object:
        held = [one for one in self.model.sent if one.is_held]
        if not held:
            return multiple()
        chosen = held[pick % len(held)]
        said = spelled(kind, follows, as_of, answers=chosen.house_id)
        return self.state(period, said, self.model.answer(chosen, period, kind, follows, as_of), chosen)

    @rule(period=periods)
    def erase(self, period: str) -> None:
        if self.model.erase(period):
            done = erase_period(self.home, self.ledger, FIRM, period, "agreement ended")
            self.erased[done.seq] = period
        else:
            with pytest.raises(VaultError, match="VLT-010"):
                erase_period(self.home, self.ledger, FIRM, period, "agreement ended")

    @rule(pick=st.integers(0, 99))
    def send_again(self, pick: int) -> None:
        """The same bytes with the same words are nothing new; what was refused may be refused for more."""
        if self.drops:
            before = self.land(self.drops[pick % len(self.drops)])
            assert not list(self.ledger.entries(RECEIVED, STATED, after=before))

    @invariant()
    def what_counts_is_what_was_predicted(self) -> None:
        self.judge()
        predicted = {period: self.model.state(period) for period in PERIODS}
        assert self.counting(None, *PERIODS) == predicted
        self.past[self.ledger.head().seq] = predicted

    @invariant()
    def who_reads_only_what_is_new_knows_the_same(self) -> None:
        afresh = submissions_in_force(self.ledger.entries(*KINDS))
        assert self.so_far.in_force({"wage"}) == afresh
        assert self.so_far.in_force({"firm"}) == []

    def send(self, new: Sent) -> object:
        """Drop a file; its house id, if it is taken, is one more name."""
        own = new.names[0] if new.names else None
        words = spelled(new.kind, new.follows, new.as_of, own, nil_return=new.is_nil or None)
        said = words if own or new.follows or new.is_nil else None
        is_new = self.model.take(new)
        self.contents[new.sha256] = new.content
        return self.named(RECEIVED, self.land((new.period, new.content, said)), is_new, new)

    def state(self, period: str, said: str, is_new: bool, about: Sent) -> object:
        """Drop a manifest alone."""
        return self.named(STATED, self.land((period, None, said)), is_new, about)

    def named(self, kind: str, since: int, is_new: bool, about: Sent) -> object:
        taken = [str(entry.body["submission_id"]) for entry in self.ledger.entries(kind, after=since)]
        assert len(taken) == is_new
        about.names += taken
        return multiple(*taken)

    def land(self, drop: Drop) -> int:
        """Put it into the box and let the house take it; returns the head before."""
        period, content, said = drop
        self.drops.append(drop)
        before, path = self.ledger.head().seq, self.home.inbox(FIRM) / f"wage_{period}.csv"
        if content is not None:
            path.write_bytes(content)
        if said is not None:
            path.with_name(path.name + ".manifest.json").write_text(said)
        land_pending(self.home, self.ledger)
        assert not list(path.parent.iterdir())
        return before

    def judge(self) -> None:
        """What intake does, without looking at rows."""
        entries = list(self.ledger.entries(*KINDS))
        judged = {entry.body["submission_id"] for entry in entries if entry.kind == VALIDATED}
        for one in placed_submissions(entries):
            if one.submission_id not in judged:
                rows = self.rows(one)
                if rows:
                    write_rows(accepted_path(self.home, one), pa.Table.from_pylist(rows, schema=self.schema))
                counts = {"rows_in": len(rows), "accepted": len(rows), "quarantined": 0}
                status = "REJECTED" if bool(rows) == one.nil_return else "ACCEPTED"
                self.ledger.append(
                    VALIDATED, {"submission_id": one.submission_id, "status": status, **counts}
                )

    def rows(self, of: Submission) -> list[dict[str, object]]:
        content = self.contents[of.sha256]
        lines = [] if content.startswith(b"rejected") else content.decode().split()
        place = {"submission_id": of.submission_id, "box_firm_id": of.firm_id, "box_period": of.period}
        return [
            place
            | {"record": record, "tx_from": of.tx_from, "firm_id": of.firm_id, "year_quarter": of.period}
            | {"learner_key": person, "gross_wages_usd": Decimal(dollars), "record_action": action}
            for record, (person, dollars, action) in enumerate((line.split(",") for line in lines), 1)
        ]

    def counting(self, head: int | None, *wanted: str) -> Counted:
        """By period, the rows the warehouse reads at a head; None where nothing states the whole."""
        everything = submissions_in_force(self.ledger.entries(*KINDS, up_to=head))
        in_force = [one for one in everything if one.period in wanted]
        found: dict[str, State] = dict.fromkeys(wanted)
        found |= {one.period: {} for one in in_force if one.status != "REJECTED"}
        with connect() as con:
            columns = ("box_period", "learner_key", "gross_wages_usd")
            load_accepted(con, self.home, "wage", in_force, "whole")
            load_accepted(con, self.home, "wage", in_force, "counting", columns)
            rows, of_whole = (
                con.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL").fetchall()
                for table in ("counting", "whole")
            )
        assert rows == of_whole
        for period, person, dollars in rows:
            of_period = found[period]
            assert of_period is not None
            assert person not in of_period
            of_period[person] = int(dollars)
        return found


def spelled(kind: str, follows: str | None, as_of: str | None, own: str | None = None, **more: object) -> str:
    said = {"submission_type": kind, "supersedes": follows, "as_of": as_of, "submission_id": own} | more
    return json.dumps({name: value for name, value in said.items() if value is not None})


@pytest.mark.parametrize("is_nil", [True, False])
def test_the_same_bytes_said_to_be_two_things_count_the_same_whichever_came_first(is_nil: bool) -> None:
    """A nil return and a file without rows follow one file; the second of them is withdrawn."""
    counted = []
    for order in ([True, False], [False, True]):
        firm = Submitting()
        (first,) = firm.drop_bare_file(period=PERIODS[0], paid={"a": 1}, bad=False).values
        empty = {
            one: firm.drop_file_without_rows(period=PERIODS[0], follows=first, is_nil=one).values[0]
            for one in order
        }
        firm.withdraw(period=PERIODS[0], follows=empty[is_nil], as_of=None)
        firm.what_counts_is_what_was_predicted()
        counted.append(firm.counting(None, PERIODS[0]))
        firm.teardown()
    assert counted[0] == counted[1]


TestSubmitting = Submitting.TestCase
TestSubmitting.settings = settings(
    max_examples=2_000 if SOAK else 30,
    stateful_step_count=60 if SOAK else 25,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
