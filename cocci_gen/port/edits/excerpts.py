"""A C file and the words of a rule -> the file with the bodies blanked in which the rule can change nothing, and back again.

spatch needs a fraction of the time for it.  Lines stay; a statement in place of each body tells where it belongs, wherever spatch
moves it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.texts.plain_text import words_of

_MARK = b"cocci_gen_body_"
_BLANKED = re.compile(rb"\{ " + _MARK + rb"(\d+)\(\);\n*\}")
#: Shorter bodies cost less than their blanking.
_SHORTEST = 200


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A file with blanked bodies, and the bodies by number."""

    text: bytes
    bodies: tuple[bytes, ...]

    def whole(self, text: bytes) -> bytes | None:
        """The excerpt after a change -> the file after it; None where a body got lost."""
        found: list[int] = []

        def body(match: re.Match[bytes]) -> bytes:
            found.append(int(match.group(1)))
            return self.bodies[found[-1]] if found[-1] < len(self.bodies) else b""

        result = _BLANKED.sub(body, text)
        return result if sorted(found) == list(range(len(self.bodies))) and _MARK not in result else None


def excerpt_of(text: bytes, functions: Collection[FunctionSpan], rule: PortRule) -> Excerpt:
    """A file, its functions and a rule -> the file without the bodies in which the rule finds none of its words."""
    if not rule.words or _MARK in text:
        return Excerpt(text, ())
    parts: list[bytes] = []
    bodies: list[bytes] = []
    done = 0
    for start, end in _bodies(text, functions, rule):
        parts += [text[done:start], b"{ %s%d();" % (_MARK, len(bodies)), b"\n" * text.count(b"\n", start, end), b"}"]
        bodies.append(text[start:end])
        done = end
    return Excerpt(b"".join(parts) + text[done:], tuple(bodies))


def _bodies(text: bytes, functions: Collection[FunctionSpan], rule: PortRule) -> Iterator[tuple[int, int]]:
    """The bodies that can be blanked: without conditions of the preprocessor, and not needed by the rule, which may take away a
    function that it names."""
    done, named = 0, words_of(rule.text.encode())
    for function in sorted(functions, key=lambda one: one.start):
        whole = text[function.start : function.end]
        brace = whole.find(b"\n{") + 1 or whole.find(b"{")
        start = function.start + brace
        if function.start < done or brace <= 0 or not whole.endswith(b"}") or function.end - start < _SHORTEST:
            continue
        if b"\n#" in whole or function.name.encode() in named or rule.may_change(words_of(whole)):
            continue
        yield start, function.end
        done = function.end
