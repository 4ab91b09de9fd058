"""Modules that a program does without are not found while it runs, and are afterwards."""

from __future__ import annotations

import importlib
import sys

import pytest

from contracts.loading import without

UNUSED, OTHER = "colorsys", "fractions"


@pytest.fixture(autouse=True)
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (UNUSED, OTHER):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_module_is_not_found_inside_and_is_afterwards() -> None:
    with without(UNUSED), pytest.raises(ModuleNotFoundError) as refused:
        importlib.import_module(UNUSED)
    assert refused.value.name == UNUSED
    assert importlib.import_module(UNUSED).__name__ == UNUSED


def test_module_that_is_loaded_stays() -> None:
    loaded = importlib.import_module(UNUSED)
    with without(UNUSED):
        assert importlib.import_module(UNUSED) is loaded


def test_other_modules_are_found() -> None:
    with without(UNUSED):
        assert importlib.import_module(OTHER).__name__ == OTHER
