"""The command line: what it prints, where, and with which exit code it ends (bad input: test_bad_input.py)."""

import errno
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.errors import CocciGenError

ROOT = Path(__file__).resolve().parents[2]
CODE = b"""\
#include <linux/fs.h>
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""


def commands(group=main, path=()):
    """(words, command) of every command, those of groups included."""
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands())


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """cli(*words) -> how the command ended, with an empty cache and folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def root(tmp_path, corpus, make_repository):
    """A small kernel with one breach."""
    return make_repository(tmp_path / "k", {**corpus.trees["6.1"], "fs/demo.c": CODE})


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_help(words):
    """`--help` is the manual that everybody has."""
    command = COMMANDS[words]
    silent = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]

    assert (command.help or "").strip()
    assert [] == [name for name in silent if name not in ("form", "folder")]


def test_help_needs_nothing_heavy():
    """Heavy imports belong inside the commands; `cocci-gen --help` must not wait for half a second of them."""
    heavy = ("git", "jinja2", "rich", "tree_sitter", "unidiff", "cocci_gen.scan.pipeline")
    code = f"import sys, cocci_gen.cli; print([name for name in {heavy} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "[]\n" == ended.stdout


def test_the_first_help_names_the_first_steps():
    """Whoever starts with nothing but the program finds the next command."""
    ended = CliRunner().invoke(main, ["-h"])

    assert "cocci-gen run --kernel ~/linux -o out" in ended.output


def test_exit_codes_are_those_of_the_manual(cli, root, need):
    """Scripts act on them: 0 nothing, 1 findings."""
    need("spatch")
    words = ("scan", "--kernel", root, "--rule", "*.writepage.unlocks", "-o", "out", "-j", 1)

    assert 1 == cli(*words).exit_code
    assert 0 == cli(*words, "--path", "include").exit_code


def test_results_go_to_stdout_and_progress_to_stderr(cli, root, need):
    """`cocci-gen scan ... >log` must hold the result and nothing else."""
    need("spatch")
    ended = cli("scan", "--kernel", root, "--rule", "*.writepage.unlocks", "-o", "out", "-j", 1)
    message = "demo_writepage() returns with the page locked when `page->x` is false"

    assert [
        "bound         1 function in 1 file by 1 of 1 obligation; operations tables name 1",
        "examined      1 by spatch; 1 of the named with all answers (100.0%)",
        "findings      1 (1 high), 1 with a fix",
        "rejected      none",
        f"fs/demo.c:5: high: {message} [writepage.unlocks FINGERPRINT, fix]",
        "not examined  0 (see out/unexamined.jsonl)",
    ] == re.sub(r"\b[0-9a-f]{8}\b", "FINGERPRINT", ended.stdout).splitlines()
    stages = (
        "reading ",
        "parsing ",
        "looking for what",
        "spatch looks",
        "spatch makes",
        "trying the",
    )
    assert all(line.startswith(stages) for line in ended.stderr.splitlines()), ended.stderr


def test_a_run_ends_with_what_is_to_be_done_next(cli, root, need):
    """A series that nobody has read must not look as if it could be sent; one that was read and signed must."""
    need("spatch")
    ended = cli("run", "--kernel", root, "--rule", "*.writepage.unlocks", "-o", "out", "-j", 1)
    fingerprint = re.search(r"unlocks ([0-9a-f]{8})", ended.stdout)[1]

    assert 1 == ended.exit_code
    assert "series        1 with 1 patch in out/series (read out/series/index.md first)" in ended.stdout
    assert "git send-email" not in ended.stdout
    assert "  cocci-gen review out && cocci-gen series out --signoff" in ended.stdout.splitlines()
    cli("review", "out", "--accept", fingerprint)
    assert "git send-email" in cli("series", "out", "--signoff").stdout.splitlines()[-1]


def test_the_series_can_be_made_again_without_a_scan(cli, root, need):
    """Reading, judging and making again is how the tool is used; a scan of minutes has no place in it."""
    need("spatch")
    cli("run", "--kernel", root, "--rule", "*.writepage.unlocks", "-o", "out", "-j", 1)
    first = {path: path.read_bytes() for path in Path("out/series").rglob("*.patch")}
    for path in first:
        path.unlink()
    ended = cli("series", "out")

    assert (0, first) == (ended.exit_code, {path: path.read_bytes() for path in Path("out/series").rglob("*.patch")})
    assert 1 == len(first)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("command", ["tables", "obligations"])
def test_the_rules_of_a_tree_are_listed(cli, root, command, form):
    """What the tool reads from a document can be compared with the document."""
    ended = cli(command, "--kernel", root, "--format", form)

    assert (0, "") == (ended.exit_code, ended.stderr)
    assert "writepage" in ended.stdout
    assert ended.stdout.startswith(("{", "[")) is (form == "json")


def seeded(monkeypatch, error):
    """Let every command that opens a kernel end with this error."""

    def fail(*_):
        raise error

    monkeypatch.setattr("cocci_gen.kernel.tree.KernelTree.open", fail)


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (CocciGenError("a.c:3: \x1b[31mred\x07 name"), 2, "cocci-gen: a.c:3: ?[31mred? name\n"),
        (
            KeyboardInterrupt(),
            130,
            "cocci-gen: interrupted; what was finished is kept, the same command goes on from there\n",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "/tmp/x"),
            2,
            "cocci-gen: /tmp/x: No space left on device; make room and run again\n",
        ),
        (OSError(errno.EIO, "Input/output error"), 2, "cocci-gen: the output cannot be written: Input/output error\n"),
    ],
    ids=["an error with a hostile name", "Ctrl-C", "a file", "the output"],
)
def test_errors_are_one_line_on_stderr(cli, monkeypatch, error, code, sentence):
    """Names in a tree are hostile to a terminal, and a traceback helps nobody who made a mistake."""
    seeded(monkeypatch, error)
    ended = cli("tables", "--kernel", "x")

    assert (code, "", sentence) == (ended.exit_code, ended.stdout, ended.stderr)


def test_a_bug_is_not_hidden(cli, monkeypatch):
    """A mistake of ours must come with its traceback, or nobody can mend it."""
    seeded(monkeypatch, ZeroDivisionError())

    assert isinstance(cli("tables", "--kernel", "x").exception, ZeroDivisionError)


def test_a_wrong_option_is_told_by_click(cli):
    """Exit code 2 is click's own for usage, and ours."""

    assert 2 == cli("scan", "--nosuch").exit_code
    assert 2 == cli("nosuch").exit_code
    assert "Missing option '--kernel'" in cli("tables").stderr
