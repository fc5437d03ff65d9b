"""Files that are there whole or not at all, several of them together: a full disk leaves what an earlier run has written."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_HALF = ".cocci-gen-"
#: What the names of files match (`glob`) that were just being written; who is killed meanwhile leaves them.
HALF = f"{_HALF}{'?' * 16}"
#: How a file is made that nobody has made, nor put a link in its place.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


@contextmanager
def prepared(files: Mapping[Path, bytes]) -> Iterator[None]:
    """All files under other names, which become theirs in this order once the block has ended well, else they go.

    OSError, with the file that could not be written as its `filename`; what is there beforehand then stays as it was.
    """
    made: list[tuple[str, Path]] = []
    try:
        for path, data in files.items():
            with _about(path):
                half = f"{path.parent}/{_HALF}{secrets.token_hex(8)}"
                made.append((half, path))
                _write(half, path.parent, data)
        yield
        for half, path in made:
            with _about(path):
                os.replace(half, path)  # noqa: PTH105 - a string
    except BaseException:
        for half, _ in made:
            with suppress(OSError):
                os.unlink(half)  # noqa: PTH108 - a string
        raise


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write all these files, or none where there is no room for one of them; OSError as above."""
    with prepared(files):
        pass


def is_stream(path: Path) -> bool:
    """Whether a name is that of a terminal, a pipe or another device, which is written into and never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _write(half: str, folder: Path, data: bytes) -> None:
    # A run writes hundreds of files: what tempfile and pathlib do beside this takes ten times as long.
    try:
        handle = os.open(half, _NEW, 0o600)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(half, _NEW, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        os.fchmod(handle, 0o644)


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Whatever fails, it is about this file: its other name tells a user nothing."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
