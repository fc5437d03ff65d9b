"""Both documents -> what became of the rules, and the functions of the code at hand that have to be looked at for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from cocci_gen.document.diff import RuleChange, diff_documents
from cocci_gen.document.obligations import obligations, read_obligations
from cocci_gen.document.tables import LOCKING_RST, read_document
from cocci_gen.errors import CocciGenError
from cocci_gen.port.changes.evolutions import MethodRenamed, ProtocolChanged
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.parameters import Retyped
from cocci_gen.port.texts.trees import Sources

_TAG = re.compile(r"\w+$")
_POINTED = re.compile(r"struct (\w+) \*")


def protocol_changes(old: Sources, new: Sources) -> tuple[ProtocolChanged, ...]:
    """Two kernels -> the cells and sentences of locking.rst about single methods that changed; none where a kernel has no such
    document, or one that cannot be read."""
    if LOCKING_RST not in old.oids or LOCKING_RST not in new.oids or old.oids[LOCKING_RST] == new.oids[LOCKING_RST]:
        return ()
    try:
        documents = [read_document(one.read(LOCKING_RST), LOCKING_RST) for one in (old, new)]
    except CocciGenError:
        return ()
    return tuple(ProtocolChanged(one) for one in diff_documents(*documents) if one.method and _TAG.search(one.struct))


def rows_of(changes: Iterable[ProtocolChanged]) -> Mapping[tuple[str, str], tuple[RuleChange, ...]]:
    """What changed, by structure and method; a sentence about several methods is one of each."""
    found: dict[tuple[str, str], list[RuleChange]] = defaultdict(list)
    for one in changes:
        for method in one.change.method.split(", "):
            found[one.change.struct, method].append(one.change)
    return {key: tuple(ones) for key, ones in found.items()}


def asked_otherwise(old: Sources, new: Sources) -> frozenset[tuple[str, str]]:
    """Two kernels whose documents can be read -> the methods (structure, name) of which they do not ask the same; other words
    for the same (a page that is a folio) ask for nothing else."""
    asked: list[set[tuple[object, ...]]] = []
    for one in (old, new):
        found = obligations(read_obligations(read_document(one.read(LOCKING_RST), LOCKING_RST)))
        asked.append({(each.struct, each.method, each.kind, each.resource, each.mode, each.names) for each in found})
    return frozenset((str(struct), str(method)) for struct, method, *_ in asked[0] ^ asked[1])


def to_check(
    changes: Iterable[ProtocolChanged],
    code: Code,
    asked: Callable[[], Collection[tuple[str, str]]],
    gone: Collection[tuple[str, str]] = (),
    renamed: Iterable[MethodRenamed] = (),
) -> list[Leftover]:
    """The instances in some code of the methods whose rules changed: each has to be looked at by a person.  `asked` tells
    the methods of which something else is asked; a cell in other words is nothing to look at, nor are the rules of a method that
    is `gone` with them, nor a sentence that only says the new names of methods."""
    listed = list(renamed)
    some = (one for one in changes if not one.change.old or _respelt(one.change.old, listed) != one.change.new)
    rows = {key: [one for one in ones if one.what in ("cell", "sentence")] for key, ones in rows_of(some).items()}
    rows = {key: ones for key, ones in rows.items() if key not in gone}
    otherwise = asked() if any(rows.values()) else ()
    rows = {key: [one for one in ones if one.what == "sentence" or key in otherwise] for key, ones in rows.items()}
    found = []
    for instance in code.instances({key for key, ones in rows.items() if ones}):
        if instance.typed:
            function = instance.function
            for one in rows[instance.struct, instance.method]:
                evolution = f"{instance.struct}.{instance.method}: {one.column or one.what}"
                reason = f"its rule in locking.rst {_said(one)}; see whether the code relies on the old one"
                found.append(Leftover(function.path, function.span.line, evolution, reason, (), function.name))
    return found


def _respelt(text: str, renamed: Iterable[MethodRenamed]) -> str:
    """A text with the new names of methods, and with the new word for what both names of one say: ->readpage is ->read_folio, and
    its page a folio."""
    for one in renamed:
        text = re.sub(rf"\b{one.old.name}\b", one.new.name, text)
        for before, after in _tags_in_names(one):
            text = re.sub(rf"\b{before}(s?)\b", rf"{after}\1", text)
    return text


def _tags_in_names(change: MethodRenamed) -> Iterator[tuple[str, str]]:
    """The structures that a parameter pointed to and points to, where the old name of the method says the one and the new name
    the other."""
    old, new = change.old.prototype.parameters, change.new.prototype.parameters
    for step in change.steps:
        if isinstance(step, Retyped):
            tags = _POINTED.search(old[step.old]), _POINTED.search(new[step.new])
            if tags[0] and tags[1] and tags[0][1] in change.old.name and tags[1][1] in change.new.name:
                yield tags[0][1], tags[1][1]


def _said(change: RuleChange) -> str:
    if not change.old:
        return f"now also says {change.new!r}"
    return f"said {change.old!r}" + (f" and now says {change.new!r}" if change.new else ", which went")
