"""The command line: exit codes, how errors and Ctrl-C end, how progress is shown."""

from __future__ import annotations

import errno
import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cocci_gen.cli.process import UNREAD, WholeProcess, give_up_output, is_hung_up, say_last, unheard
from cocci_gen.errors import CocciGenError

if TYPE_CHECKING:
    from cocci_gen.scan.pipeline import Progress

NOTHING, FOUND, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
_GIVEN_NOTHING = re.compile(r"--[\w-]+=")
#: What `-v` and `--log` hear.
journal = logging.getLogger("cocci_gen")
_QUIET = "cocci_gen.quiet"
_UNHEARD = (
    "the standard output is closed, so what was to be shown is lost; open it, or name a file where the verb has -o"
)
#: EX_TEMPFAIL of sysexits.h: try again later.
BUSY = 75


class Group(click.Group):
    """Every CocciGenError becomes one clear line on stderr and exit code 2; Ctrl-C becomes 130."""

    #: Whether what the command has done lies in files, and its output only tells of them.
    kept = False

    def __call__(self, *args: Any, **options: Any) -> object:
        """Run as a process of its own, as the entry point and `python -m cocci_gen.cli` do."""
        with WholeProcess():
            try:
                code: object = self.main(*args, **{**options, "standalone_mode": False})
            except click.ClickException as error:
                error.show()
                raise SystemExit(error.exit_code) from None
            except click.Abort:
                raise KeyboardInterrupt from None
            if unheard() and not self.kept and code in (None, NOTHING, FOUND, INCOMPLETE):
                say_last(f"cocci-gen: {_UNHEARD}")
                code = USAGE
            raise SystemExit(code)

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the command line, which prints where --help is in it; click makes exit code 1 of a broken pipe."""
        try:
            return super().make_context(*args, **options)
        except BrokenPipeError:
            give_up_output()
            raise SystemExit(UNREAD) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """UsageError for an option that is given nothing: a variable that nobody set would mean the current folder."""
        empty = [option for option, value in pairwise(args) if option.startswith("-") and not value]
        empty += [option[:-1] for option in args if _GIVEN_NOTHING.fullmatch(option)]
        if empty:
            raise click.UsageError(
                f"{empty[0]} is given an empty value; is the variable that should hold it not set?", ctx
            )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; every way in which it may end is an exit code."""
        try:
            return super().invoke(ctx)
        except CocciGenError as error:
            journal.error("%s", clean(str(error)))
            click.echo(f"cocci-gen: {clean(str(error))}", err=True)
            ctx.exit(USAGE)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has seen enough
                give_up_output()
                ctx.exit(UNREAD)
            give_up_output()
            if is_hung_up(error):  # and SIGHUP comes too late to say so
                ctx.exit(INTERRUPTED)
            click.echo(f"cocci-gen: {unwritten(error)}", err=True)
            ctx.exit(USAGE)
        except (KeyboardInterrupt, click.Abort):
            say_last("cocci-gen: interrupted; what was finished is kept, the same command goes on from there")
            ctx.exit(INTERRUPTED)


def keeps_files() -> None:
    """Whoever has closed the standard output loses nothing of this command: what it does lies in files."""
    root = click.get_current_context().find_root().command
    if isinstance(root, Group):
        root.kept = True


def unwritten(error: OSError) -> str:
    """Which file the system refused, why, and what to do where its disk or somebody's share of it is full."""
    place = f"{error.filename}: " if error.filename else "the output cannot be written: "
    room = "; make room and run again" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else ""
    return f"{clean(place)}{error.strerror or error}{room}"


def clean(text: str) -> str:
    """A message without control characters: names in a tree are hostile input to a terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)


def clean_line(text: str) -> str:
    """One line of several without control characters: a name with a line feed in it would make up a finding of its own."""
    return clean(text).replace("\n", "?")


def note(text: str) -> None:
    """A line on stderr that is no error; nothing where -q was given."""
    ctx = click.get_current_context(silent=True)
    if ctx is None or not ctx.meta.get(_QUIET):
        click.echo(f"note: {clean(text)}", err=True)


def warn(text: str) -> None:
    """A line on stderr about what changes how much the results say; -q does not silence it."""
    click.echo(f"warning: {clean(text)}", err=True)


def listen(ctx: click.Context, loudness: int, log: Path | None) -> None:
    """Set how much is told on stderr (-1 nothing but errors, 0 progress, 1 also how long each stage took), and write it all
    into a file."""
    journal.handlers.clear()
    journal.propagate = False
    journal.setLevel(logging.INFO)
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if loudness > 0:
        handlers.append(logging.StreamHandler(sys.stderr))
    if log is not None:
        into = logging.FileHandler(log, encoding="utf-8", errors="backslashreplace")
        into.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        handlers.append(into)
    for handler in handlers:
        journal.addHandler(handler)
        ctx.call_on_close(partial(_hush, handler))
    ctx.meta[_QUIET] = loudness < 0


def _hush(handler: logging.Handler) -> None:
    journal.removeHandler(handler)
    handler.close()


def _timed(told: Progress) -> Progress:
    """The same progress, and each stage with its time in the journal."""
    begun: dict[str, float] = {}

    def tell(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if total and done >= total:
            journal.info("%s: %d in %.1f s", stage, total, now - begun.pop(stage, now))
        elif total:
            begun.setdefault(stage, now)
        told(stage, done, total)

    return tell


#: What a stage does with one thing, and with several, where no bar shows it.
_STAGES = {
    "index": ("reading 1 file that the index lacks", "reading {} files that the index lacks"),
    "parse": ("parsing 1 file", "parsing {} files"),
    "facts": ("looking for what 1 rule binds", "looking for what {} rules bind"),
    "report": ("spatch looks at 1 function", "spatch looks at functions, {} times"),
    "fix": ("spatch makes 1 fix", "spatch makes {} fixes"),
    "narrow": ("spatch makes 1 fix anew, and nothing else", "spatch makes {} fixes anew, and nothing else"),
    "verify": ("trying the 1 thing found", "trying the {} things found"),
    "configure": ("configuring the kernel", "configuring the kernel"),
    "compile": ("compiling once", "compiling {} times"),
}


@contextmanager
def progress_shown(*, alone: bool = True) -> Iterator[Progress]:
    """A progress bar on a terminal, elsewhere a plain line per stage, both on stderr; with `alone` off only the bar, since
    of many small scans in a row such lines tell nothing. Nothing where -q was given."""
    ctx = click.get_current_context(silent=True)
    if (ctx is not None and ctx.meta.get(_QUIET)) or not (alone or sys.stderr.isatty()):
        yield _timed(silent)
        return
    with _drawn() as told:
        yield _timed(told)


@contextmanager
def _drawn() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def plain(stage: str, _done: int, total: int) -> None:
            if stage not in seen and total:
                seen.add(stage)
                one, many = _STAGES.get(stage, (f"{stage}: 1", f"{stage}: {{}}"))
                click.echo(one if total == 1 else many.format(total), err=True)

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


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress: what cron starts has nobody who watches."""
