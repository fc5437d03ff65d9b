"""What some code meets and the usual folders do not show -> the files of the tree that use it, and what these teach.

Learning is below ROOTS, where the users of what file systems use are.  dm_io() has its callers in drivers/md alone: what became
of it nobody below ROOTS can tell, and to read all of drivers/ for it would take minutes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    Evolution,
    FunctionChanged,
    FunctionGone,
    MacroChanged,
    MacroGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    word_of,
)
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.knowledge import Kernels, Knowledge, Lessons, Progress, Teaching, kept_knowledge
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.remains.nearest import NEAREST
from cocci_gen.port.store import dumped, loaded, own_code
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.used import used_by

#: Of so many files that use one thing most tell the same.
_MOST = 40
#: Words -> the files of the old kernel in which some of them stand, with these.
Naming = Callable[[Iterable[str]], Mapping[str, frozenset[str]]]


def unseen(used: Iterable[Met], known: Knowledge) -> tuple[Evolution, ...]:
    """What some code meets, and what the usual folders teach -> that of which they have no rule and hardly a user."""
    ruled = {one.evolution for one in known.rules} | {one.evolution.id for one in known.plans if one.shown}
    return tuple(
        dict.fromkeys(
            one.evolution
            for one in used
            if _has_users(one.evolution)
            and one.evolution.id not in ruled
            and len(known.nearest.get(one.evolution.id, ())) < NEAREST
            and word_of(one.evolution) not in known.kept
        )
    )


def _has_users(evolution: Evolution) -> bool:
    """Whether users of it show what became of it."""
    if isinstance(evolution, MemberRetyped):
        return evolution.is_closed or evolution.is_wrapped
    named = FunctionChanged | FunctionGone | MacroGone | MacroChanged | ConstantGone
    return isinstance(evolution, named | MemberGone | MethodChanged | MethodRenamed | MethodGone)


def _words(evolution: Evolution) -> frozenset[str]:
    """The words that all stand in a file which uses it."""
    if isinstance(evolution, MemberGone | MemberRetyped | MethodChanged | MethodRenamed | MethodGone):
        return frozenset({word_of(evolution), evolution.old.struct})
    return frozenset({word_of(evolution)})


def files_that_use(evolutions: Iterable[Evolution], naming: Naming) -> tuple[str, ...]:
    """What changed -> so many files that name each, for ever the same ones: a hash of their names decides."""
    wanted = [_words(one) for one in evolutions]
    found = naming(frozenset().union(*wanted))
    chosen: set[str] = set()
    for words in wanted:
        some = (path for path, there in found.items() if words <= there)
        chosen.update(sorted(some, key=lambda path: hashlib.sha256(path.encode()).digest())[:_MOST])
    return tuple(sorted(chosen))


def knowledge_for(
    kernels: Kernels,
    teaching: Teaching,
    texts: Mapping[str, bytes],
    naming: Naming,
    cache: JobCache,
    progress: Progress,
) -> Knowledge:
    """Two kernels, where is learned, the files of some code, and which files of the old kernel name what -> what
    the tree teaches for this code."""
    known = kept_knowledge(kernels, teaching, cache, progress)
    wanted = unseen(used_by(kernels, read_code(texts.items(), frozenset()), known.types), known)
    paths = files_that_use(wanted, naming) if wanted else ()
    if not paths:
        return known
    ids = sorted(one.id for one in wanted)
    where = (kernels.old.identity, kernels.new.identity, *teaching.excluded)
    key = content_key(["elsewhere", *where, "about", *ids, *own_code()])
    row = cache.get(key)
    more = _read(row) if row is not None else None
    if more is None:
        about = Kernels(kernels.old, kernels.new, wanted)
        more = Lessons(about, paths, progress).without(teaching.excluded)
        more = replace(more, types=TypeIndex({}, {}))  # those of the headers are known
        cache.put(key, json.dumps(dumped(more)).encode())
    return joined(known, more)


def _read(row: bytes) -> Knowledge | None:
    try:
        found = loaded(json.loads(row))
    except (ValueError, KeyError, TypeError):
        return None  # a row of another layout
    return found if isinstance(found, Knowledge) else None


def joined(known: Knowledge, more: Knowledge) -> Knowledge:
    """What is known of all that changed, and what all users of some of it show; what the declarations tell is known already."""
    about = {one.id for one in more.refined}
    return replace(
        known,
        refined=(*(one for one in known.refined if one.id not in about), *more.refined),
        plans=(*(one for one in known.plans if one.evolution.id not in about), *more.plans),
        rules=(*known.rules, *(one for one in more.rules if isinstance(one.ground, Learned))),
        nearest={**known.nearest, **more.nearest},
        kept=known.kept | more.kept,
        handed=known.handed | more.handed,
        held=(*known.held, *more.held),
        successors={**known.successors, **more.successors},
        contexts=(*(one for one in known.contexts if one.gone.id not in about), *more.contexts),
        as_before=known.as_before | more.as_before,
    )
