"""A checkpatch.pl that the user names, and patch mails -> what it says about them.

It is a program, so it is never taken from a tree that is examined: what a repository brings along is not run.  A copy of the
script and of the word lists beside it runs in an empty folder with --no-tree, so that nothing else is read or started.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cocci_gen import programs, temporary
from cocci_gen.errors import UsageProblem
from cocci_gen.series.mails.mail import Mail

_COMPANIONS = ("spelling.txt", "const_structs.checkpatch")
_OPTIONS = ("--no-tree", "--terse", "--show-types", "--no-summary", "--color=never")
_TIMEOUT = 120.0


def run_checkpatch(
    script: Path, mails: Sequence[Mail], *, signed: bool = False, jobs: int = 2
) -> tuple[tuple[str, ...], ...]:
    """Mails -> the complaints about each; UsageProblem where the script cannot be read or run."""
    with tempfile.TemporaryDirectory(prefix=temporary.prefix("checkpatch")) as folder:
        home = Path(folder)
        try:
            (home / "checkpatch.pl").write_bytes(script.read_bytes())
            for companion in (script.parent / name for name in _COMPANIONS):
                if companion.is_file():
                    (home / companion.name).write_bytes(companion.read_bytes())
        except OSError as error:
            raise UsageProblem(
                f"{script} cannot be read: {error.strerror}; --checkpatch takes a checkpatch.pl"
            ) from error
        with ThreadPoolExecutor(max(1, jobs)) as pool:
            return tuple(pool.map(lambda mail: _complaints(script, home, mail, signed=signed), mails))


def _complaints(script: Path, home: Path, mail: Mail, *, signed: bool) -> tuple[str, ...]:
    """One mail through standard input: `-:LINE: LEVEL:TYPE: text` per complaint."""
    argv = ["perl", str(home / "checkpatch.pl"), *_OPTIONS, *(() if signed else ("--no-signoff",)), "-"]
    ended = programs.run(argv, cwd=home, timeout=_TIMEOUT, env=programs.clean_environment(home), stdin=mail.data)
    lines = ended.stdout.decode("utf-8", "replace").splitlines() if isinstance(ended, programs.Completed) else []
    good = isinstance(ended, programs.Completed) and ended.returncode in (0, 1) and (lines or not ended.stderr.strip())
    if not good:
        # Without the name of the temporary folder: equal runs are to give equal words.
        raise UsageProblem(f"{script} does not run: {programs.describe(ended).replace(f'{home}/', '')}")
    return tuple(line.split(":", 2)[-1].strip() for line in lines if line.strip())
