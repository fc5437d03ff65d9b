"""Functions that went, and what Documentation/filesystems/porting.rst says since: "a(), b() and c() have been renamed to x(), y()
and z()" -> rules that call them so, where the headers tell what the new one takes.

Nothing in the headers pairs `lookup_one_len()` with `lookup_noperm()`; the document does.  What else its section says of them
(what they do not check any more) is told at each call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cocci_gen.port.calls.gathered_parameters import gathered_rules
from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, FunctionGone, plain_type
from cocci_gen.port.documents.porting_notes import PORTING_RST, Note
from cocci_gen.port.lessons.rules import PortRule, Said
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.texts.parameters import meant
from cocci_gen.port.texts.trees import Sources


def said_rename_rules(
    evolutions: Iterable[Evolution], notes: Iterable[Note], now: Declarations, new: Sources
) -> Iterator[PortRule]:
    """What changed, what the document says since, what headers of the new kernel declare, and the new kernel -> a rule for each
    function that went, if its header declares the one that it is by now with the same parameters, or with a structure that the
    headers tell how to make of them."""
    gone = {one.old.name: one for one in evolutions if isinstance(one, FunctionGone) and not one.macros}
    for note in notes:
        for before, after in note.renamed:
            one = gone.get(before)
            came = now(one.old.path).functions.get(after, ()) if one is not None else ()
            if one is not None and len(came) == 1:
                yield from _rules(one, came[0], Said(f"{PORTING_RST}:{note.line}"), new)


def _rules(one: FunctionGone, came: Function, ground: Said, new: Sources) -> Iterator[PortRule]:
    words = (frozenset({one.old.name}),)
    if _fits(one.old, came):
        text = f"@said_{one.old.name}@\n@@\n- {one.old.name}\n+ {came.name}\n  (...)\n"
        yield PortRule(f"{one.id}.said", one.id, f"{one.old.name}() is {came.name}() by now", text, ground, words)
        return
    for rule in gathered_rules([FunctionChanged(one.old, came, ())], new):
        yield PortRule(rule.id, one.id, rule.title, rule.text, ground, words)


def _fits(old: Function, new: Function) -> bool:
    """Whether who called the old one can call the new one: it takes the same, what a pointer leads to may be const by now."""
    kinds = [(plain_type(one.returns), *map(meant, one.parameters)) for one in (old, new)]
    same = (before == after or after == f"const {before}" for before, after in zip(*kinds, strict=False))
    return len(kinds[0]) == len(kinds[1]) and kinds[0][0] == kinds[1][0] and all(same)
