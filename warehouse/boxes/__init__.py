"""Where firms drop their files and find their receipts: a folder, an SFTP server, or an S3 bucket.

A box is listed, read and cleared here through one small interface, whatever store it lies on. What a dropped
file means belongs to ``submissions``, what is in it to ``intake``.
"""

from warehouse.boxes.box import Box, BoxUnreachable, Found, StoreFault, Unreadable, Unstable
from warehouse.boxes.completeness import Proof
from warehouse.boxes.listing import Drop, Listing, Lone, Misfit, Waiting, list_boxes, look_into
from warehouse.boxes.names import spelled
from warehouse.boxes.places import Boxes, Unreachable, open_boxes

__all__ = [
    "Box",
    "BoxUnreachable",
    "Boxes",
    "Drop",
    "Found",
    "Listing",
    "Lone",
    "Misfit",
    "Proof",
    "StoreFault",
    "Unreachable",
    "Unreadable",
    "Unstable",
    "Waiting",
    "list_boxes",
    "look_into",
    "open_boxes",
    "spelled",
]
