"""`code/texts/remarks`: what is no code."""

from cocci_gen.code.texts.remarks import blanked


def test_what_comments_and_strings_say_is_no_code():
    """A function that a comment speaks of would count as called, and a finding be shown on a way that does not exist."""
    text = b"a(); /* b()\n c() */ d(\"e() \\\" f()\"); // g()\nh('\\'', '(');\n"
    code = blanked(text)

    assert len(code) == len(text)
    assert code.count(b"\n") == text.count(b"\n")
    assert [name for name in b"abcdefgh".decode() if f"{name}(".encode() in code] == ["a", "d", "h"]
