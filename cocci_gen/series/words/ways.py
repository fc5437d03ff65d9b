"""The findings of one function that keep something -> the ways on which it does: a condition, a label, what it returns there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cocci_gen.series.words.breaches import FindingWords, fails_elsewhere, failure_words, when_words
from cocci_gen.series.words.listings import counted

#: A test that only says that something has failed before.
_ERROR = re.compile(r" when (?:err|error|ret|rc|res|retval|result|status) ")
#: A longer test is read better in the code.
_LONGEST = 90


def way_words(findings: Sequence[FindingWords], label: str, jumps: tuple[int, str], *, returned: bool) -> str:
    """` when f() fails`, ` on every path through out`, ` on the path that returns -EIO`; nothing where none of these is known.

    All paths through the label, if one is given, keep it, or so many jumps to another one; what is returned has been told where
    `returned` says so.
    """
    if failed := failure_words(findings):
        return (
            f"{failed} while {_held(findings)} held"
            if failed.endswith("fails") and fails_elsewhere(findings)
            else failed
        )
    cause, plain = when_words(findings), _plain(findings)
    if plain:
        return plain
    first = findings[0]
    if len(findings) == 1 and first.result and not first.alone and not first.repeated:
        whenever = f" before it returns {first.result}, which it does whenever {_got(first)}"
        return "" if returned else whenever if first.always else f" on the path that returns {first.result}"
    if label:
        return f" on {'any' if first.leaked else 'every'} path through {label}"
    if cause.count(", or ") > 1 and jumps[0]:
        return f" before {counted(jumps[0])} of its jumps to {jumps[1]}"
    return cause or (" at its last return" if len(findings) == 1 and first.last else "")


def _got(words: FindingWords) -> str:
    """`igrab() returns an inode`: a call that succeeds may as well return nothing."""
    if words.taker and words.returned:
        article = "an" if words.resource[:1] in "aeiou" else "a"
        return f"{words.taker} returns {article} {words.resource}"
    return f"{words.taker} succeeds" if words.taker else "it has one"


def _held(findings: Sequence[FindingWords]) -> str:
    """`bh is`: by its name, as what else the sentence speaks of may be held, too."""
    names = list(dict.fromkeys(words.variable for words in findings))
    return f"{names[0] or 'it'} is" if len(names) == 1 else "they are"


def return_words(findings: Sequence[FindingWords]) -> str:
    """Where a call stands that is put right before the returns of some findings: `before returning -EIO`, where no other exit
    does that, `on this error path`."""
    first, lines = findings[0], {words.line for words in findings}
    if len(lines) == 1 and first.result and not first.repeated:
        return f"before returning {first.result}"
    if len(lines) == 1 and first.lost:
        return "before it returns"
    sort = "error path" if all(map(_is_failing, findings)) else "path"
    return f"on this {sort}" if len(lines) == 1 else f"on these {sort}s"


def _is_failing(words: FindingWords) -> bool:
    """Whether an exit tells its caller of an error."""
    return words.result.startswith("-E") or words.exits == "returns an error" or "() fails" in words.message


def _plain(findings: Sequence[FindingWords]) -> str:
    """The one cause where that says something of itself: that the thing is there says nothing."""
    causes = list(dict.fromkeys(cause for words in findings for cause in words.causes))
    cause = when_words(findings)
    says = len(causes) == 1 and len(cause) <= _LONGEST and f" {findings[0].variable} " not in cause
    return cause if says and not _ERROR.search(cause) else ""
