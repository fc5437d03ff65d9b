"""Files of the code at hand that end too early."""

import pytest

from cocci_gen.port.texts.unreadable import unreadable


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"int a;\nint f(void)\n{\n\tif (a) {\n\t\treturn 1;\n}\n", "the brace of line 3 is never closed"),
        (b"int a;\n/* b\nint c;\n", "the comment of line 2 is never closed"),
        (b"int a;\n#ifdef B\nint c;\n", "the #ifdef of line 2 has no #endif"),
        (b"int a;\n<<<<<<< HEAD\nint b;\n=======\nint c;\n>>>>>>> topic\n", "line 2 is a mark of a merge"),
        (b"int a;\0\n", "NUL byte"),
    ],
)
def test_a_file_that_ends_too_early_is_told(text, why):
    """Nothing of it was ported, and port.txt said nothing of it."""
    (said,) = unreadable({"a.c": text, "b.c": b"int b;\n"})

    assert said.startswith("a.c does not parse: ")
    assert why in said


@pytest.mark.parametrize(
    "text",
    [
        b"int f(void)\n{\n\treturn '{' + \"/*{\"[0];\n}\n",
        b"#ifdef A\nint f(int a)\n{\n#else\nint f(void)\n{\n#endif\n\treturn 1;\n}\n",
        b"int f(int a)\n{\n\tfor (;;) {\n#ifdef A\n\t\tg();\n#else\n\t\tif (a) {\n\t\t\th();\n\t\t}\n\t}\n#endif\n}\n",
        b"int f(int a)\n{\n#ifdef A\n\tif (a) {\n#endif\n\t\tg();\n}\n",
        b"#define END }\nint f(void) {\n\treturn 1;\n}\n",
        b"OPEN(a)\n\treturn 1;\n}\n",
    ],
)
def test_braces_in_characters_branches_and_macros_are_no_news(text):
    """A person would look for what is wrong in a file that every compiler takes."""
    assert not list(unreadable({"a.c": text}))
