"""A learned template that gives a member or a function another name -> the type that its right side would lose, where the headers
say so.

`rd.old_dir = d_inode(parent)` became `rd.old_parent = parent`.  `rd.old_dir` alone, of which that makes `rd.old_parent`,
would store an inode where a dentry belongs.  `xdr_set_scratch_page(xdr, page)` became `xdr_set_scratch_folio(xdr, folio)`: the
name alone says nothing of what is given.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable

from cocci_gen.port.changes.declared import Declared, Function
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, MemberGone, name_of_change, plain_type
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.texts.parameters import without_name
from cocci_gen.port.texts.terms import Term, names_in

_TAG = re.compile(r"\b(?:struct|union) (\w+)")


def lost_types(
    evolutions: Iterable[Evolution], headers: Callable[[str], Declared]
) -> Callable[[Template], tuple[str, ...]]:
    """What changed, and the new headers by path -> for a template: the type of its member or of an argument, in words, where what
    stands in its place has another structure; () where nothing is known against it."""
    listed = list(evolutions)
    gone = {name_of_change(one): one for one in listed if isinstance(one, MemberGone)}
    functions = {one.old.name: one.old for one in listed if isinstance(one, FunctionGone)}

    def lost(template: Template) -> tuple[str, ...]:
        if all(isinstance(side, tuple) and side[0] == "identifier" for side in (template.left, template.right)):
            old = functions.get(template.left[1])
            return _other_arguments(old, headers(old.path).functions.get(template.right[1], ())) if old else ()
        before, after = _member(template.left), _member(template.right)
        one = gone.get(before)
        if one is None or not after:
            return ()
        now = headers(one.old.path).members.get((one.old.struct, after.rpartition(".")[2]), ())
        kinds = {_kind(member.type) for member in now}
        return (f"the type `{one.old.type}`",) if kinds and _kind(one.old.type) not in kinds else ()

    return lost


def _other_arguments(old: Function, declared: Iterable[Function]) -> tuple[str, ...]:
    """The structures that a function took and that none of the same place is for the one that follows it."""
    pairs = (zip(old.parameters, one.parameters, strict=False) for one in declared)
    return tuple(
        f"the type `{without_name(before)}`"
        for before, after in itertools.chain.from_iterable(pairs)
        if (kinds := [_kind(without_name(side)) for side in (before, after)])[0] != kinds[1]
        and all(tags for tags, _ in kinds)
    )


def _member(term: Term) -> str:
    """The name of a member of a metavariable, `tag.member` or `.member`; "" for any other term."""
    if isinstance(term, tuple) and term[0] == "field_expression":
        names = list(names_in(term))
        return names[0] if len(names) == 1 else ""
    return ""


def _kind(text: str) -> tuple[tuple[str, ...], int]:
    """What makes two types different for whoever stores: their structures, and whether they are pointers."""
    plain = plain_type(text)
    return tuple(_TAG.findall(plain)), plain.count("*")
