"""The tool from Python: scan a kernel tree or texts in memory, read a finished run, iterate over its findings.

    from pathlib import Path
    from cocci_gen import api

    record = api.scan_tree(Path("~/linux").expanduser(), Path("out"), paths=("fs/nfs",))
    for judged in api.findings(record, api.Selection(confidences=(api.Confidence.HIGH,))):
        print(judged.finding.file, judged.finding.line, judged.finding.message)

The command line is made of the same functions.  Whatever is wrong with the input raises a CocciGenError, whose text says what
to do; nothing here prints, sends, or writes into the tree.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import platformdirs

from cocci_gen import temporary
from cocci_gen.corpus.bench import BenchTree
from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Confidence, Finding, Fix, NoFix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.reports.record import RunRecord, read_run
from cocci_gen.reports.selection import Selection, check_selection, select
from cocci_gen.runs.baseline import Baseline
from cocci_gen.runs.making import Request, Run, make_run
from cocci_gen.runs.people import People
from cocci_gen.scan.pipeline import Judged, Progress, Scan, ScanOptions

__all__ = [
    "Baseline",
    "CocciGenError",
    "Confidence",
    "Finding",
    "Fix",
    "Judged",
    "NoFix",
    "RunRecord",
    "Scan",
    "ScanOptions",
    "Selection",
    "findings",
    "read",
    "scan_request",
    "scan_texts",
    "scan_tree",
]


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def scan_tree(
    kernel: Path,
    out: Path,
    *,
    rev: str = "HEAD",
    rules: Sequence[str] = (),
    paths: Sequence[str] = (),
    jobs: int = 2,
    timeout: float = 60.0,
    cache: Path | None = None,
    spatch: str = "spatch",
    baseline: Baseline | None = None,
    progress: Progress = _silent,
) -> RunRecord:
    """Scan a revision of a git repository of the kernel into the run folder `out`, and read it back.

    In: the repository, globs of rules and paths that narrow the scan (none: all), how many jobs run at a time, seconds for one
    job, the folder of the caches (None: the user's), the Coccinelle program, verdicts of people; `progress` is called with
    (stage, done, total).  Out: the record of the run.  CocciGenError where the tree, the options or spatch leave nothing to do.
    """
    people = People(baseline or Baseline())
    options = ScanOptions(tuple(rules), tuple(paths), jobs, timeout)
    place = cache or Path(platformdirs.user_cache_dir("cocci-gen"))
    with KernelTree.open(kernel, rev) as tree:
        scan_request(tree, Request(options, out, place, spatch, "cocci_gen.api.scan_tree", people), progress)
    return read_run(out, people.baseline)


def scan_request(tree: KernelTree, request: Request, progress: Progress = _silent) -> Run:
    """Scan a tree that is open already, as `cocci-gen scan` does: the run folder is written, and the run comes back."""
    return make_run(tree, request, progress)


def scan_texts(files: Mapping[str, bytes], *, rules: Sequence[str] = (), jobs: int = 2) -> Scan:
    """Scan files that are in memory: path -> text, with a Documentation/filesystems/locking.rst among them.

    A throw-away repository holds them meanwhile.  Out: the scan, with findings, what was not examined, and how every function
    stands; nothing is left on the disk.
    """
    with tempfile.TemporaryDirectory(prefix=temporary.prefix("texts")) as name:
        return BenchTree(Path(name), jobs).examine(files, rules)


def read(folder: Path, baseline: Baseline | None = None) -> RunRecord:
    """A finished run, its findings with the verdicts of people as they are now; CocciGenError where the folder holds none."""
    return read_run(folder, baseline or Baseline())


def findings(source: RunRecord | Scan, selection: Selection | None = None) -> Iterator[Judged]:
    """The findings of a run or a scan, the surest first, code before documents.

    Without a selection: those that nothing but a person speaks against.  CocciGenError for a rule that nothing can match.
    """
    wanted = selection or Selection()
    known = {one.obligation for one in source.standings} | {one.finding.obligation.id for one in source.findings}
    check_selection(known, wanted)
    return iter(select(source.findings, wanted))
