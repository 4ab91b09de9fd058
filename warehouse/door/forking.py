"""What answers are forked from: it has loaded what an answer needs, and does nothing but fork.

Loaded are the modules, and the releases asked about last.
"""

from __future__ import annotations

from functools import partial

from warehouse.door.answering import answer_on
from warehouse.door.limits import DEFAULT
from warehouse.door.opened import Opened
from warehouse.door.statement import read_statement
from warehouse.forking import serve

if __name__ == "__main__":
    read_statement("SELECT 1", (), DEFAULT)  # with its first question the parser builds what it needs
    opened = Opened()
    serve(partial(answer_on, opened), opened.get_ready)
