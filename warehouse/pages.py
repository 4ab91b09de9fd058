"""The page templates of the warehouse: how they are loaded. What a page says belongs to who lays it out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def page_template(name: str) -> Template:
    """A template of ``warehouse/templates``; what is put in is escaped, and a missing value is an error."""
    # Imported here: checking a file at the firm lays out no page, and need not wait for it.
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("warehouse"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
