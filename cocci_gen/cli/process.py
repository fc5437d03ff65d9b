"""The command line as a process: streams that are closed, a reader that has gone, a terminal that is closed, a crash."""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import os
import platform
import signal
import stat
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from cocci_gen import __version__

#: EX_SOFTWARE of sysexits.h: a fault of this program.
CRASHED = 70
#: What a shell makes of SIGPIPE: whoever read our output has seen enough.
UNREAD = 128 + signal.SIGPIPE
#: When Python looks for cycles: what a scan makes has nearly none, and to look after every 50,000 objects costs an eighth of it.
_COLLECTED = 1_000_000, 20, 100


class _Nowhere(io.FileIO):
    """What stands in for an output that was closed from the start: it remembers whether anybody has written to it."""

    def __init__(self, number: int) -> None:
        """`number` is a descriptor that leads nowhere."""
        super().__init__(number, "w", closefd=False)
        self.asked = False

    def write(self, data: Any, /) -> int:
        """Lose it, and remember that."""
        self.asked = True
        return super().write(data)


def unheard() -> bool:
    """Whether something was written to an output that was closed from the start."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, _Nowhere) and raw.asked


class WholeProcess:
    """A context manager around all that the process does: whatever comes out of it is an exit code and at most one line.

    Exit code 1 means findings; Python's own 1 for an error that nobody caught would say so of a crash.
    """

    def __enter__(self) -> WholeProcess:
        _open_streams()
        gc.set_threshold(*_COLLECTED)
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                # As Ctrl-C: plainly killed, spatch and the workers would go on.
                signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unread = isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.EIO)
        code: object = error.code if isinstance(error, SystemExit) else None
        if error is not None and not unread and not isinstance(error, (SystemExit, KeyboardInterrupt)):
            code = CRASHED
            say_last(f"cocci-gen: a fault of cocci-gen itself ({_summary(error)}); the report is {_report(error)}")
        elif isinstance(error, KeyboardInterrupt):
            code = 128 + signal.SIGINT
        if not give_up_output() or unread:
            code = UNREAD
        raise SystemExit(code)


def say_last(line: str) -> None:
    """A line on stderr, if there still is anybody to read it."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def is_hung_up(error: OSError) -> bool:
    """Whether what failed is a write to a terminal that is gone: a file or a disk of which the system could not write is no
    terminal."""
    streams = []
    for number in (1, 2):
        with contextlib.suppress(OSError):
            streams.append(stat.S_ISCHR(os.fstat(number).st_mode))
    return error.errno == errno.EIO and error.filename is None and any(streams)


def give_up_output() -> bool:
    """Write what is still to be written; False, and nothing will be tried again at exit, where that fails."""
    whole = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            whole = whole and stream is sys.stderr
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return whole


def _open_streams() -> None:
    """Where a standard stream is closed, /dev/null: a file of ours that gets its number would be written over."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Nowhere(1)), "utf-8", "replace")
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - a descriptor


def _summary(error: BaseException) -> str:
    words = "".join(character if character.isprintable() else "?" for character in str(error))[:120]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _report(error: BaseException) -> str:
    """Write all that is known of a crash into a file of its own -> where it is."""
    text = "".join(
        (
            f"cocci-gen {__version__}, Python {platform.python_version()}, {platform.platform()}\n",
            f"command: {sys.argv!r}\n\n",
            *traceback.format_exception(error),
        )
    )
    try:
        descriptor, name = tempfile.mkstemp(prefix="cocci-gen-crash-", suffix=".txt")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
    except OSError as problem:
        why = (
            "there is no room for it"
            if problem.errno in (errno.ENOENT, errno.ENOSPC, errno.EFBIG)
            else problem.strerror
        )
        return f"not written ({why}); it ends with {traceback.format_exception(error)[-2].strip()}"
    return str(Path(name))
