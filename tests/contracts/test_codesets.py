"""Published code sets hold what an extract may hold, and nothing broader."""

from __future__ import annotations

import pytest

from contracts.codesets import CODESETS, codeset
from contracts.errors import ContractError

HELD = [
    ("soc_2018", "49-9041", ("49-9040", "49-9000", "49-0000", "99-9999")),
    ("naics_2022", "336411", ("31-33", "33", "336", "33641")),
    ("cip_2020", "01.0101", ("01", "01.01", "1.0101")),
    ("county_fips", "06037", ("6037", "06", "99999")),
]


@pytest.mark.parametrize("name,code,foreign", HELD)
def test_code_set_holds_codes_of_one_level(name: str, code: str, foreign: tuple[str, ...]) -> None:
    assert code in codeset(name)
    assert not codeset(name) & set(foreign)
    assert len({len(one) for one in codeset(name)}) == 1


def test_code_sets_have_the_published_sizes() -> None:
    sizes = {"soc_2018": 867, "county_fips": 3220}
    assert {name: len(codeset(name)) for name in sizes} == sizes


def test_unknown_code_set_is_refused() -> None:
    assert set(CODESETS) == {name for name, *_ in HELD}
    with pytest.raises(ContractError, match="CTR-005"):
        codeset("sic_1987")
