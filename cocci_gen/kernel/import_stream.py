"""Commits and their files -> the lines that `git fast-import` reads."""

from __future__ import annotations

import re


def commit(ref: str, who: bytes, message: bytes) -> bytes:
    """The beginning of a commit by `who` ("NAME <ADDRESS> SECONDS +0000"); its files follow, then an empty line."""
    return b"commit %s\nauthor %s\ncommitter %s\n%s" % (ref.encode(), who, who, _data(message))


def entry(mode: str, path: str, text: bytes) -> bytes:
    """A file as it is from this commit on."""
    return b"M %s inline %s\n%s" % (mode.encode(), _quoted(path), _data(text))


def removal(path: str) -> bytes:
    """A file that goes."""
    return b"D %s\n" % _quoted(path)


def _data(content: bytes) -> bytes:
    """A counted block."""
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    """A path in the quoting of git, byte by byte."""
    raw = path.encode("utf-8", "surrogateescape")
    return b'"' + re.sub(rb"[^ !#-\[\]-~]", lambda found: b"\\%03o" % found[0][0], raw) + b'"'
