"""Methods that have another name by now, and the tables of both trees -> NamesFollow, those whose implementations took it over
(`affs_readpage` for ->readpage is `affs_read_folio` for ->read_folio), and rules that rename those of some code.

Only a static function is renamed, in its file, where nothing else has the new name: that changes nothing that it does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MethodRenamed
from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.headers.taken_names import renaming
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.lessons.rules import Learned, PortRule, headed_by
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code, Instance, Written
from cocci_gen.port.texts.plain_text import plain


@dataclass(frozen=True, slots=True)
class NamesFollow:
    """A renamed method, and how many of its implementations whose names said the old one say the new one."""

    evolution: MethodRenamed
    ground: Learned


def names_follow(
    evolutions: Iterable[Evolution], tables: Iterable[Table], excluded: Collection[str] = ()
) -> tuple[NamesFollow, ...]:
    """What changed, and the tables of both trees -> the methods whose name nearly all implementations took over, without the
    groups that are left out."""
    listed = [one for one in tables if group_of(one.path) not in excluded]
    found = []
    for one in (each for each in evolutions if isinstance(each, MethodRenamed)):
        votes: dict[tuple[str, str], bool] = {}
        for table in (each for each in listed if each.struct == one.old.struct):
            before, after = table.old.get(one.old.name, ""), table.new.get(one.new.name, "")
            fresh = followed_name(before, one)
            if fresh and after:
                votes[table.path, before] = after == fresh
        shown, others = (
            [f"{path}: {name}()" for (path, name), done in votes.items() if done is way] for way in (True, False)
        )
        groups = {group_of(path) for (path, _), done in votes.items() if done}
        if enough(len(shown), len(votes), groups):
            found.append(NamesFollow(one, learned(shown, others, groups)))
    return tuple(found)


def followed_name(name: str, change: MethodRenamed) -> str:
    """A function's name with the method's new one in place of the old, "" where it does not say that as a word of its own."""
    word = re.compile(rf"(?:(?<=_)|^){re.escape(change.old.name)}(?=_|$)")
    return word.sub(change.new.name, name) if len(word.findall(name)) == 1 and name != change.old.name else ""


def name_rules(
    known: Iterable[NamesFollow],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    code: Code,
    whole: Mapping[str, bytes],
    headers: Includes,
    heads: Iterable[PortRule],
) -> Iterator[tuple[str, str, PortRule]]:
    """The methods whose implementations took their name over, those of the code, its texts as they are, the new headers, and the
    rules for heads -> the old name, the new one and the rule for each; a head that is left as it is keeps its name."""
    own = OwnIncludes(code.texts)
    done: set[str] = set()
    headed = headed_by(heads)
    for one in known:
        for instance in instances.get((one.evolution.old.struct, one.evolution.old.name), ()):
            function = instance.function
            fresh = followed_name(function.name, one.evolution)
            stays = one.evolution.steps_differ and function.name not in headed.get(one.evolution.id, ())
            if not fresh or stays or function.name in done or not _is_alone(function, code, whole):
                continue
            _, system = own.behind(function.path)
            taken = fresh.encode() in headers.declared(headers.closure(system))
            if not taken and not any(fresh.encode() in plain(text).words for text in whole.values()):
                done.add(function.name)
                yield function.name, fresh, _rule(one, function, fresh)


def _is_alone(function: Written, code: Code, whole: Mapping[str, bytes]) -> bool:
    """Whether a function is its file's own, nothing else has its name, and no condition hides a use of it."""
    word = re.compile(rb"\b" + re.escape(function.name.encode()) + rb"\b")
    uses = [len(word.findall(plain(some[function.path]).code)) for some in (code.texts, whole)]
    plain_c = function.span.static and function.path.endswith(".c")
    return plain_c and uses[0] == uses[1] and len(code.functions.get(function.name, ())) == 1


def _rule(known: NamesFollow, function: Written, fresh: str) -> PortRule:
    one = known.evolution
    title = f"{function.name}() becomes {fresh}(), as its method is ->{one.new.name} by now"
    name, words = f"{one.id}.name.{function.name}", (frozenset({function.name}),)
    return PortRule(
        name, one.id, title, renaming(function.name, fresh), known.ground, words, frozenset({function.path})
    )
