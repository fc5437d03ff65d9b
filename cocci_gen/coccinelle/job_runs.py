"""Job -> Finished, by one spatch in a folder of its own.

What spatch's exit code and stderr mean is measured for 1.1.1.  It exits 0 on many of its own failures, so an outcome other
than `Failed` needs the one combination of exit code, stdout and stderr that is known to be fine.  Silence is never fine:
spatch names the slice that it looks at, and a wrapper that swallows its words must not make a kernel clean.
"""

from __future__ import annotations

import difflib
import io
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from unidiff.constants import LINE_TYPE_NO_NEWLINE
from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from cocci_gen import programs, temporary
from cocci_gen.coccinelle.jobs import (
    NO_ISOMORPHISMS,
    NOWHERE,
    PARSE_OPTIONS,
    Clean,
    Engine,
    Failed,
    Finished,
    Job,
    Matched,
    NotParsed,
    Outcome,
    Patched,
    TimedOut,
)
from cocci_gen.coccinelle.parse_report import ParseReport, has_totals, not_examined, read_report
from cocci_gen.coccinelle.script_free import refuse_odd_defines, refuse_scripts
from cocci_gen.coccinelle.words import without_wondering
from cocci_gen.errors import SpatchUnavailable, StorageError

_OLDEST = (1, 1, 1)
_OUTPUT = 1 << 26
_UNCHANGED = b"-o can not be applied because there are no modified files"
#: What it says on stderr of a slice that it has looked at, or need not look at because a word of the pattern is missing.
_LOOKED = re.compile(
    rb"init_defs_builtins: macros\.h\n"
    rb"(?:HANDLING: slice\.c\n(?: *\(ONCE\) already tagged but only removed, so safe\n)*(?:diff = \n)?"
    rb"|\(ONCE\) Expected tokens [^:]*\nSkipping: slice\.c\n)"
    rb"(?:Note: processing took +[0-9.]+s: slice\.c\n)?"
)
#: What 1.3.0 says on stdout of a rule with `exists` that adds code; the mended file is tried all the same.
_REMARKS = re.compile(rb"(?:warning: \w+, node \d+: [^\n]* may be inconsistently modified\n)*")
_VERSION = re.compile(r"spatch version (\d+(?:\.\d+)+)\S*")
_STAR = re.compile(r"^\*", re.MULTILINE)


def find_version(program: str) -> str:
    """The name of spatch -> its version, from `spatch version 1.1.1 compiled with ...`; SpatchUnavailable otherwise.  The same
    file is asked once."""
    path = shutil.which(program)
    file = Path(path).stat() if path is not None else None
    return _version_of(program, (file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns) if file is not None else ())


@lru_cache(maxsize=16)
def _version_of(program: str, _identity: tuple[int, ...]) -> str:
    way_out = "install Coccinelle 1.1.1 or newer (Debian: apt install coccinelle)"
    ended = programs.run([program, "--version"], cwd=Path("/"), timeout=30.0)
    if not isinstance(ended, programs.Completed):
        raise SpatchUnavailable(f"{programs.describe(ended)}; {way_out}")
    found = _VERSION.search(ended.stdout.decode("utf-8", "replace"))
    if ended.returncode != 0 or found is None:
        raise SpatchUnavailable(f"`{program} --version` does not answer like spatch; {way_out}")
    if tuple(int(number) for number in found[1].split(".")) < _OLDEST:
        raise SpatchUnavailable(f"{program} is version {found[1]}, which is too old; {way_out}")
    return found[0].removeprefix("spatch version ")


def run_job(
    job: Job, engine: Engine, known: ParseReport | None = None, running: programs.Running | None = None
) -> Finished:
    """A job -> its outcome; pure and picklable, for any executor; `known` is the parse report of the slice, if any.

    Raises SemanticPatchRefused, and StorageError when the temporary folder is full.
    """
    refuse_scripts(job.semantic_patch)
    refuse_odd_defines(job.defines)
    if unreadable := why_unreadable(job.slice.text):
        return Finished(NotParsed(unreadable), None)
    files = {"slice.c": job.slice.text, "macros.h": engine.macros, "rule.cocci": job.semantic_patch.encode()}
    files |= {NO_ISOMORPHISMS: b""} if job.as_written else {}
    with _workplace(files) as place:
        spatch = _Spatch(engine, place, job.timeout, running)
        outcome = _match(job, spatch)
        if not isinstance(outcome, Clean) or job.focus == NOWHERE:
            return Finished(outcome, None)
        report = known or _parse(job.slice.text, spatch)
    if not isinstance(report, ParseReport):
        return Finished(report, None)
    first, last = job.focus or (1, job.slice.text.count(b"\n") + 1)
    if hole := report.hole_in(first, last):
        return Finished(NotParsed(hole.reason, hole.first, hole.last), report)
    return Finished(outcome, report)


def run_parse(
    text: bytes, engine: Engine, timeout: float, running: programs.Running | None = None
) -> ParseReport | TimedOut | Failed:
    """The text of a C file -> which lines spatch can parse; pure and picklable like `run_job`."""
    if unreadable := why_unreadable(text):
        return not_examined(text, unreadable)
    with _workplace({"slice.c": text, "macros.h": engine.macros}) as place:
        return _parse(text, _Spatch(engine, place, timeout, running))


def parse_all(texts: Sequence[bytes], engine: Engine, timeout: float) -> bool:
    """The texts of C files -> whether one spatch understands all of each; by far most of its time is its start."""
    if any(map(why_unreadable, texts)):
        return False
    files = {f"{number}.c": text for number, text in enumerate(texts)}
    with _workplace({**files, "macros.h": engine.macros}) as place:
        ended = _Spatch(engine, place, timeout, None)(*PARSE_OPTIONS[:-1], *files)
    return (
        isinstance(ended, programs.Completed)
        and ended.returncode == 0
        and all(f"\nPARSING: {name}\n".encode() in ended.stderr for name in files)
        and has_totals(ended.stdout)
        and not read_report(b"", ended.stdout, b"").bad_lines
    )


@dataclass(frozen=True, slots=True)
class _Spatch:
    """One spatch in one folder."""

    engine: Engine
    place: Path
    timeout: float
    running: programs.Running | None

    def __call__(self, *options: str) -> programs.Ended:
        ended = programs.run(
            [self.engine.program, *options],
            cwd=self.place,
            timeout=self.timeout,
            env=programs.clean_environment(self.place, TMPDIR="."),
            memory_bytes=self.engine.memory_bytes,
            output_bytes=_OUTPUT,
            running=self.running,
        )
        if isinstance(ended, programs.Completed) and b"No space left on device" in ended.stderr:
            raise StorageError(f"the temporary folder {self.place.parent} is full; free some space or set TMPDIR")
        return ended


@contextmanager
def _workplace(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A fresh folder with these files and nothing else: no .cocciconfig, no json.py, no odd names."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=temporary.prefix("job"), ignore_cleanup_errors=True)
    except OSError as error:
        raise StorageError(f"cannot make a temporary folder: {error.strerror}; set TMPDIR to another one") from error
    with folder as name:
        place = Path(name)
        try:
            for file, data in files.items():
                (place / file).write_bytes(data)
        except OSError as error:
            raise StorageError(
                f"cannot write to {place.parent}: {error.strerror}; set TMPDIR to another one"
            ) from error
        yield place


def why_unreadable(text: bytes) -> str:
    """A text -> why spatch would say nothing about it at all, "" where it would; it exits 0 for these."""
    if b"\0" in text:
        return "the file holds a NUL byte"
    return "the file begins with a byte order mark" if text.startswith(b"\xef\xbb\xbf") else ""


def _match(job: Job, spatch: _Spatch) -> Outcome:
    """Run the semantic patch: context rules (`*`) answer with a pseudo diff on stdout, others with a whole new file."""
    starred = "patch" not in job.defines and ("context" in job.defines or bool(_STAR.search(job.semantic_patch)))
    defines = (word for name in job.defines for word in ("-D", name))
    output = () if starred else ("--no-show-diff", "-o", "result.c")
    ended = spatch(*job.options, *defines, *output, "--sp-file", "rule.cocci", "slice.c")
    key = spatch.engine.key(job)
    if isinstance(ended, programs.Completed):
        said = without_wondering(ended.stderr)
        if (looked := _LOOKED.match(said)) is None:
            return Failed(f"spatch did not say that it looked at the slice: {_said(ended)}"[:500])
        ended = replace(ended, stderr=said[looked.end() :], stdout=_REMARKS.sub(b"", ended.stdout, count=1))
    match ended:
        case programs.ProgramTimedOut(seconds=seconds):
            return TimedOut(seconds)
        case programs.Completed(returncode=0, stdout=diff, stderr=b"") if starred:
            return _read_stars(key, job.slice.text, diff)
        case programs.Completed(returncode=0, stdout=b"", stderr=b""):
            return _read_result(key, job.slice.text, spatch.place / "result.c")
        case programs.Completed(returncode=255, stdout=b"", stderr=said) if not starred and said.strip() == _UNCHANGED:
            return Clean()
    return Failed(_said(ended))


def _read_stars(key: str, text: bytes, diff: bytes) -> Matched | Clean | Failed:
    """The pseudo diff of a context rule -> the lines that it takes away, checked against the slice."""
    if not diff:
        return Clean()
    lines = text.decode("utf-8", "surrogateescape").split("\n")
    try:
        # Not a list of str.splitlines(): a form feed ends no line of C.
        patch = PatchSet(io.StringIO(diff.decode("utf-8", "surrogateescape"), newline="\n"))
    except UnidiffParseError as error:
        return Failed(f"the diff that spatch printed is damaged: {error}")
    starred = set()
    for line in (line for file in patch for hunk in file for line in hunk):
        if line.is_context or line.line_type == LINE_TYPE_NO_NEWLINE:
            continue
        number = line.source_line_no if line.is_removed else None
        if number is None or number > len(lines) or line.value.rstrip("\n") != lines[number - 1]:
            return Failed(f"the diff that spatch printed does not fit the slice: {str(line).rstrip()[:80]}")
        starred.add(number)
    return Matched(key, tuple(sorted(starred))) if starred else Failed("spatch printed something that is no diff")


def _read_result(key: str, text: bytes, path: Path) -> Patched | Clean | Failed:
    """The file that `-o` names -> what has become of the slice."""
    try:
        result = path.read_bytes()
    except OSError as error:
        return Failed(f"spatch ended well without writing its result: {error.strerror}")
    if result == text:
        return Clean()
    return Patched(key, result, diff_of(text, result))


def diff_of(text: bytes, result: bytes) -> bytes:
    """The diff from a slice, a/slice.c, to what became of it, b/slice.c."""
    return b"".join(difflib.diff_bytes(difflib.unified_diff, _lines(text), _lines(result), b"a/slice.c", b"b/slice.c"))


def _lines(text: bytes) -> list[bytes]:
    """The lines of a text as a diff shows them."""
    lines = text.splitlines(keepends=True) if b"\r" not in text else re.findall(rb"[^\n]*\n|[^\n]+\Z", text)
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n\\ No newline at end of file\n"
    return lines


def _said(ended: programs.Ended) -> str:
    """How spatch ended, without the names that it makes up: equal runs are to give equal files."""
    return re.sub(r"cocci-output-\d+-[0-9a-f]+-", "", programs.describe(ended))[:500]


def _parse(text: bytes, spatch: _Spatch) -> ParseReport | TimedOut | Failed:
    """Ask spatch how much of slice.c it understands; its many words on stderr are part of the answer here."""
    ended = spatch(*PARSE_OPTIONS)
    match ended:
        case programs.ProgramTimedOut(seconds=seconds):
            return TimedOut(seconds)
        case programs.Completed(returncode=0, stdout=stdout, stderr=stderr) if has_totals(stdout):
            return read_report(text, stdout, stderr)
        case programs.Completed(returncode=0):
            return Failed("spatch --parse-c printed no totals")
    return Failed(programs.describe(ended)[:500])
