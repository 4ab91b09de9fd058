"""The door to Great Expectations: loaded when it is asked, silent, and told only what carries no cell.

What is expected belongs to whoever asks: ``batch_checks`` of periods, ``witness`` of a batch.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import pandas as pd

from contracts.render import RESULT_FORMAT


def great_expectations() -> tuple[Any, Any]:
    """The library and its expectations.

    Imported here because it takes seconds and 250 MB; its own import warnings are not ours to act on.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
        from great_expectations import expectations
    return great_expectations, expectations


def new_context(gx: Any) -> Any:
    """A context that keeps nothing and draws no progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def whole_frame(context: Any, name: str, frame: pd.DataFrame) -> Any:
    """A frame as a batch; each name is a context's own once."""
    asset = context.data_sources.add_pandas(name).add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("batch").get_batch({"dataframe": frame})


def validated(batch: Any, expected: Any) -> Any:
    """What a batch says to an expectation or a suite; the result holds counts and no cell."""
    return batch.validate(expected, result_format=dict(RESULT_FORMAT))
