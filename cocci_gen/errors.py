"""The errors that a user may meet; `str()` of each is the one clear sentence that is shown.

Stages raise these and nothing else for whatever a user, a kernel tree or a disk can do wrong; `cli` alone turns them
into exit codes.  A failing job is no error but an outcome (`spatch.Failed`).
"""

from __future__ import annotations

from pathlib import Path


class CocciGenError(Exception):
    """Something outside of this program is wrong; the text says what, where, and the way out."""


class UsageProblem(CocciGenError):
    """The command line asks for what cannot be; ends in exit code 2, like click's own usage errors."""


class KernelTreeError(CocciGenError):
    """The kernel tree cannot be read: no repository, no such revision, no such file, or git itself failed."""


class RuleDocumentError(CocciGenError):
    """A rule document (locking.rst, a corpus case, a vocabulary) is broken at one line."""

    def __init__(self, path: str | Path, line: int, message: str) -> None:
        """Keep the place apart from the words, so that reports can point at it; line 0 means the file as a whole."""
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")
        self.path = str(path)
        self.line = line
        self.message = message


class SpatchUnavailable(CocciGenError):
    """Coccinelle is not installed or too old."""


class ClusterUnavailable(CocciGenError):
    """The Dask cluster that was named cannot do the work: no scheduler, no worker, or one that would answer otherwise."""


class SemanticPatchRefused(CocciGenError):
    """A semantic patch could run programs or read files of its own, so it is not given to spatch."""


class StorageError(CocciGenError):
    """Something could not be written or kept: full disk, no permission, a broken cache."""
