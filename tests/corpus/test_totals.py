"""Totals: one line per tree, and nothing in a cell of which nothing was read."""

from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.corpus.patch_verdicts import PatchVerdict, Taken, as_last_read
from cocci_gen.corpus.precision import Share
from cocci_gen.corpus.totals import TreeTotals, totals_to_text
from cocci_gen.scan.coverage import Coverage


def patch(file: str, taken: Taken, reader: str = "A") -> PatchVerdict:
    """What a reader said of the patch to a file."""
    return PatchVerdict(file, ("heron_read",), "unlocks", "c" * 16, "m" * 16, reader, taken)


def test_a_patch_counts_as_it_was_last_read():
    """A mended patch is read again; counted twice, old verdicts would outweigh what is sent today."""
    share = as_last_read([patch("a.c", Taken.NO), patch("b.c", Taken.EDITS), patch("a.c", Taken.AS_IS, "B")])

    assert share.counts == (1, 1, 0)


def test_one_line_says_what_was_read_of_a_tree():
    """The numbers of code and of documents stay apart, and a tree of which nothing was read claims nothing."""
    code = Share("all code", "high", (8, 1, 0, 1))
    documents = (Share("all documents", "high", (3, 0, 0, 0)), Share("all documents", "moderate", (4, 1, 0, 0)))
    full = TreeTotals("linux-6.1", (code, *documents), Coverage(10, 9), as_last_read([patch("a.c", Taken.AS_IS)]))
    empty = TreeTotals("heron-dkms", (), Coverage(), as_last_read([]))

    lines = [line.split() for line in totals_to_text([full, empty]).splitlines()]

    assert lines[1] == ["linux-6.1", "8/10", "-", "-", "1", "7/8", "9/10", "1/1"]
    assert lines[2] == ["heron-dkms", *"-------"]


def test_totals_are_for_people(tmp_path):
    """What the option does not print is said, rather than left out."""
    answer = CliRunner().invoke(
        main, ["corpus", "precision", "--totals", "--format", "json", "--corpus", str(tmp_path)]
    )

    assert answer.exit_code == 2
    assert "--totals is a table of verdicts" in answer.stderr
