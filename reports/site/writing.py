"""The site as files: its pages, and every public release copied beside them byte for byte.

A folder that is no site of ours is never written into. What the pages say is in ``pages``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from contracts.errors import ReleaseError
from reports.door.shelf import Volume
from reports.site.pages import Site, site_pages

MARK = "site.json"
"""Names every page that was written, so that the next writing can take away what is no longer there."""


def write_site(site: Site, out: Path) -> int:
    """Write the site into ``out`` and say how many files it has. A second writing updates the first.

    ReleaseError REL-031 when the folder holds something and is no site.
    """
    known = _claim(out)
    pages = site_pages(site)
    for name in sorted(known - pages.keys()):
        (out / name).unlink(missing_ok=True)
    for name, content in pages.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    copied = sum(_copy(volume, out / "releases" / volume.name) for volume in site.volumes)
    (out / MARK).write_text(json.dumps(sorted(pages), indent=1) + "\n", encoding="utf-8")
    return len(pages) + copied


def _claim(out: Path) -> set[str]:
    """The pages of an earlier writing; none where the folder is new or empty."""
    out.mkdir(parents=True, exist_ok=True)
    if (out / MARK).is_file():
        return set(json.loads((out / MARK).read_text(encoding="utf-8")))
    if any(out.iterdir()):
        raise ReleaseError(
            "REL-031",
            found="a folder that holds something and no site",
            expected="an empty folder, none, or one that `guildhall site` wrote",
            where=str(out),
            remedy="Name another folder: nothing of yours is overwritten.",
        )
    return set()


def _copy(volume: Volume, to: Path) -> int:
    """A release's files as they are; how many it has."""
    names = list(_names(volume))
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(volume.release.root / name, to / name)
    return len(names)


def _names(volume: Volume) -> Iterable[str]:
    """The files that the manifest names, and the manifest; nothing else that may lie there."""
    yield from volume.release.manifest["files"]
    yield "manifest.json"
