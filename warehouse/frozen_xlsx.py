"""A workbook as bytes that hold no time of day: neither its properties nor its archive's entries.

What is in the workbook belongs to whoever writes it.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from openpyxl.packaging.core import DocumentProperties
from openpyxl.xml.functions import tostring

_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def freeze(written: io.BytesIO, title: str) -> bytes:
    """A saved workbook again, with fixed properties and timestamps: the same content, the same bytes."""
    frozen = io.BytesIO()
    about = DocumentProperties(creator="Guildhall", title=title, created=_EPOCH, modified=_EPOCH)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(frozen, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            is_about = member.filename == "docProps/core.xml"
            content = tostring(about.to_tree()) if is_about else source.read(member)
            target.writestr(_dateless(member.filename), content)
    return frozen.getvalue()


def _dateless(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry
