"""Patch mails -> what the kernel's own checkpatch.pl says about them.

The script and its word lists come from the object database of the tree at hand and run in an empty folder with
--no-tree, so that nothing else of that tree is read or started.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.mails.mail import Mail

SCRIPT = "scripts/checkpatch.pl"
_COMPANIONS = ("scripts/spelling.txt", "scripts/const_structs.checkpatch")
_OPTIONS = ("--no-tree", "--terse", "--show-types", "--no-summary", "--color=never")
_TIMEOUT = 120.0


def run_checkpatch(
    tree: KernelTree, mails: Sequence[Mail], *, signed: bool = False, jobs: int = 2
) -> tuple[tuple[str, ...], ...]:
    """Mails -> the complaints about each; KernelTreeError where the script cannot be had or run."""
    if SCRIPT not in tree.blobs():
        raise KernelTreeError(f"{tree.root} has no {SCRIPT} at {tree.revision}")
    with tempfile.TemporaryDirectory(prefix=programs.temporary_prefix("checkpatch")) as folder:
        home = Path(folder)
        for path in (SCRIPT, *_COMPANIONS):
            if path in tree.blobs():
                (home / Path(path).name).write_bytes(tree.read(path))
        with ThreadPoolExecutor(max(1, jobs)) as pool:
            return tuple(pool.map(lambda mail: _complaints(home, mail, signed=signed), mails))


def _complaints(home: Path, mail: Mail, *, signed: bool) -> tuple[str, ...]:
    """One mail through standard input: `-:LINE: LEVEL:TYPE: text` per complaint."""
    argv = ["perl", str(home / "checkpatch.pl"), *_OPTIONS, *(() if signed else ("--no-signoff",)), "-"]
    ended = programs.run(argv, cwd=home, timeout=_TIMEOUT, env=programs.clean_environment(home), stdin=mail.data)
    if not isinstance(ended, programs.Completed) or ended.returncode not in (0, 1):
        raise KernelTreeError(f"checkpatch.pl of the tree does not run: {_said(ended, home)}")
    lines = ended.stdout.decode("utf-8", "replace").splitlines()
    if ended.stderr.strip() and not lines:
        raise KernelTreeError(f"checkpatch.pl of the tree does not run: {_said(ended, home)}")
    return tuple(line.split(":", 2)[-1].strip() for line in lines if line.strip())


def _said(ended: programs.Ended, home: Path) -> str:
    """How the script ended, without the name of the temporary folder: equal runs are to give equal files."""
    return programs.describe(ended).replace(f"{home}/", "")
