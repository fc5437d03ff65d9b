"""Conditions that a rule left with nothing inside."""

import pytest

from cocci_gen.port.edits.empty_conditions import without_empty

EMPTY = b"#ifdef CONFIG_FERN\n#endif\n"


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        pytest.param(b"a\n#ifdef X\nb\n#endif\nc\n", b"a\n#ifdef X\n#endif\nc\n", b"a\nc\n", id="emptied"),
        pytest.param(b"#if X\nb\n#endif /* X */\n", b"#if X\n\n#endif /* X */\n", b"", id="with a blank line"),
        pytest.param(b"d\n" + EMPTY, EMPTY, EMPTY, id="empty before"),
        pytest.param(
            EMPTY + b"#ifdef CONFIG_FERN\nx\n#endif\n", EMPTY + EMPTY, EMPTY, id="one of two was empty before"
        ),
        pytest.param(
            b"#ifdef X\na\n#else\nb\n#endif\n", b"#ifdef X\n#else\nb\n#endif\n", None, id="another way is left"
        ),
        pytest.param(b"#if X\nb\n#endif\n", b"#if X\nc\n#endif\n", None, id="something is left"),
    ],
)
def test_conditions_go_with_what_they_held(before, after, result):
    """A condition about nothing would be left for somebody to take out; one that somebody wrote so would be lost."""
    assert (after if result is None else result) == without_empty(before, after)
