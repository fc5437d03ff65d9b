"""Files of a run that people may have edited, or somebody else sent along -> their bytes, their JSON, and its types.

A run folder is handed round: what it names is read within the folder only, a FIFO or a device is no file of it, and a value
of another type than ours is said at once and not where it is used.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import json
import os
import re
import stat
import types
import typing
from pathlib import Path
from typing import Any

#: No file of ours is larger; a device has no end.
_LARGEST = 1 << 28
#: NUL, and surrogates that stand for no byte, cannot be written again.
_UNWRITABLE = re.compile(r"[\0\ud800-\udc7f\udd00-\udfff]")


class NotOursError(ValueError):
    """A file or a value that no run of ours has written; the text says what is odd."""


def read_plain(folder: Path, name: str = "") -> bytes:
    """A file below a folder (or a file itself) -> its bytes; NotOursError for what is no plain file in there, or too large.

    OSError for one that is not there or may not be read.
    """
    path = folder / name if name else folder
    if name and not path.resolve().is_relative_to(folder.resolve()):
        raise NotOursError(f"{name!r} lies outside of the folder")
    if "\0" in os.fspath(path):
        raise NotOursError(f"{name!r} is no name of a file")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO would be waited for
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotOursError(f"{path.name} is no plain file")
        if status.st_size > _LARGEST:
            raise NotOursError(f"{path.name} is larger than {_LARGEST} bytes")
        return file.read()


def read_json(text: bytes) -> Any:
    """JSON -> its values; ValueError for everything that is none, nested without end too."""
    if len(text) > _LARGEST:
        raise NotOursError("too large")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise NotOursError("nested too deeply") from error


def read_lines(text: bytes) -> list[tuple[int, bytes]]:
    """The lines of a file of JSON, numbered from 1, empty ones left out."""
    return [(number, line) for number, line in enumerate(text.split(b"\n"), 1) if line.strip()]


_T = typing.TypeVar("_T")


def typed(value: _T) -> _T:
    """A dataclass that was made of JSON, when every field of it, and within it, has its type; NotOursError otherwise."""
    hints = _hints(type(value))  # type: ignore[arg-type]
    for item in dataclasses.fields(value):  # type: ignore[arg-type]
        if odd := _odd(getattr(value, item.name), hints[item.name]):
            raise NotOursError(f"{item.name} {odd}")
    return value


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _odd(value: object, hint: Any) -> str:
    """What is odd about a value that should be of a type, or ""."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        found = [_odd(value, one) for one in arguments]
        return "" if "" in found else found[0]
    if origin is tuple:
        return _odd_tuple(value, arguments)
    if origin is collections.abc.Mapping:
        if not isinstance(value, collections.abc.Mapping):
            return f"is {_kind(value)}, not a mapping"
        return next(filter(None, (_odd(one, arguments[1]) for one in value.values())), "")
    if hint in (object, Any):
        return ""
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        return f"is {_kind(value)}, not {hint.__name__}"
    if isinstance(value, str) and _UNWRITABLE.search(value):
        return "holds what is no text"
    if dataclasses.is_dataclass(value):
        try:
            typed(value)
        except NotOursError as error:
            return f"has {error}"
    return ""


def _odd_tuple(value: object, arguments: tuple[Any, ...]) -> str:
    if not isinstance(value, tuple):
        return f"is {_kind(value)}, not a list"
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return next(filter(None, (_odd(one, arguments[0]) for one in value)), "")
    if len(value) != len(arguments):
        return f"has {len(value)} values, not {len(arguments)}"
    return next(filter(None, (_odd(one, hint) for one, hint in zip(value, arguments, strict=True))), "")


def _kind(value: object) -> str:
    return type(value).__name__
