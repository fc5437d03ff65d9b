"""What of a C text is more than comments and white space."""

import pytest

from cocci_gen.code.texts.tokens import tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"a = b; /* why */", b"a=b;"),
        (b"f(a,\n  b); // end", b"f(a, b);"),
        (b"x\n#if A /* so */\ny\n#endif", b"x\n#  if A\ny\n#endif // A"),
        (b"a \\\n b", b"a b"),
        (b"/* never closed", b""),
    ],
)
def test_comments_and_white_space_are_no_tokens(one, other):
    """A check would look at all callers of a function in which a comment was mended."""
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'"a  b"', b'"a b"'),
        (b'"/* a */"', b'""'),
        (b"ab", b"a b"),
        (b"#if A\nB\n", b"#if A B\n"),
        (b"x;\n#else\n", b"x;\nelse\n"),
        (b"'/*' + a /* b */", b"'/*'"),
    ],
)
def test_what_is_another_program_has_other_tokens(one, other):
    """A change would pass unseen."""
    assert tokens(one) != tokens(other)
