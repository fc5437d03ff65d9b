"""A learned template that gives a member another name -> the type that its right side would lose, where the headers say so.

`rd.old_dir = d_inode(parent)` became `rd.old_parent = parent`.  `rd.old_dir` alone, of which that makes `rd.old_parent`,
would store an inode where a dentry belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cocci_gen.port.declared import Declared
from cocci_gen.port.evolutions import Evolution, MemberGone, name_of_change, plain_type
from cocci_gen.port.generalise import Template
from cocci_gen.port.terms import Term, names_in

_TAG = re.compile(r"\b(?:struct|union) (\w+)")


def lost_types(
    evolutions: Iterable[Evolution], headers: Callable[[str], Declared]
) -> Callable[[Template], tuple[str, ...]]:
    """What changed, and the new headers by path -> for a template: the type of its member, in words, where the member that stands
    in its place has another structure; () where nothing is known against it."""
    gone = {name_of_change(one): one for one in evolutions if isinstance(one, MemberGone)}

    def lost(template: Template) -> tuple[str, ...]:
        before, after = _member(template.left), _member(template.right)
        one = gone.get(before)
        if one is None or not after:
            return ()
        now = headers(one.old.path).members.get((one.old.struct, after.rpartition(".")[2]), ())
        kinds = {_kind(member.type) for member in now}
        return (f"the type `{one.old.type}`",) if kinds and _kind(one.old.type) not in kinds else ()

    return lost


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
