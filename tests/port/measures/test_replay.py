"""How near a port comes to upstream's version."""

import re
import subprocess

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.port.measures.replay import replay_set
from cocci_gen.port.measures.upstream_lines import compared_lines

OLD = b"int f(int a)\n{\n\tcall(a, 1);\n\tkeep(a);\n}\n"


@pytest.mark.parametrize(
    ("now", "true", "counts"),
    [
        (OLD.replace(b"call(a, 1)", b"call(a, 2)"), OLD.replace(b"call(a, 1)", b"call(a, 2)"), (1, 1, 0)),
        (
            OLD.replace(b"int f(int a)", b"int f(int a, int b, int c)"),
            OLD.replace(b"int f(int a)", b"int f(int a, int b,\n      int c)"),
            (1, 1, 0),
        ),
        (
            OLD.replace(b"int f(int a)", b"int f(int a, int b,\n      int c)"),
            OLD.replace(b"int f(int a)", b"int f(int a, int b, int c)"),
            (2, 2, 0),
        ),
        (OLD.replace(b"call(a, 1)", b"call(a, 3)"), OLD.replace(b"call(a, 1)", b"call(a, 2)"), (1, 0, 0)),
        (OLD.replace(b"call(a, 1)", b"call(a, 3)"), OLD, (1, 0, 1)),
        (OLD.replace(b"\tcall(a, 1);\n", b""), OLD, (0, 0, 0)),
        (
            OLD.replace(b"call(a, 1)", b"call(a, 3)"),
            b"int g(int a)\n{\n\tcall(a, 1);\n}\n" + OLD.replace(b"call(a, 1)", b"call(a, 2)"),
            (1, 0, 0),
        ),
        (
            OLD.replace(b"call(a, 1)", b"long x = 2;\n\tcall(x)"),
            OLD.replace(b"call(a, 1)", b"long y = 2;\n\tcall(y)"),
            (2, 2, 0),
        ),
        (
            OLD.replace(b"call(a, 1)", b"long x = 2;\n\tcall(x)"),
            OLD.replace(b"call(a, 1)", b"int y = 2;\n\tcall(y)"),
            (2, 0, 0),
        ),
        (OLD.replace(b"(int a)", b"(unsigned a)"), OLD.replace(b"(int a)", b"(unsigned int a)"), (1, 1, 0)),
        (OLD + b"extern int g(long);\n", OLD + b"int g(long);\n", (1, 1, 0)),
        (OLD + b"extern int g;\n", OLD + b"int g;\n", (1, 0, 0)),
        (
            OLD.replace(b"(int a)", b"(long n, int a)").replace(b"call(a, 1)", b"call(a, 2)"),
            OLD.replace(b"call(a, 1)", b"call(a, 2)"),
            (2, 1, 1),
        ),
        (
            OLD.replace(b"(int a)", b"(int b, int c)").replace(b"call(a, 1)", b"call(b, c)"),
            OLD.replace(b"(int a)", b"(int b, int c)").replace(b"call(a, 1)", b"call(c, b)"),
            (2, 1, 0),
        ),
    ],
    ids=[
        "equal",
        "their line is broken",
        "our line is broken",
        "otherwise",
        "a wrong edit",
        "nothing written",
        "the old line elsewhere",
        "a local of another name",
        "a local of another type",
        "a type spelled otherwise",
        "a function declared with a word more",
        "a variable that is declared, not defined",
        "a function that takes less there",
        "two of one type, exchanged",
    ],
)
def test_lines(now, true, counts):
    """The figures of README would be wrong."""
    found, _ = compared_lines("a.c", OLD, now, true)

    assert counts == (found.written, found.equal, found.wrong)


PAGE = b"int f(struct page *page)\n{\n\told(page);\n\treturn 0;\n}\n"


@pytest.mark.parametrize(
    ("now", "true", "equal"),
    [
        (b"new(folio_of(page))", (b"struct folio *folio", b"new(folio)"), True),
        (b"new(folio_of(page))", (b"struct folio *folio", b"new(other)"), False),
        (b"new(folio_of(page))", (b"struct folio *folio, struct page *page", b"new(folio)"), False),
        (b"new(folio_of(page))", (b"struct bread *folio", b"new(folio)"), False),
        (b"new(page_of(page))", (b"struct folio *folio", b"new(folio)"), False),
    ],
    ids=["in its place", "something else", "both", "another structure", "no way there"],
)
def test_what_is_made_of_the_old_one_is_what_upstream_hands_on(now, true, equal):
    """The same value by another name would count as something else, or something else as the same."""
    ours = PAGE.replace(b"old(page)", now)
    theirs = PAGE.replace(b"struct page *page", true[0]).replace(b"old(page)", true[1])
    ways = {("folio", "page"): "folio_of({})"}
    found, _ = compared_lines("a.c", PAGE, ours, theirs, lambda wanted, there: ways.get((wanted, there), ""))

    assert equal == (found.equal == 1)


def test_a_folder_is_for_ever_in_the_same_set():
    """What was tuned on would be reported."""
    assert ("tune", "report") == (replay_set("ext2"), replay_set("minix"))


def test_folders_that_are_ported_together_do_not_teach_each_other(tmp_path, pair, laid):
    """What one of them shows would be counted as what the rest of the tree teaches."""
    for name in ("old", "new"):
        laid(tmp_path / name, pair(name))
        git = ["git", "-C", str(tmp_path / name), "-c", "user.name=A", "-c", "user.email=a@b.c"]
        for one in (["init", "-q"], ["add", "-A"], ["commit", "-qm", name]):
            subprocess.run([*git, *one], check=True)
    words = ["port", "--replay", "--kernel", str(tmp_path / "old"), "--to-kernel", str(tmp_path / "new")]
    words += ["--path", "fs/ash", "--path", "fs/beech", "--cache", str(tmp_path / "cache"), "-o", str(tmp_path / "out")]
    alone = CliRunner().invoke(main, words).output
    together = CliRunner().invoke(main, [*words, "--together"]).output

    assert "fs/ash  " in alone
    assert "together  " in together
    assert "2 folders" in together
    written = [int(re.search(r"(\d+) written", text)[1]) for text in (alone, together)]
    assert written[1] < written[0]
    assert (tmp_path / "out/together.txt").exists()
