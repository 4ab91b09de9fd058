"""How the sample region's credentials stack, and which firms recognize them.

Five ladders are planted, and one circle: two certifications that each require the other. Firms recognize the
credentials of their own sector's programs far more often than others'.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.credentials import GOES_ON
from warehouse.sample.draws import stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import CIRCLE, CREDENTIALS, PROGRAMS, SECTORS, STEPS
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, frame

DEPTHS = {"CNC-MASTER": 2, "RN-ASSOC": 2, "ITS-CLOUD": 2, "WLD-PIPE": 1, "ELE-JOURNEY": 1, "CNC-OPERATOR": 0}

_AT_HOME, _ELSEWHERE = 0.9, 0.22


def draw(files: Files) -> Drawn:
    """Steps of the catalog, and every firm's list of what it recognizes, from the fund's first quarter."""
    quarter = str(files.region.settings.calendar[fund_start(files)])
    recognized = _recognized(files)
    frames = {
        "credential_component": in_boxes(_components(files), OPERATOR, quarter),
        "credential_recognition": in_boxes(recognized, recognized["firm_id"], quarter),
    }
    return Drawn(frames, _truth(files, recognized))


def _components(files: Files) -> pd.DataFrame:
    columns = {
        "credential_id": [step[0] for step in STEPS],
        "component_credential_id": [step[1] for step in STEPS],
        "relation": [step[2] for step in STEPS],
        "credit_value": [step[3] for step in STEPS],
        "credit_unit": ["SEMESTER_HOUR" if step[3] else BLANK for step in STEPS],
        "valid_from": str(files.calendar.first_days[fund_start(files)]),
    }
    return frame(columns, len(STEPS))


def _recognized(files: Files) -> pd.DataFrame:
    """One row per firm × credential that it recognizes."""
    firms, rng = files.region.firms, stream(files.region.settings.seed, "recognition")
    sectors = np.array([sector.name for sector in SECTORS], dtype=object)[firms.sectors]
    homes = {program.credential_id: set(program.sectors) for program in PROGRAMS}
    pairs = [
        (firm, credential.credential_id)
        for firm, sector in zip(firms.ids, sectors, strict=True)
        for credential in CREDENTIALS
        if rng.random()
        < (_AT_HOME if sector in homes.get(credential.credential_id, {sector}) else _ELSEWHERE)
    ]
    columns = {
        "firm_id": [firm for firm, _ in pairs],
        "credential_id": [credential for _, credential in pairs],
        "basis": "HIRING_PREFERENCE",
        "recognized_from": str(files.calendar.first_days[fund_start(files)]),
        "recognized_to": BLANK,
    }
    return frame(columns, len(pairs))


def _truth(files: Files, recognized: pd.DataFrame) -> dict[str, JsonValue]:
    parents = dict(zip(files.region.firms.ids, files.region.firms.parent_ids, strict=True))
    by_parent = recognized.assign(parent=recognized["firm_id"].map(parents))
    counts = by_parent.groupby("credential_id")["parent"].nunique()
    return {
        "depths": dict(DEPTHS),
        "circle": list(CIRCLE),
        "goes_on_within_eight_quarters": GOES_ON,
        "recognizing_parents": {str(name): int(count) for name, count in counts.items()},
    }
