"""Processes forked from one that has loaded what they need: for work that a stranger's input could upset.

The parent is a module, run with the number of a socket; it hands ``serve`` what a child does with its line.
Whoever asks keeps a ``Parent`` and gives it one open line for each job. What is asked and answered on a line
belongs to the two ends.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

_FRUGAL = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
"""Arrow's own allocator would set a gigabyte of addresses aside at once, its threads more, and children have
limits.
"""
_MOST_WORDS = 8192
"""Bytes of what a line is about; the kernel never joins what comes with one line to what another brings."""


def serve(
    answer_on: Callable[[socket.socket], None], get_ready: Callable[[str], None] = lambda _about: None
) -> None:
    """Fork a child for every line that comes over the socket whose number is on the command line.

    ``get_ready`` is told what the line is about before the fork, so that what it opens is open in the child.
    The kernel buries the children. Ends when whoever asks is gone.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        about, lines, _, _ = socket.recv_fds(control, _MOST_WORDS, 1)
        if not about:
            return
        get_ready(about.decode().rstrip("\n"))
        if os.fork() == 0:
            _be_a_child(control, lines[0], answer_on)
        os.close(lines[0])


def _be_a_child(control: socket.socket, line: int, answer_on: Callable[[socket.socket], None]) -> None:
    """Answer and end, whatever happens: a child never goes back into the loop of its parent."""
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        answer_on(socket.socket(fileno=line))
    finally:
        os._exit(0)


class Parent:
    """The process that forks, begun when it is first needed. May be used from many threads.

    ``module``: what it runs. Its environment is where Python finds its modules and how to be frugal: nothing
    that could hold a secret.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._changing = threading.Lock()
        self._control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> socket.socket:
        """Begin, unless it has begun; the socket it takes lines from."""
        with self._changing:
            if self._control is None:
                self._control, theirs = socket.socketpair()
                with theirs:
                    self.process = self._started(theirs.fileno())
            return self._control

    def hand_over(self, line: socket.socket, about: str = "") -> None:
        """Give it a line to answer on, and what it is about; a parent that was killed is replaced once."""
        words = [f"{about}\n".encode()]
        try:
            socket.send_fds(self.start(), words, [line.fileno()])
        except OSError:
            self.stop()
            socket.send_fds(self.start(), words, [line.fileno()])

    def stop(self) -> None:
        """End it, if it has begun; children that are at work end by themselves."""
        with self._changing:
            if self._control is not None:
                self._control.close()
            if self.process is not None:
                self.process.kill()
                self.process.wait()
            self._control = self.process = None

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", self._module, str(number)]
        bare = {"PYTHONPATH": ":".join(part for part in sys.path if part), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL, env=bare | _FRUGAL)
