"""`cocci-gen obligations --summary`: the counts of several documents in one table."""

import json
import os
from pathlib import Path

import pytest

from cocci_gen.document.listing import Counts
from cocci_gen.document.summary import Coverage, summaries_to_text

ROOT = Path(__file__).resolve().parents[2]
RULES = "Documentation/filesystems/locking.rst"
USAGE = 2


@pytest.fixture
def document(tmp_path, corpus):
    """The locking.rst of the corpus's 5.8 as a file without a tree."""
    file = tmp_path / "locking-v5.8.rst"
    file.write_bytes(corpus.trees["5.8"][RULES])
    return file


@pytest.fixture
def kernel(tmp_path, corpus, make_repository):
    """A repository with the locking.rst of the corpus's 6.1."""
    return make_repository(tmp_path / "linux-6.1", {RULES: corpus.trees["6.1"][RULES]})


def test_the_figures_stand_under_their_document():
    """A column that slips, or a figure in a wrong row, would be pasted into README and believed."""
    wide = Counts(200, 110, 60, 30, 5, 108, 100, 70, 40, 95, 21, 51, 23, 45, 300, 290, 250, 120, 180)
    text = summaries_to_text([Coverage("a", wide), Coverage("linux-6.12", wide)])

    assert [
        f"{'':67}a     linux-6.12",
        "cells with text                                                  200            200",
        "cells read / declined with a reason / unread           110 / 60 / 30  110 / 60 / 30",
        "cells with a rule that the corpus tests                    100 (50%)      100 (50%)",
        "cells of a kind that makes fixes / that reports              70 / 40        70 / 40",
        "sentences read / declined / unread                      21 / 51 / 23   21 / 51 / 23",
        "distinct obligations                                             300            300",
        "obligations of a kind that makes fixes / that reports      120 / 180      120 / 180",
    ] == text.splitlines()


def test_a_document_without_a_word_in_a_cell_has_no_share():
    """A share of nothing is a division by zero."""

    assert "cells with a rule that the corpus tests                        0" in summaries_to_text(
        [Coverage("empty", Counts(*[0] * 19))]
    )


def test_documents_and_kernels_stand_in_one_table(cocci_gen_says, document, kernel):
    """README shows a kernel of which there is only the document beside those that are there."""
    code, said, _ = cocci_gen_says("obligations", "--summary", "--kernel", kernel, "--document", document)

    assert 0 == code
    assert ["locking-v5.8", "linux-6.1"] == said.splitlines()[0].split()


def test_the_revision_is_told(cocci_gen_says, kernel):
    """Two tables of one tree at two revisions must not look alike."""
    _, said, _ = cocci_gen_says("obligations", "--summary", "--kernel", kernel, "--rev", "main")

    assert "linux-6.1 main" == said.splitlines()[0].strip()


def test_programs_get_the_same_figures_as_the_listing(cocci_gen_says, document, kernel):
    """Two countings of one document that differ are both wrong."""
    _, said, _ = cocci_gen_says(
        "obligations", "--summary", "--format", "json", "--document", document, "--kernel", kernel
    )
    _, one, _ = cocci_gen_says("obligations", "--format", "json", "--document", document)
    _, other, _ = cocci_gen_says("obligations", "--format", "json", "--kernel", kernel)

    assert [
        {"name": "locking-v5.8", "counts": json.loads(one)["counts"]},
        {"name": "linux-6.1", "counts": json.loads(other)["counts"]},
    ] == json.loads(said)


def test_what_is_read_is_fixed_or_reported(cocci_gen_says, kernel):
    """A cell that falls between the two would be missing from the promise."""
    _, said, _ = cocci_gen_says("obligations", "--summary", "--format", "json", "--kernel", kernel)
    [found] = [one["counts"] for one in json.loads(said)]

    assert found["cells_read"] == found["cells_fixing"] + found["cells_reporting"]
    assert found["obligations"] == found["obligations_fixing"] + found["obligations_reporting"]
    assert min(found["cells_fixing"], found["cells_reporting"], found["cells_tested"]) > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Missing option '--kernel' (or '--document')"),
        (("--kernel", "x", "--kernel", "y"), "for several there is --summary"),
    ],
)
def test_what_cannot_be_asked(cocci_gen_says, words, sentence):
    """Without a document there is nothing to list, and two listings in one would be none."""
    code, said, problem = cocci_gen_says("obligations", *words)

    assert (USAGE, "") == (code, said)
    assert sentence in problem


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_document_as_an_editor_of_windows_saves_it_is_told(cocci_gen_says, document, encoding):
    """Each second byte is a NUL, which says nothing of how to get on."""
    document.write_bytes(f"\ufeff{document.read_text()}".encode(encoding))
    code, said, problem = cocci_gen_says("obligations", "--document", document)

    assert (USAGE, "") == (code, said)
    assert f"{document}:1: is UTF-16; save the file as UTF-8" in problem


def test_a_document_comes_from_a_command(cocci_gen_says, document):
    """`--document <(git show v5.8:Documentation/filesystems/locking.rst)` is a pipe that can be read once."""
    command = ("obligations", "--summary", "--format", "json", "--document")
    _, plain, _ = cocci_gen_says(*command, document)
    reader, writer = os.pipe()
    os.write(writer, document.read_bytes())  # a few kB, which a pipe holds
    os.close(writer)
    code, said, _ = cocci_gen_says(*command, f"/dev/fd/{reader}")
    os.close(reader)

    assert 0 == code
    assert [json.loads(plain)[0]["counts"]] == [one["counts"] for one in json.loads(said)]


@pytest.mark.kernel
def test_readme_shows_what_the_command_prints(cocci_gen_says, debian_kernel, locking_rst, tmp_path):
    """What the tool covers is the first thing that people ask; README must not promise what it was."""
    (tmp_path / "locking-v5.8.rst").write_bytes(locking_rst("v5.8"))
    words = ["--document", tmp_path / "locking-v5.8.rst"]
    words += [word for version in ("6.1", "6.12", "7.3") for word in ("--kernel", debian_kernel(version))]

    assert cocci_gen_says("obligations", "--summary", *words)[1] in (ROOT / "README.md").read_text(encoding="utf-8")
