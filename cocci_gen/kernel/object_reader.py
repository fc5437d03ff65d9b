"""A repository -> the bytes of its objects, from one `git cat-file --batch` that is kept running."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cocci_gen import programs
from cocci_gen.conversation import Conversation, SilenceError
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.repository import Repository, Shadow

T = TypeVar("T")

_TIMEOUT = 600.0
#: What git prints for a revision that is one object.
OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class ObjectReader:
    """Reads objects of a repository through its shadow; git is started with the first question, and again after `hang_up`."""

    def __init__(self, repository: Repository, shadow: Shadow) -> None:
        self._root = repository.root
        self._shadow = shadow
        self._reading = threading.Lock()
        self._git: Conversation | None = None

    def read(self, oids: Sequence[str]) -> list[bytes]:
        """Names of blobs -> their bytes; KernelTreeError where the repository lacks one."""
        return self._spoken_for(lambda: self._asked(oids)) if oids else []

    def read_path(self, tree: str, path: str) -> bytes | None:
        """A path in a tree -> its bytes; None where no file is there."""
        return self._spoken_for(lambda: self._asked_by_path(tree, path))

    def hang_up(self) -> None:
        """End that git."""
        if self._git is not None:
            self._git.close()
            self._git = None

    def _spoken_for(self, ask: Callable[[], T]) -> T:
        """The answer to a question to that git, with nobody else talking to it in between."""
        with self._reading:
            try:
                return ask()
            except SilenceError as error:
                self.hang_up()
                raise KernelTreeError(
                    f"git cat-file failed in {self._root}: {error}; is the repository whole? `git fsck` tells"
                ) from error
            except BaseException:  # answers that nobody has read would be taken for those to the next question
                self.hang_up()
                raise

    def _asked(self, oids: Sequence[str]) -> list[bytes]:
        """The answer is `<oid> blob <size>LF<bytes>LF` each, or `<oid> missing`."""
        reader = self._opened()
        reader.say("\n".join((*oids, "")).encode())
        texts = []
        for oid in oids:
            answer = reader.line().split(b" ")
            if len(answer) != 3 or answer[0] != oid.encode() or answer[1] != b"blob":
                raise KernelTreeError(
                    f"{self._root} lacks the blob {oid}: a partial clone? `git fetch --refetch --no-filter` completes it"
                )
            texts.append(_body(reader, answer[2]))
        return texts

    def _asked_by_path(self, tree: str, path: str) -> bytes | None:
        """The answer is `<oid> <type> <size>LF<bytes>LF`, or the question with a word behind it."""
        reader = self._opened()
        reader.say(f"{tree}:{path}\n".encode("utf-8", "surrogateescape"))
        answer = reader.line().rsplit(b" ", 2)
        if not OID.fullmatch(answer[0].decode("ascii", "replace")):
            return None
        text = _body(reader, answer[2])
        return text if answer[1] == b"blob" else None

    def _opened(self) -> Conversation:
        if self._git is None:
            env = programs.clean_environment(Path("/nonexistent"))
            words = ["git", f"--git-dir={self._shadow.path}", "cat-file", "--batch"]
            self._git = Conversation(words, cwd=self._shadow.path, timeout=_TIMEOUT, env=env)
        return self._git


def _body(reader: Conversation, size: bytes) -> bytes:
    """What git says behind the line with its size, and the end of line behind that."""
    text = reader.bytes(int(size))
    reader.bytes(1)
    return text
