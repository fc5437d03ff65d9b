"""A function of some code -> how often the code names it, and where it is declared only."""

from __future__ import annotations

import re

from cocci_gen.port.texts.instances import Code, Written
from cocci_gen.port.texts.plain_text import blank_comments


def uses_beside_declarations(function: Written, code: Code) -> int:
    """How often code names a function, its definition too, mere declarations of a static one not; another file cannot mean one
    that is static."""
    word = re.compile(rb"\b" + re.escape(function.name.encode()) + rb"\b")
    texts = [code.texts[function.path]] if function.span.static else code.texts.values()
    count = sum(len(word.findall(blank_comments(text))) for text in texts)
    return count - len(declarations_in(code.texts[function.path], function))


def declarations_in(text: bytes, function: Written) -> list[int]:
    """Where a file declares a static function of its own."""
    name = re.escape(function.name.encode())
    declared = re.compile(rb"^static\s[^;{}=()]*\b" + name + rb"\s*\([^;{}]*\);", re.MULTILINE)
    return [found.start() for found in declared.finditer(blank_comments(text))]
