"""The process that makes processes: it has imported what an answer needs, and does nothing but fork.

It holds one connection to whoever asks (a socket, given by its number on the command line), takes from it one
open line at a time and lets a fresh child answer on it. It ends when the asker is gone.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

from warehouse.door.answering import answer_on


def serve(control: socket.socket) -> None:
    """Fork a child for every line that comes; the kernel buries them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        byte, lines, _, _ = socket.recv_fds(control, 1, 1)
        if not byte:
            return
        if os.fork() == 0:
            _be_a_child(control, lines[0])
        os.close(lines[0])


def _be_a_child(control: socket.socket, line: int) -> None:
    """Answer and end, whatever happens: a child never goes back into the loop of its parent."""
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        answer_on(socket.socket(fileno=line))
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
