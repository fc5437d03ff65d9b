"""Files that are written together: a disk that is full, a kill, a name that is no file."""

import errno
import os

import pytest

from cocci_gen.findings.whole_files import is_stream, prepared, write_whole


@pytest.fixture
def room(monkeypatch):
    """room(count) -> so many files more can be made, then the disk is full."""
    opened = os.open

    def make(count):
        left = iter(range(count))

        def limited(path, flags, *more, **named):
            if flags & os.O_EXCL and next(left, None) is None:
                raise OSError(errno.ENOSPC, "No space left on device", path)
            return opened(path, flags, *more, **named)

        monkeypatch.setattr(os, "open", limited)

    return make


def lying(folder):
    """Path below the folder -> text, of all files."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_full_disk_leaves_what_was_there(tmp_path, room):
    """Half of a new run over half of an old one looks like a run, and nobody can tell what it says."""
    files = {tmp_path / "a": b"1", tmp_path / "x/b": b"1", tmp_path / "y/c": b"1"}
    write_whole(files)
    before = lying(tmp_path)
    room(2)

    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(dict.fromkeys(files, b"2"))
    assert str(tmp_path / "y/c") == caught.value.filename
    assert before == lying(tmp_path) == {"a": "1", "x/b": "1", "y/c": "1"}


def test_what_fails_in_between_leaves_what_was_there(tmp_path):
    """What takes an earlier run away may fail, and the new one must not stand without its end."""
    with pytest.raises(ZeroDivisionError), prepared({tmp_path / "a": b"1"}):
        1 / 0  # noqa: B018 - it fails
    assert {} == lying(tmp_path)


def test_a_device_is_written_into(tmp_path):
    """Root who says `-o /dev/stdout` would make a plain file of it for all."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")

    assert [True, True, False, False, False] == [
        is_stream(path)
        for path in (tmp_path / "pipe", tmp_path.__class__("/dev/null"), tmp_path / "file", tmp_path, tmp_path / "no")
    ]
