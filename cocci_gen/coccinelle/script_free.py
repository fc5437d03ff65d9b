"""SmPL text -> refusal, if it could run a program or read a file of its own.

A semantic patch is code: script rules, script constraints of a metavariable and `#spatch` lines start programs, `using`
and `#include` read files, and none of it is announced by spatch.  Ours need none of them, so all are refused, even in a
comment: to know what is a comment one would have to agree with spatch's lexer about every text, and a refusal can be
mended.
"""

from __future__ import annotations

import re

from cocci_gen.errors import SemanticPatchRefused

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_DEFINE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_FORBIDDEN = (
    (re.compile(r"\b(?:script|initialize|finalize)\s*:"), "a script, which runs programs"),
    (re.compile(r"@\s*(?:script|initialize|finalize)\b"), "a script, which runs programs"),
    (re.compile(r"#\s*spatch\b"), "an option line for spatch, which may name a program to run"),
    (re.compile(r"\busing\s*[\"'<]"), "`using`, which reads another file"),
    (re.compile(r"\A[^@]*#\s*include\b"), "`#include` before the first rule, which reads another file"),
)


def refuse_scripts(semantic_patch: str) -> None:
    """Raise SemanticPatchRefused for a semantic patch that is more than a pattern; `virtual` rules are fine."""
    for text in (semantic_patch, _COMMENT.sub(" ", semantic_patch)):
        for pattern, what in _FORBIDDEN:
            if found := pattern.search(text):
                line = text.count("\n", 0, found.start()) + 1
                raise SemanticPatchRefused(
                    f"a semantic patch holds {what} ({' '.join(found.group().split())[-40:]!r}, line {line}); "
                    f"cocci-gen runs script-free SmPL only"
                )


def refuse_odd_defines(defines: tuple[str, ...]) -> None:
    """Raise SemanticPatchRefused for a `-D` value that is no plain name."""
    for name in defines:
        if not _DEFINE.match(name):
            raise SemanticPatchRefused(f"{name!r} is not the name of a virtual rule")
