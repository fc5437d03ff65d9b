"""The command line: the only module that prints, reads the environment or exits.

Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 incomplete (results stand), 130 interrupted.
"""

from __future__ import annotations

import errno
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cocci_gen import __version__
from cocci_gen.errors import CocciGenError, UsageProblem

if TYPE_CHECKING:
    from cocci_gen.batch import Night
    from cocci_gen.batch_config import BatchConfig
    from cocci_gen.corpus_check import ParseCheck, Scan
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.own_work import RerollRequest
    from cocci_gen.pipeline import Judged, Progress, ScanOptions
    from cocci_gen.review import Reviewer
    from cocci_gen.review_pages import Missing, Source
    from cocci_gen.runs import People, Request
    from cocci_gen.series import SeriesSet
    from cocci_gen.tables import RuleDocument

NOTHING, FOUND, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
#: EX_TEMPFAIL of sysexits.h: try again later.
BUSY = 75

_F = TypeVar("_F", bound=Callable[..., object])


class _Group(click.Group):
    """Every CocciGenError becomes one clear line on stderr and exit code 2; Ctrl-C becomes 130."""

    def invoke(self, ctx: click.Context) -> object:
        # A plain SIGTERM would leave spatch running; as Ctrl-C it ends like one.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            return super().invoke(ctx)
        except CocciGenError as error:
            click.echo(f"cocci-gen: {_clean(str(error))}", err=True)
            ctx.exit(USAGE)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has seen enough
                raise
            _give_up_output()
            place = f"{error.filename}: " if error.filename else "the output cannot be written: "
            click.echo(f"cocci-gen: {_clean(place)}{error.strerror}", err=True)
            ctx.exit(USAGE)
        except (KeyboardInterrupt, click.Abort):
            click.echo(
                "cocci-gen: interrupted; what was finished is kept, the same command goes on from there", err=True
            )
            ctx.exit(INTERRUPTED)


def _give_up_output() -> None:
    """What is still to be written to a full disk would be tried again at exit, with a message of its own."""
    import os

    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _clean(text: str) -> str:
    """A message without control characters: names in a tree are hostile input to a terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)


def _tell(text: str) -> None:
    click.echo(f"note: {_clean(text)}", err=True)


def _default_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("cocci-gen"))


def _kernel_options(command: _F) -> _F:
    command = click.option(
        "--rev", default="HEAD", show_default=True, help="Revision to read; the work tree is never looked at."
    )(command)
    return click.option(
        "--kernel",
        type=click.Path(path_type=Path),
        required=True,
        help="A git repository of the kernel (a checkout or a bare one).",
    )(command)


def _baseline_option(command: _F) -> _F:
    return click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="Your verdicts on findings [default: cocci-gen.toml in the current folder, if there is one].",
    )(command)


def _scan_options(command: _F) -> _F:
    for option in (
        click.option(
            "-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the run; made when missing."
        ),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1, 512),
            default=None,
            help="Processes at a time [default: one per CPU].",
        ),
        click.option(
            "--path", "paths", multiple=True, metavar="PATH", help="Examine only functions below PATH (repeatable)."
        ),
        click.option(
            "--rule",
            "rules",
            multiple=True,
            metavar="GLOB",
            help="Only obligations whose id matches (repeatable), for instance 'address_space_operations.writepage.*'.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(0.1),
            default=60.0,
            show_default=True,
            help="Seconds that one spatch job may take.",
        ),
        click.option(
            "--cache",
            type=click.Path(path_type=Path),
            default=None,
            help="Folder of the caches [default: the user's cache folder].",
        ),
        click.option("--spatch", "program", default="spatch", show_default=True, help="The Coccinelle program to run."),
        _baseline_option,
    ):
        command = option(command)
    return _kernel_options(command)


def _build_option(command: _F) -> _F:
    return click.option(
        "--build",
        is_flag=True,
        help="Compile the changed files with and without each patch, with the kernel's own make (allmodconfig). This RUNS "
        "the makefiles and scripts of that tree: only for a tree that you would build yourself. Keeps a copy of the tree "
        "in the cache, 2 GB; needs what Debian calls gcc make flex bison bc libelf-dev libssl-dev.",
    )(command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cocci-gen")
def main() -> None:
    """Turn the VFS locking tables into reviewable kernel fix series.

    Reads Documentation/filesystems/locking.rst of a kernel tree, makes semantic patches from its tables, runs them with
    Coccinelle, keeps what survives the filters, and writes patch series for `git send-email`. Never sends mail, never
    signs off, never touches your checkout.

    \b
    First steps:
      cocci-gen run --kernel ~/linux -o out          everything: scan, then series
      cocci-gen obligations --kernel ~/linux         what the rules of this tree ask for
    """


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on a terminal, a plain line per stage elsewhere; both on stderr."""
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def plain(stage: str, _done: int, total: int) -> None:
            if stage not in seen and total:
                seen.add(stage)
                click.echo(f"{stage}: {total}", err=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=max(total, 1))
            bars.update(tasks[stage], completed=done if total else 1, total=max(total, 1))

        yield draw


def _options(rules: tuple[str, ...], paths: tuple[str, ...], jobs: int | None, timeout: float) -> ScanOptions:
    import os

    from cocci_gen.pipeline import ScanOptions

    return ScanOptions(rules, paths, jobs or len(os.sched_getaffinity(0)), timeout)


def _scan(tree: KernelTree, request: Request) -> int:
    """Scan, write the run folder, say how it went; the exit code."""
    from cocci_gen.run_folder import counts
    from cocci_gen.runs import make_run

    with _progress() as progress:
        done = make_run(tree, request, progress)
    _summary(counts(done.scan), request.out)
    for stale in done.stale:
        perhaps = f"; perhaps now {', '.join(stale.perhaps)}" if stale.perhaps else ""
        one = stale.ruling
        text = f"stale verdict: {one.fingerprint} {one.status} {one.file} {one.function}(): {stale.reason}{perhaps}"
        click.echo(_clean(text), err=True)
    return INCOMPLETE if done.incomplete else FOUND if done.accepted else NOTHING


def _request(
    tree: KernelTree, options: ScanOptions, out: Path, cache: Path | None, program: str, baseline: Path | None
) -> Request:
    from cocci_gen.runs import Request

    command = shlex.join(["cocci-gen", *sys.argv[1:]])
    return Request(options, out, cache or _default_cache(), program, command, _people(tree, baseline))


def _people(tree: KernelTree, baseline: Path | None) -> People:
    from cocci_gen.baseline import DEFAULT_NAME
    from cocci_gen.runs import read_people

    return read_people(tree, baseline, Path(DEFAULT_NAME))


def _summary(figures: dict[str, object], out: Path) -> None:
    levels = figures["accepted_by_confidence"]
    rejected = figures["rejected_by_filter"]
    assert isinstance(levels, dict)
    assert isinstance(rejected, dict)
    click.echo(
        f"examined      {figures['functions']} functions in {figures['files']} files, {figures['obligations']} obligations"
    )
    found = ", ".join(f"{count} {level}" for level, count in levels.items()) or "none"
    click.echo(f"findings      {figures['accepted']} accepted ({found}), {figures['accepted_with_fix']} with a fix")
    click.echo(f"rejected      {', '.join(f'{count} {name}' for name, count in rejected.items()) or 'none'}")
    click.echo(_clean(f"not examined  {figures['not_examined']} (see {out / 'unexamined.jsonl'})"))


@main.command()
@_scan_options
@click.pass_context
def scan(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None,
) -> None:  # fmt: skip
    """Find breaches and make fixes; writes a run folder."""
    from cocci_gen.kernel_tree import KernelTree

    with KernelTree.open(kernel, rev) as tree:
        code = _scan(tree, _request(tree, _options(rules, paths, jobs, timeout), out, cache, program, baseline))
    ctx.exit(code)


@main.command()
@_scan_options
@_build_option
@click.pass_context
def run(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None, build: bool,
) -> None:  # fmt: skip
    """Scan, then write the series: from locking.rst to mails."""
    from cocci_gen.kernel_tree import KernelTree

    with KernelTree.open(kernel, rev) as tree:
        code = _scan(tree, _request(tree, _options(rules, paths, jobs, timeout), out, cache, program, baseline))
        _series(tree, out, baseline, builds=cache or _default_cache() if build else None)
    ctx.exit(code)


def _built(made: SeriesSet) -> str:
    """How the compilation of all patches went."""
    from collections import Counter

    from cocci_gen.ladder import Rung

    words = {"Passed": "without new warnings", "NotPassed": "not without new warnings", "NotRun": "not built"}
    results = [one for series in made.series for patch in series.patches for one in patch.results]
    counts = Counter(words[type(one).__name__] for one in results if one.rung is Rung.BUILDS)
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "nothing"


@main.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@_baseline_option
@click.option(
    "--reroll",
    "old",
    metavar="OLD",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Make the next version of the series in OLD, the folder of the earlier run: same change ids, what changed under "
    "each patch, range-diff and dropped patches in the cover letter.",
)
@click.option(
    "--branch",
    "branches",
    multiple=True,
    help="With --reroll: a branch of the kernel with the earlier patches as you have amended them; your words and your "
    "code are kept (repeatable).",
)
@click.option(
    "--link",
    "links",
    multiple=True,
    metavar="[FOLDER=]URL",
    help="With --reroll: where the earlier version can be read, per series folder if there are several (repeatable).",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the caches, for --build [default: the user's cache folder].",
)
@_build_option
@click.option(
    "--signoff",
    is_flag=True,
    help="Add your Signed-off-by, only to patches all of whose findings you accepted in review.",
)
@click.option(
    "--make-branches",
    "prefix",
    metavar="PREFIX",
    default="",
    help="Also make a branch PREFIX/<section> of each series, never over an existing one, for b4 prep -e and git send-email.",
)
def series(
    folder: Path, kernel: Path | None, baseline: Path | None, old: Path | None, branches: tuple[str, ...],
    links: tuple[str, ...], cache: Path | None, build: bool, signoff: bool, prefix: str,
) -> None:  # fmt: skip
    """Write the patch series of a finished scan (RUN is its folder)."""
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.run_folder import read_header
    from cocci_gen.runs import next_version

    header, _ = read_header(folder)
    if old is None and (branches or links):
        raise click.UsageError("--branch and --link say something of an earlier version; name its folder with --reroll")
    with KernelTree.open(kernel or Path(header.tree), header.commit) as tree:
        reroll = None
        if old is not None:
            reroll = next_version(tree, folder, old, branches, links, _people(tree, baseline).baseline)
        builds = cache or _default_cache() if build else None
        _series(tree, folder, baseline, reroll, builds, signoff=signoff, prefix=prefix)


def _series(
    tree: KernelTree,
    out: Path,
    baseline: Path | None,
    reroll: RerollRequest | None = None,
    builds: Path | None = None,
    *,
    signoff: bool = False,
    prefix: str = "",
) -> None:
    """Write OUT/series, compiled below the folder `builds` if there is one, and say how to send it."""
    import os

    from cocci_gen.builds import Builder
    from cocci_gen.mail import send_email_line
    from cocci_gen.runs import make_branches, make_series
    from cocci_gen.series import NOBODY
    from cocci_gen.series_folder import INDEX

    people = _people(tree, baseline)
    with _progress() if builds else nullcontext(_silent) as progress:
        build = Builder(tree, builds, len(os.sched_getaffinity(0)), progress) if builds else None
        done = make_series(tree, out, people.baseline, reroll=reroll, build=build, signoff=signoff)
    for name in make_branches(tree, done.made, prefix) if prefix else ():
        click.echo(
            f"branch        {name} (b4 -n --offline-mode -c b4.prep-cover-strategy=branch-description prep -e {tree.commit[:12]})"
        )
    made = done.made
    if done.anonymous:
        click.echo(
            f"note: git knows no user.name and user.email here; the patches are written as {NOBODY.name} <{NOBODY.email}>",
            err=True,
        )
    patches = sum(len(series.patches) for series in made.series)
    click.echo(
        f"series        {len(made.series)} with {patches} patches in {out / 'series'} (read {out / 'series' / INDEX} first)"
    )
    if build:
        click.echo(f"compiled      {_built(made)} with {build.compiler}")
    for one in made.dropped:
        click.echo(f"dropped       {_clean(one.subject)} ({_clean(one.series)}): {_clean(one.reason)}")
    for warning in (*made.remarks, *made.warnings):
        click.echo(f"warning: {_clean(warning)}", err=True)
    for folder in done.folders:
        click.echo(f"  {send_email_line(folder)}")


@main.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@_baseline_option
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@click.option("--all", "everything", is_flag=True, help="Also what filters reject and what is judged already.")
@click.option("--list", "listing", is_flag=True, help="List the findings and do nothing else.")
@click.option("--accept", multiple=True, metavar="FINGERPRINT", help="Mark as read and right (repeatable).")
@click.option("--reject", multiple=True, metavar="FINGERPRINT", help="Keep out of series, for a --reason (repeatable).")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the verdict.")
@click.option(
    "--status",
    type=click.Choice(["false-positive", "sent", "fixed", "wontfix"]),
    default="false-positive",
    show_default=True,
    help="What --reject records.",
)
@click.option("--who", default="", metavar="NAME", help="Who judges [default: user.name and user.email of git].")
def review(
    folder: Path, baseline: Path | None, kernel: Path | None, everything: bool, listing: bool,
    accept: tuple[str, ...], reject: tuple[str, ...], reason: str, status: str, who: str,
) -> None:  # fmt: skip
    """Judge the findings of a finished scan (RUN is its folder), one by one in a terminal or by options."""
    import datetime as dt

    from cocci_gen import review as reviews
    from cocci_gen.baseline import DEFAULT_NAME, Status
    from cocci_gen.review_pages import list_line
    from cocci_gen.run_folder import read_findings, read_header
    from cocci_gen.runs import refuse_inside

    header, _ = read_header(folder)
    findings = read_findings(folder)
    source, tree = reviews.tree_source(kernel or Path(header.tree), header.commit)
    path = baseline or Path(DEFAULT_NAME)
    refuse_inside(path, Path(header.tree))
    reviewer = reviews.Reviewer(path, who or _who(tree), dt.datetime.now().astimezone().date())
    judged = [(reviews.find(findings, one), Status.ACCEPTED) for one in accept]
    judged += [(reviews.find(findings, one), Status(status)) for one in reject]
    for one, given in judged:
        reviewer.judge(one, given, reason)
        click.echo(f"{one.finding.fingerprint} {given} in {path}")
    known = reviewer.baseline()
    waiting = reviews.queue(findings, known, everything)
    if listing:
        for one in waiting:
            click.echo(list_line(one, known.of(one.finding.fingerprint)))
    elif not judged and waiting:
        _sit(reviewer, source, waiting)
    elif not judged:
        click.echo("nothing is left to judge; --all shows everything")


def _sit(reviewer: Reviewer, source: Source, waiting: Sequence[Judged]) -> None:
    """A review at the terminal."""
    from rich.console import Console

    from cocci_gen.review import Session

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem("review needs a terminal; without one use --list, --accept, --reject")
    console = Console(markup=False, emoji=False, highlight=False)
    session = Session(
        reviewer,
        source,
        lambda text: console.print(text, soft_wrap=True),
        lambda question: console.input(question, markup=False),
    )
    try:
        session.step(waiting)
    finally:
        click.echo(
            f"{session.accepted} accepted, {session.rejected} rejected, {session.later} left for later; "
            f"verdicts are in {reviewer.path}"
        )


def _who(tree: KernelTree | Missing) -> str:
    """Who sits here: git's idea, else the login name."""
    import getpass

    from cocci_gen.kernel_tree import KernelTree

    person = tree.identity() if isinstance(tree, KernelTree) else None
    if person is not None:
        return f"{person.name} <{person.email}>"
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise UsageProblem("nobody knows who you are; say it with --who") from error


@main.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def batch(ctx: click.Context, config: Path, form: str) -> None:
    """Scan the trees and revisions of CONFIG (TOML); series only of what is new since last time. Made for cron.

    Fetches nothing. Exit codes: 0 nothing new, 1 new findings, 3 a tree failed or is incomplete, 75 another batch runs.
    """
    import json

    from cocci_gen.batch import BatchBusy, alone, run_target
    from cocci_gen.batch_config import read_config
    from cocci_gen.batch_summary import outcome_line, summarise, was_told, write_summary

    settings = read_config(config)
    outcomes = []
    try:
        with alone(settings.output):
            night = _night(settings)
            for target in settings.targets:
                with _progress() if sys.stderr.isatty() else nullcontext(_silent) as progress:
                    outcomes.append(run_target(night, target, progress))
                click.echo(_clean(outcome_line(outcomes[-1])), err=form == "json")
            summary = summarise(night.today, outcomes)
            write_summary(settings.output, summary)
            for stale in summary.stale():
                click.echo(_clean(f"stale verdict: {' '.join(str(stale[key]) for key in _STALE)}"), err=True)
            text = json.dumps(summary.json(), indent=2, sort_keys=True) if form == "json" else summary.line()
            click.echo(_clean(text))
            was_told(settings.output, summary)
    except BatchBusy as error:
        click.echo(f"cocci-gen: {_clean(str(error))}", err=True)
        ctx.exit(BUSY)
    ctx.exit(INCOMPLETE if not summary.complete else FOUND if summary.new else NOTHING)


_STALE = ("fingerprint", "status", "file", "function", "reason")


def _silent(stage: str, done: int, total: int) -> None:
    """Show no progress: what cron starts has nobody who watches."""


def _night(config: BatchConfig) -> Night:
    """What is the same for all targets."""
    import datetime as dt
    import os

    from cocci_gen.baseline import read_baseline
    from cocci_gen.batch import Night, find_spatch
    from cocci_gen.runs import People

    people = People(read_baseline(config.baseline), str(config.baseline)) if config.baseline else People()
    return Night(
        config=config,
        cache=config.cache or _default_cache(),
        jobs=config.jobs or len(os.sched_getaffinity(0)),
        people=people,
        today=dt.datetime.now().astimezone().date(),
        command=shlex.join(["cocci-gen", *sys.argv[1:]]),
        version=find_spatch(config),
    )


def _document(tree: KernelTree) -> RuleDocument:
    from cocci_gen.pipeline import rule_text
    from cocci_gen.tables import read_document

    return read_document(*rule_text(tree))


@main.group(invoke_without_command=True)
@click.option(
    "--kernel",
    type=click.Path(path_type=Path),
    default=None,
    help="A git repository of the kernel (a checkout or a bare one).",
)
@click.option("--rev", default="HEAD", show_default=True, help="Revision to read; the work tree is never looked at.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def tables(ctx: click.Context, kernel: Path | None, rev: str, form: str) -> None:
    """Every section, table, row, cell and sentence of locking.rst."""
    import json

    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.table_listing import document_to_json, document_to_text

    if ctx.invoked_subcommand is not None:
        return
    if kernel is None:
        raise click.UsageError("Missing option '--kernel'.")
    with KernelTree.open(kernel, rev) as tree:
        document = _document(tree)
    click.echo(
        _clean(document_to_text(document)) if form == "text" else json.dumps(document_to_json(document), indent=2)
    )


@tables.command("diff")
@click.option("--kernel", type=click.Path(path_type=Path), required=True, help="A git repository of the kernel.")
@click.option(
    "--other", type=click.Path(path_type=Path), default=None, help="The repository of REV2, if it is another one."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.argument("rev1")
@click.argument("rev2")
def tables_diff(kernel: Path, other: Path | None, form: str, rev1: str, rev2: str) -> None:
    """What changed in the rules from REV1 to REV2, per method."""
    import json

    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.table_diff import diff_documents, diff_to_json, diff_to_text

    with KernelTree.open(kernel, rev1) as old, KernelTree.open(other or kernel, rev2) as new:
        changes = diff_documents(_document(old), _document(new))
    click.echo(
        _clean(diff_to_text(rev1, rev2, changes))
        if form == "text"
        else json.dumps(diff_to_json(rev1, rev2, changes), indent=2)
    )


@main.command()
@_kernel_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def obligations(kernel: Path, rev: str, form: str) -> None:
    """Every cell and sentence of locking.rst, and what it asks for."""
    import json

    from cocci_gen.corpus import read_corpus
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.kinds import RULES
    from cocci_gen.obligation_listing import Support, obligations_to_json, obligations_to_text
    from cocci_gen.obligations import WITHOUT_TEMPLATE, read_obligations

    with KernelTree.open(kernel, rev) as tree:
        readings = read_obligations(_document(tree))
    folder = _corpus_folder()
    support = Support(frozenset(RULES) | WITHOUT_TEMPLATE, read_corpus(folder).tested() if folder else frozenset())
    click.echo(
        _clean(obligations_to_text(readings, support))
        if form == "text"
        else json.dumps(obligations_to_json(readings, support), indent=2)
    )


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would be written.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where they go [default: semantic_patches/].",
)
@click.pass_context
def generate(ctx: click.Context, check: bool, folder: Path | None) -> None:
    """Write semantic_patches/ anew: what `make coccicheck` can use without cocci-gen."""
    from cocci_gen.average import outdated
    from cocci_gen.resources import data_folder
    from cocci_gen.run_folder import write_file

    changed = outdated(folder or data_folder("semantic_patches"))
    for path, text in changed.items():
        if check:
            click.echo(f"outdated {path}")
        elif text:
            write_file(path, text.encode("utf-8"))
            click.echo(f"wrote {path}")
        else:
            path.unlink()
            click.echo(f"removed {path}")
    ctx.exit(FOUND if check and changed else NOTHING)


def _corpus_folder() -> Path | None:
    """The corpus beside a checkout of cocci-gen; a wheel has none."""
    folder = Path(__file__).resolve().parent.parent / "corpus"
    return folder if folder.is_dir() else None


@main.group()
def corpus() -> None:
    """The regression corpus: cases that must be found, and cases that must not."""


@corpus.command("check")
@click.option(
    "--corpus",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="The corpus [default: the one of this checkout].",
)
@click.pass_context
def corpus_check(ctx: click.Context, folder: Path | None) -> None:
    """Compare every case with what the whole pipeline says of it."""
    from cocci_gen.corpus import read_corpus
    from cocci_gen.corpus_check import check

    cases = read_corpus(_required_corpus(folder))
    with _bench() as (scan_files, parses):
        report = check(cases, scan_files, parses)
    for problem in report.problems:
        click.echo(_clean(f"{problem.path}:{problem.line}: {problem.text}"))
    click.echo(f"{report.cases} cases, {report.expectations} expectations, {len(report.problems)} problems")
    ctx.exit(FOUND if report.problems else NOTHING)


@corpus.command("accept")
@click.option("--corpus", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
def corpus_accept(folder: Path | None) -> None:
    """Write the fixed twins anew from what the fixes give today; read the diff before you commit it."""
    from cocci_gen.corpus import read_corpus
    from cocci_gen.corpus_check import accepted_twins
    from cocci_gen.run_folder import write_file

    root = _required_corpus(folder)
    with _bench() as (scan_files, _):
        twins = accepted_twins(read_corpus(root), scan_files)
    for name, data in sorted(twins.items()):
        write_file(root / name, data)
        click.echo(f"wrote {name}")


@corpus.command("mutate")
@_kernel_options
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same mutants.")
@click.option(
    "--count",
    type=click.IntRange(1, 10_000),
    default=25,
    show_default=True,
    help="Mutants of each kind, and as many again one call deep.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 512), default=None, help="Processes at a time [default: one per CPU]."
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the caches [default: the user's cache folder].",
)
@click.option("--spatch", "program", default="spatch", show_default=True, help="The Coccinelle program to run.")
def corpus_mutate(
    kernel: Path, rev: str, seed: int, count: int, kinds: tuple[str, ...], form: str, jobs: int | None, cache: Path | None,
    program: str,
) -> None:  # fmt: skip
    """Break correct functions of a kernel, and tell how many breaches are found and mended."""
    import json

    from cocci_gen.job_cache import JobCache
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.mutant_figures import experiment_to_json, experiment_to_text
    from cocci_gen.mutants import Bench, experiment
    from cocci_gen.pipeline import chosen_obligations, open_index, read_rules
    from cocci_gen.precision import known_records
    from cocci_gen.runs import kernel_version
    from cocci_gen.spatch import SpatchRunner

    options = _options((), (), jobs, 60.0)
    with (
        KernelTree.open(kernel, rev) as tree,
        _progress() as progress,
        JobCache((cache or _default_cache()) / "jobs.sqlite") as job_cache,
        SpatchRunner(job_cache, options.jobs, program) as runner,
    ):
        every = read_rules(tree)
        chosen = chosen_obligations(every, kinds)
        index = open_index(tree, cache or _default_cache(), every, options, progress)
        try:
            bench = Bench(tree, index, runner, options, known_records(_corpus_folder(), kernel_version(tree)))
            done = experiment(bench, chosen, seed, count, progress)
        finally:
            index.close()
    click.echo(_clean(experiment_to_text(done)) if form == "text" else json.dumps(experiment_to_json(done), indent=2))


@corpus.command("precision")
@click.option(
    "--kernel-version",
    "versions",
    multiple=True,
    metavar="VERSION",
    help="6.1 or 6.12 (repeatable) [default: every one].",
)
@click.option("--corpus", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def corpus_precision(versions: tuple[str, ...], folder: Path | None, form: str) -> None:
    """Precision per kind and confidence, from the verdicts of people on real kernels."""
    import json

    from cocci_gen.precision import precision, precision_to_json, precision_to_text, read_records, versions_of

    root = _required_corpus(folder)
    shares = {version: precision(read_records(root, version)) for version in versions or versions_of(root)}
    if form == "json":
        click.echo(json.dumps({version: precision_to_json(found) for version, found in shares.items()}, indent=2))
    else:
        click.echo(_clean("\n\n".join(precision_to_text(version, found) for version, found in shares.items())))


def _required_corpus(folder: Path | None) -> Path:
    found = folder or _corpus_folder()
    if found is None:
        raise click.UsageError("no corpus beside this installation; name one with --corpus")
    return found


@contextmanager
def _bench() -> Iterator[tuple[Scan, ParseCheck]]:
    """The whole pipeline over trees in memory, for the corpus."""
    import os
    import tempfile

    from cocci_gen.bench_tree import BenchTree

    with tempfile.TemporaryDirectory(prefix="cocci-gen-corpus-") as name:
        bench = BenchTree(Path(name), len(os.sched_getaffinity(0)))
        yield bench.scan, bench.parses


if __name__ == "__main__":
    main()
