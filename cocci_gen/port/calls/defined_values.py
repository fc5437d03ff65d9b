"""Macros that take more by now, and the constants that their old definitions had there -> rules that give these.

`DEFINE_SEMAPHORE(name)` had `__SEMAPHORE_INITIALIZER(name, 1)` in its definition, which reads `(_name, _n)` by now and is the
same beside: who gives 1 gets what he had, whatever the tree shows.  A macro is left alone that had several definitions, of which
anything else changed, or whose definition holds a string or uses anything that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.declared import Macro
from cocci_gen.port.changes.evolutions import Evolution, MacroChanged
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.members.unfolded import changed_names, definitions_in
from cocci_gen.port.texts.trees import Sources

_TOKEN = re.compile(r"\w+|[^\w\s]")
#: What is the same wherever it is written.
_CONSTANT = re.compile(r"\d\w*|[A-Z][A-Z0-9_]*|true|false")
_NAME = re.compile(r"[A-Za-z_]\w*")
#: What begins a statement: two words at the beginning of anything else declare something.
_STATEMENTS = frozenset({"do", "return", "goto", "sizeof"})


@dataclass(frozen=True, slots=True)
class _Definition:
    """The names of the parameters of a macro, and the tokens that it stands for."""

    names: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def declares(self) -> bool:
        """Whether it declares something, so that it stands where declarations do."""
        return (
            len(self.tokens) > 1
            and all(_NAME.fullmatch(token) for token in self.tokens[:2])
            and self.tokens[0] not in _STATEMENTS
        )


def value_rules(evolutions: Sequence[Evolution], old: Sources, new: Sources) -> Iterator[PortRule]:
    """What changed, and both kernels -> a rule for each macro of which all that changed is that a constant is a parameter."""
    changed = changed_names(evolutions)
    for one in evolutions:
        if isinstance(one, MacroChanged) and 0 < one.old.arity < one.new.arity:
            before, after = _definition(one.old, old), _definition(one.new, new)
            if before is None or after is None or not changed.isdisjoint({*before.tokens} - {*before.names}):
                continue
            given = _given(before, after)
            if given is not None:
                yield _rule(one, before, given)


def _definition(macro: Macro, sources: Sources) -> _Definition | None:
    """What a header says that a macro is; None where it says several things, or not always."""
    text = sources.read(macro.path).decode("utf-8", "replace") if macro.path in sources.oids else ""
    found = definitions_in(text, macro.name)
    if len(found) != 1 or '"' in found[0][1]:
        return None
    names, body = found[0]
    return _Definition(names, _bare(tuple(_TOKEN.findall(body.replace("\\\n", " ")))))


def _bare(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Tokens without brackets around a single one that nothing is called with: those were for the preprocessor."""
    kept: list[str] = []
    place = 0
    while place < len(tokens):
        around = tokens[place : place + 3]
        called = bool(kept) and (_NAME.fullmatch(kept[-1]) is not None or kept[-1] in (")", "]"))
        if len(around) == 3 and (around[0], around[2]) == ("(", ")") and not called and around[1] not in "()":
            kept.append(around[1])
            place += 3
        else:
            kept.append(tokens[place])
            place += 1
    return tuple(kept)


def _given(before: _Definition, after: _Definition) -> tuple[str, ...] | None:
    """What is given by now, in order: an old parameter by its name, or a constant; None where anything else changed."""
    bound: dict[str, str] = {}
    if len(before.tokens) != len(after.tokens):
        return None
    for was, now in zip(before.tokens, after.tokens, strict=True):
        if now in after.names:
            if bound.setdefault(now, was) != was or not (was in before.names or _CONSTANT.fullmatch(was)):
                return None
        elif was != now or was in before.names:
            return None
    given = tuple(bound.get(name, "") for name in after.names)
    kept = tuple(one for one in given if one in before.names)
    return given if all(given) and kept == before.names else None


def _rule(change: MacroChanged, before: _Definition, given: Sequence[str]) -> PortRule:
    """The SmPL: as a declaration where it makes one, as a call else."""
    name = change.old.name
    holes: Mapping[str, str] = {one: f"A{number}" for number, one in enumerate(before.names)}
    now = [holes.get(one, one) for one in given]
    words = [
        one for one in dict.fromkeys(given) if _NAME.fullmatch(one) and one not in (*holes, "true", "false", "NULL")
    ]
    declared = "".join([f"declarer name {name};\n"] * before.declares + [f"symbol {one};\n" for one in words])
    declared += "".join(f"expression {hole};\n" for hole in holes.values())
    calls = [f"{name}({', '.join(some)}){';' * before.declares}" for some in (holes.values(), now)]
    text = f"@given_{name}@\n{declared}@@\n- {calls[0]}\n+ {calls[1]}\n"
    title = f"{calls[0]} becomes {calls[1]}, which it was".replace(";", "")
    return PortRule(f"{change.id}.given", change.id, title, text, Declarations(), (frozenset({name}),))
