"""Stage 6 `findings`: edits are made exactly or not at all, and fingerprints outlive edits elsewhere."""

import pytest

from cocci_gen.findings.findings import (
    Confidence,
    Edit,
    FixDoesNotApply,
    apply_edits,
    fingerprint,
    split_lines,
    unified_diff,
)

TEXT = b"one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), TEXT),
        ((Edit(2, (b"two\n",), (b"2\n",)),), b"one\n2\nthree\n"),
        ((Edit(2, (), (b"1.5\n",)),), b"one\n1.5\ntwo\nthree\n"),
        ((Edit(2, (b"two\n",), ()),), b"one\nthree\n"),
        ((Edit(4, (), (b"four\n",)),), b"one\ntwo\nthree\nfour\n"),
        ((Edit(3, (b"three\n",), (b"3\n",)), Edit(1, (), (b"zero\n",))), b"zero\none\ntwo\n3\n"),
        ((Edit(2, (b"two\n",), (b"2\n",)), Edit(2, (), (b"1.5\n",))), b"one\n1.5\n2\nthree\n"),
    ],
    ids=["none", "replacement", "insertion", "deletion", "at the end", "any order", "insertion before a replacement"],
)
def test_edits_are_made(edits, expected):
    """The fixed file is what these give, byte for byte."""

    assert expected == apply_edits(TEXT, edits)


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(2, (b"other\n",), (b"2\n",)),),
        (Edit(3, (b"three",), (b"3\n",)),),
        (Edit(3, (b"three\n", b"four\n"), ()),),
        (Edit(5, (), (b"far\n",)),),
        (Edit(0, (), (b"zero\n",)),),
        (Edit(1, (b"one\n", b"two\n"), ()), Edit(2, (b"two\n",), (b"2\n",))),
    ],
    ids=["another line", "another line end", "behind the end", "far behind the end", "before the start", "overlap"],
)
def test_edits_that_do_not_fit_are_refused(edits):
    """A fix for another version of the file would corrupt this one."""
    with pytest.raises(FixDoesNotApply):
        apply_edits(TEXT, edits)


def test_a_file_without_an_end_of_its_last_line():
    """`\\ No newline at end of file` is part of the diff, or git refuses it."""
    diff = unified_diff("fs/a.c", b"one\ntwo", (Edit(1, (b"one\n",), (b"1\n",)),))

    assert "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n\\ No newline at end of file\n" == diff


def test_a_diff_keeps_bytes_that_are_no_text():
    """Latin-1 comments stand beside fixes in real files."""
    diff = unified_diff("fs/a.c", b"caf\xe9\nb\n", (Edit(2, (), (b"x\n",)),))

    assert b" caf\xe9\n+x\n" in diff.encode("utf-8", "surrogateescape")


def test_only_a_newline_ends_a_line():
    """A form feed, which old files have, would shift every line behind it."""

    assert [b"a\x0cb\r\n", b"\n", b"c"] == split_lines(b"a\x0cb\r\n\nc")
    assert [] == split_lines(b"")


def test_fingerprints():
    """White space does not matter; obligation, path, function and code each do."""
    words = ("a.b.unlocks", "fs/a.c", "f", "return  -EIO;\n")

    assert fingerprint(*words) == fingerprint(*words[:3], " return -EIO;")
    assert 16 == len(fingerprint(*words))
    assert 5 == len({fingerprint(*words)} | {fingerprint(*words[:n], "x", *words[n + 1 :]) for n in range(4)})


def test_parts_of_a_fingerprint_do_not_run_into_each_other():
    """`fs/a` + `.cf` must not be `fs/a.c` + `f`."""

    assert fingerprint("a", "bc", "d", "e") != fingerprint("ab", "c", "d", "e")


def test_confidences_can_be_compared():
    """The least sure of several doubts decides."""

    assert [Confidence.LOW, Confidence.MODERATE, Confidence.HIGH] == sorted(Confidence, key=lambda one: one.rank)
