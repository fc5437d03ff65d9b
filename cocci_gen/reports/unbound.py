"""A word that names nothing of a run -> the bound functions that call a function of that name, or the nearest names.

Who calls it is found in the text of the tree, which takes seconds where all of it is read.  A word that is nearly the name of a
bound function is looked for in that one's folder: what stands there is a function beside it, what does not is a slip.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence

from cocci_gen.errors import UsageProblem
from cocci_gen.reports.bound_callers import BoundCaller, Callers, bound_callers
from cocci_gen.reports.record import RunRecord
from cocci_gen.runs.pages import Missing

#: So many callers are named one by one.
_NAMED = 12
#: How like a name a word is that was meant to be it, as difflib measures.
_A_SLIP = 0.8
#: How the name of a file of code ends.
_FILES = (".c", ".h")
#: How to have the whole tree looked through all the same.
_WHOLE = "; if it is a helper, name its file to have all callers looked for: PATH:{what}"


def unbound_lines(
    record: RunRecord, what: str, rule_names: Collection[str], callers: Callers | Missing
) -> Iterator[str]:
    """The lines of the answer; UsageProblem, with the nearest names, for a word that names nothing that is bound or called by
    what is."""
    if what.endswith(_FILES):
        raise UsageProblem(_no_file(record, what))
    path, _, name = what.rpartition(":")
    name = name.removesuffix("()")
    bound = {(one.path, one.function) for one in record.standings}
    bound |= {(one.path, one.function) for one in record.unexamined}
    known = {function for _, function in bound} | {one.finding.function for one in record.findings}
    near = difflib.get_close_matches(name, sorted(known | set(rule_names)), n=3)
    slip = not path and bool(difflib.get_close_matches(name, near, n=1, cutoff=_A_SLIP))
    folders = sorted({place.rpartition("/")[0] for place, function in bound if function in near}) if slip else []
    if isinstance(callers, Missing) or (slip and not any(callers(name, folder) for folder in folders)):
        raise UsageProblem(_nothing(record, what, near) + (_WHOLE.format(what=what) if slip else ""))
    found = bound_callers(name, callers, bound)
    if not found:
        raise UsageProblem(_nothing(record, what, near))
    yield from _called(record, name, found)


def _no_file(record: RunRecord, path: str) -> str:
    """Why there is nothing to tell of a file, with those of that name, or the nearest, of which there is."""
    known = sorted({one.path for one in record.standings} | {one.path for one in record.unexamined})
    named = [one for one in known if one.endswith(f"/{path}")] or difflib.get_close_matches(path, known, n=3)
    narrow = f"; the scan was narrowed ({record.narrowed})" if record.narrowed else ""
    hint = f"; perhaps {' or '.join(named[:_NAMED])}" if named else ""
    return f"no obligation binds a function of {path}, or the tree of the run has no such file{narrow}{hint}"


def _called(record: RunRecord, name: str, found: Sequence[BoundCaller]) -> Iterator[str]:
    called = "it is called by one that is" if len(found) == 1 else "it is called by some that are"
    yield f"no obligation binds {name}() itself; {called}, and is looked at from there:"
    for one in found[:_NAMED]:
        through = f", through {'(), '.join(one.through)}()" if one.through else ""
        yield f"  {one.caller.path}:{one.caller.line}: {one.caller.function}(){through}"
    if len(found) > _NAMED:
        yield f"  ... {len(found) - _NAMED} more"
    yield f"how it stands there: cocci-gen explain {record.folder} {found[0].caller.function}"


def _nothing(record: RunRecord, what: str, near: Sequence[str]) -> str:
    """Why there is nothing to explain, with the nearest names."""
    narrow = f"; the scan was narrowed ({record.narrowed})" if record.narrowed else ""
    hint = f"; perhaps {' or '.join(near)}" if near else ""
    return (
        f"{what!r} is no fingerprint, rule or method of this run, and no obligation binds a function of that name: no "
        f"operations table names it, and no function that is bound hands its duty on to it{narrow}{hint}"
    )
