"""What answers are forked from: it has imported what an answer needs, and does nothing but fork."""

from __future__ import annotations

from warehouse.door.answering import answer_on
from warehouse.forking import serve

if __name__ == "__main__":
    serve(answer_on)
