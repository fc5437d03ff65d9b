"""Files of a run that people may have edited, or somebody else sent along -> their bytes, their JSON, and its types.

A run folder is handed round: what it names is read within the folder only, a FIFO or a device is no file of it, and a value
of another type than ours is said at once and not where it is used.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
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
_E = typing.TypeVar("_E", bound=enum.Enum)
#: What the types of JSON are called.
_CALLED = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false", "list": "a list", "dict": "a table",
           "tuple": "a list", "NoneType": "nothing", "Mapping": "a table", "bytes": "text"}  # fmt: skip


def typed(value: _T) -> _T:
    """A dataclass that was made of JSON, when every field of it, and within it, has its type; NotOursError otherwise."""
    for name, hint in _hints(type(value)):  # type: ignore[arg-type]
        if odd := _odd(getattr(value, name), hint):
            raise NotOursError(f"{name} {odd}")
    return value


def built(kind: type[_T], values: Any, **more: object) -> _T:
    """Values of JSON, and some that were made of them -> the dataclass whose fields they are.

    NotOursError names the field that is missing, that it does not have, or that has another type.
    """
    if not isinstance(values, dict):
        raise NotOursError(f"{_kind(values)} where a table of values is wanted")
    fields = _fields(kind)  # type: ignore[arg-type]
    given = values | more
    for name in given:
        if name not in fields:
            raise NotOursError(f"{name!r} is no field that we know")
    for name, wanted in fields.items():
        if wanted and name not in given:
            raise NotOursError(f"{name!r} is missing")
    return typed(kind(**given))


def check_table(name: str, table: object, held: collections.abc.Mapping[str, type]) -> None:
    """NotOursError where a table of JSON lacks a value that it has to hold, or where one has another type."""
    if not isinstance(table, dict):
        raise NotOursError(f"{name} holds {_kind(table)} where a table of values is wanted")
    for key, kind in held.items():
        if key not in table:
            raise NotOursError(f"{key!r} is missing in {name}")
        if type(table[key]) is not kind:
            raise NotOursError(f"{key} in {name} is {_kind(table[key])}, not {_called(kind)}")


def one_of(kind: type[_E], value: object) -> _E:
    """A word of JSON -> the member of the enumeration; NotOursError for a word that it does not have."""
    try:
        return kind(value)
    except ValueError as error:
        raise NotOursError(f"{value!r} is none of {', '.join(str(one.value) for one in kind)}") from error


def oddity(error: Exception) -> str:
    """What a reader of such a file stumbled over, in words for whoever has edited it."""
    if isinstance(error, NotOursError):
        return str(error)
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        return f"no JSON at {place}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing" if error.args else "something is missing"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "a value is of another sort than we write there"


@functools.cache
def _fields(kind: Any) -> dict[str, bool]:
    """The fields of a dataclass, and whether each has to be given."""
    every = dataclasses.fields(kind)
    return {item.name: item.default is item.default_factory is dataclasses.MISSING for item in every}


@functools.cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((item.name, hints[item.name]) for item in dataclasses.fields(kind))


@functools.cache
def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a type is made of."""
    return typing.get_origin(hint), typing.get_args(hint)


def _odd(value: object, hint: Any) -> str:
    """What is odd about a value that should be of a type, or ""."""
    if type(value) is hint and hint in (int, bool):  # most values are plain, and a run has half a million
        return ""
    if type(value) is hint is str:
        return "holds what is no text" if _UNWRITABLE.search(value) else ""
    origin, arguments = _parts(hint)
    if origin in (types.UnionType, typing.Union):
        found = [_odd(value, one) for one in arguments]
        return "" if "" in found else found[0]
    if origin is tuple:
        return _odd_tuple(value, arguments)
    if origin is collections.abc.Mapping:
        if not isinstance(value, collections.abc.Mapping):
            return f"is {_kind(value)}, not a table"
        return next(filter(None, (_odd(one, arguments[1]) for one in value.values())), "")
    if hint in (object, Any):
        return ""
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        return f"is {_kind(value)}, not {_called(hint)}"
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
    return _called(type(value))


def _called(kind: type) -> str:
    return _CALLED.get(kind.__name__, kind.__name__)
