"""A release as a DCAT-US 1.1 catalog, for harvesters of open data: one dataset a table, with its addresses.

One source for the file in every release and for the door's ``/data.json``. Which addresses a table has is
said by whoever offers it; what a table holds, behind the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.config import ConsortiumConfig
from warehouse.release_manifest import name_of

DCAT = "dcat.json"
"""Its name in a release."""
_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


@dataclass(frozen=True)
class Offer:
    """A release whose tables are offered: its period, version and day, and whom to ask."""

    config: ConsortiumConfig
    period: str
    version: str
    modified: str


@dataclass(frozen=True)
class Distribution:
    """An address at which a table lies, absolute or relative to the catalog's own, and its media type."""

    address: str
    media_type: str


def data_catalog(
    offer: Offer, tables: Mapping[str, str], places: Callable[[str], Iterable[Distribution]]
) -> dict[str, Any]:
    """The catalog. ``tables``: what each holds in words, by name; ``places``: where a table lies.

    Everything the standard requires of a dataset is there but an address for mail, where the consortium has
    named none (``[contact] email``).
    """
    return {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [_dataset(offer, name, words, places(name)) for name, words in tables.items()],
    }


def _dataset(offer: Offer, name: str, words: str, places: Iterable[Distribution]) -> dict[str, Any]:
    consortium = offer.config.consortium
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{consortium.id}/{name_of(offer.period, offer.version)}/{name}",
        "title": name.replace("_", " ").capitalize(),
        "description": words,
        "keyword": ["workforce training", consortium.region],
        "modified": offer.modified,
        "publisher": {"@type": "org:Organization", "name": consortium.name},
        "contactPoint": _contact(offer.config),
        "accessLevel": "public",
        "accrualPeriodicity": "R/P3M",
        "spatial": consortium.region,
        "distribution": [
            {"@type": "dcat:Distribution", "downloadURL": one.address, "mediaType": one.media_type}
            for one in places
        ],
    }


def _contact(config: ConsortiumConfig) -> dict[str, str]:
    said = {"@type": "vcard:Contact", "fn": config.contact.name or config.consortium.name}
    return said | ({"hasEmail": f"mailto:{config.contact.email}"} if config.contact.email else {})
