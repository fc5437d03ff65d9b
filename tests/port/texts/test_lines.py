"""What became of the lines of a text."""

from cocci_gen.port.texts.lines import moved_lines


def test_lines_are_found_where_they_stand_by_now():
    """A place that is left to a person would be told by a line that something else stands on by now."""
    before, after = b"a\nb\nc\nd\ne\n", b"new\na\nB\nC\nC2\ne\n"

    assert {1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7} == moved_lines(before, after)
    assert {1: 1, 2: 2, 3: 2, 4: 3} == moved_lines(b"a\nb\nc\n", b"a\nc\n")
