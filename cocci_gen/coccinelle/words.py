"""Words of C that SmPL 1.1.1 cannot declare as a symbol, because they are key words of its declarations.

In a pattern they stand for themselves; spatch only wonders whether they should have been metavariables.
"""

from __future__ import annotations

import re

#: Tried one by one: `symbol WORD;` is a parse error, the word in a pattern is not.
UNDECLARABLE = frozenset(
    {"attribute", "comments", "constant", "error", "expression", "field", "format", "fresh", "function", "global", "identifier",
     "list", "local", "merge", "name", "parameter", "position", "script", "statement", "symbol", "type", "virtual", "words"}
)  # fmt: skip
#: A word that no rule declares stands for itself; what a template forgot is found when it is rendered (`smpl`).  1.3.0 also
#: tells of names that it takes for types (`bool` of a rule), declarers (DEFINE_MUTEX of a file) and iterators.  Of a
#: conditional that it cannot read it tells too; what it does not report of such a function is found (`unstarred`).
_WONDERS = re.compile(
    rb"^(?:warning: line \d+: should \w+ be a metavariable\?|SPECIAL NAMES: adding \w+ as an? \w+"
    rb"|Unable to parse #if condition: [^\n]*)(?:\n|\Z)",
    re.MULTILINE,
)


def without_wondering(said: bytes) -> bytes:
    """What spatch printed on stderr, less its remarks about what it takes words for."""
    return _WONDERS.sub(b"", said)
