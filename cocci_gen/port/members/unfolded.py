"""Helpers that went, and what the old headers say that they did -> rules that put that in the place of their calls.

`int del_timer(struct timer_list *timer) { return timer_delete(timer); }` was one call, which the new kernel still has as it was:
whoever calls the one means the other, whatever the tree shows.  A helper is left alone that had several definitions, that does
more than one call, or that made another type of what went in or came out; so is one whose call uses anything that changed.  An
argument that the call takes twice, or not at all, must do nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.declared import Declared
from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    FunctionGone,
    HeaderGone,
    MacroGone,
    name_of_change,
    plain_type,
    word_of,
)
from cocci_gen.port.lessons.effects import guarded
from cocci_gen.port.lessons.rules import Declarations as FromDeclarations
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.texts.parameters import meant, name_of
from cocci_gen.port.texts.terms import Term, function_term, replaced, size_of, subterms, written
from cocci_gen.port.texts.trees import Sources

#: A static inline function with a body of one statement; a comment in front of it does no harm.
_INLINE = r"^static[ \t]+(?:inline|__always_inline)\b[^;{{}}()]*?\b{name}[ \t]*\(([^;{{}}]*?)\)\s*\{{([^{{}};]*;)\s*\}}"
_MACRO = r"^[ \t]*#[ \t]*define[ \t]+{name}\(([^()\n]*)\)((?:[^\n\\]|\\\n|\\)*)$"
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
#: Of what such a call may be made.
_PARTS = frozenset({"call_expression", "argument_list", "identifier", "number_literal", "null", "true", "false"})
#: What is longer than this explains nothing in the place of a name.
_LARGEST = 24
_WORD = re.compile(r"\w+")
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:(if|ifdef|ifndef)\b[ \t]*(.*)|(endif)\b)", re.MULTILINE)
#: What keeps a header from being read twice, or by what is not C for the kernel.
_ALWAYS = re.compile(r"defined\(__KERNEL__\)|__KERNEL__|!?\(?_*\w*_H_*|__ASSEMBL(?:Y|ER)__")
_LEAVES = frozenset({"identifier", "number_literal", "null", "true", "false"})


@dataclass(frozen=True, slots=True)
class _Helper:
    """A helper by its only definition: its parameters, in order and by name, and the call that it was; `typed` are those whose
    types the old header tells (of a macro it tells none, and nothing is converted)."""

    gone: FunctionGone | MacroGone
    names: tuple[str, ...]
    call: Term
    typed: bool


def unfolded_rules(evolutions: Sequence[Evolution], old: Sources, declared: Declarations) -> Iterator[PortRule]:
    """What changed, the old kernel and what headers of it declare -> a rule for each helper that was one call."""
    changed = changed_names(evolutions)
    by_path: dict[str, list[FunctionGone | MacroGone]] = defaultdict(list)
    for one in evolutions:
        if isinstance(one, FunctionGone | MacroGone) and one.old.path in old.oids and not getattr(one, "macros", ()):
            by_path[one.old.path].append(one)
    for path, text in old.texts(sorted(by_path)):
        plain = _COMMENT.sub(_blank, text.decode("utf-8", "replace"))
        for gone in by_path[path]:
            helper = _read(gone, plain, declared(path))
            if helper is not None and _is_as_before(helper, changed, declared(path)):
                yield _rule(helper)


def changed_names(evolutions: Iterable[Evolution]) -> frozenset[str]:
    """The names that changed or that another header declares by now."""
    names = {word_of(one) for one in evolutions if not isinstance(one, HeaderGone | DeclarationsMoved)}
    names |= {name_of_change(one) for one in evolutions if not isinstance(one, HeaderGone | DeclarationsMoved)}
    return frozenset(names).union(*(one.names for one in evolutions if isinstance(one, DeclarationsMoved)))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _read(gone: FunctionGone | MacroGone, text: str, declared: Declared) -> _Helper | None:
    """A helper of a header, by the text of that without comments; None where it is not one call, or not always the same."""
    name = gone.old.name
    functions, macros = declared.functions.get(name, ()), declared.macros.get(name, ())
    if len(functions) + len(macros) != 1:
        return None
    pattern = _INLINE if isinstance(gone, FunctionGone) else _MACRO
    found = list(re.finditer(pattern.format(name=re.escape(name)), text, re.MULTILINE))
    if len(found) != 1 or under_condition(text, found[0].start()):
        return None
    inside, body = found[0].groups()
    if isinstance(gone, FunctionGone):
        names = tuple(name_of(one) for one in gone.old.parameters)
    else:
        names = tuple(one.strip() for one in inside.split(",") if one.strip())
    call = _call(body.replace("\\\n", " "), returns=isinstance(gone, FunctionGone) and gone.old.returns != "void")
    if call is None or not all(names) or names == ("void",) or any("." in one for one in names):
        return None
    return _Helper(gone, names, call, isinstance(gone, FunctionGone))


def definitions_in(header: str, name: str) -> list[tuple[tuple[str, ...], str]]:
    """A header and a macro with parameters -> each of its definitions, as names and what they stand for; none where one of them
    is for some configurations alone."""
    text = _COMMENT.sub(_blank, header)
    found = list(re.finditer(_MACRO.format(name=re.escape(name)), text, re.MULTILINE))
    if any(under_condition(text, one.start()) for one in found):
        return []
    return [(tuple(part.strip() for part in one[1].split(",")), one[2]) for one in found]


def under_condition(text: str, place: int) -> bool:
    """Whether a place of a header is for some configurations alone: then the others had something else there, or nothing."""
    open_ones: list[str] = []
    for found in _CONDITION.finditer(text, 0, place):
        if found[3]:
            del open_ones[-1:]
        else:
            open_ones.append(found[2].strip())
    return any(_ALWAYS.fullmatch(one) is None for one in open_ones)


def _call(body: str, *, returns: bool) -> Term | None:
    """The call that a body is, without brackets around it or its arguments; None where it is anything else."""
    term = function_term(f"void f(void)\n{{\n\t{body.strip().rstrip(';')};\n}}\n".encode())
    if not isinstance(term, tuple) or len(term) != 4 or not isinstance(term[2], tuple):
        return None
    statement = term[2]
    if statement[0] != ("return_statement" if returns else "expression_statement"):
        return None
    found = _bare(statement[2 if returns else 1])
    if not isinstance(found, tuple) or found[0] != "call_expression" or size_of(found) > _LARGEST:
        return None
    if not _PARTS.issuperset(part[0] for part in subterms(found)) or not all(map(_is_named, subterms(found))):
        return None
    words = Counter(_WORD.findall(body)), Counter(_WORD.findall(written(found)))
    return found if words[0] - Counter({"return": 1}) == words[1] else None  # the reader blanks what it does not know


def _is_named(part: Term) -> bool:
    """Whether a call is one of a function by its name, and no name is for nobody but its own header (`__timer_delete`)."""
    if part[0] == "call_expression":
        return bool(part[1][0] == "identifier" and not part[1][1].startswith("_"))
    return True


def _bare(term: Term) -> Term:
    """A term without brackets around all of it, and around names: those were for the preprocessor."""
    if not isinstance(term, tuple) or term[0] in _LEAVES:
        return term
    if term[0] == "parenthesized_expression" and len(term) == 4:
        return _bare(term[2])
    return (term[0], *(_bare(part) for part in term[1:]))


def _is_as_before(helper: _Helper, changed: Collection[str], declared: Declared) -> bool:
    """Whether the new kernel has all that a helper uses as it was, and nothing is converted on the way in or out."""
    own = set(helper.names)
    used = {part[1] for part in subterms(helper.call) if part[0] == "identifier"} - own
    if not used.isdisjoint(changed) or any(name.startswith("_") for name in used):
        return False
    return not helper.typed or _converts_nothing(helper, declared)


def _converts_nothing(helper: _Helper, declared: Declared) -> bool:
    """Whether the header that had a function declares the one that it calls with what that returned, and everything that takes a
    number as it was taken; a pointer is the same for whoever takes it."""
    old = helper.gone.old
    kinds = dict(zip(helper.names, getattr(old, "parameters", ()), strict=True))
    outer = declared.functions.get(helper.call[1][1], ())
    if len(outer) != 1 or plain_type(outer[0].returns) != plain_type(getattr(old, "returns", "")):
        return False
    numbers = {name for name, kind in kinds.items() if "*" not in kind}
    return all(
        name not in numbers or (kind is not None and meant(kind) == meant(kinds[name]))
        for name, kind in _taken(helper.call, declared)
    )


def _taken(call: Term, declared: Declared) -> Iterator[tuple[str, str | None]]:
    """The names that a call and those in it are given, each with the parameter that takes it; None where that is not known."""
    for part in subterms(call):
        if part[0] == "call_expression":
            ones = declared.functions.get(part[1][1], ())
            parameters = ones[0].parameters if len(ones) == 1 else ()
            for place, given in enumerate(one for one in part[2][1:] if isinstance(one, tuple)):
                if given[0] == "identifier":
                    yield given[1], parameters[place] if place < len(parameters) else None


def _rule(helper: _Helper) -> PortRule:
    old = helper.gone.old
    holes = [f"A{number}" for number in range(len(helper.names))]
    bound: Mapping[Term, Term] = {
        ("identifier", name): ("identifier", hole) for name, hole in zip(helper.names, holes, strict=True)
    }
    call = replaced(helper.call, bound)
    uses = Counter(part[1] for part in subterms(call) if part[0] == "identifier")
    called = {part[1][1] for part in subterms(call) if part[0] == "call_expression"}
    symbols = sorted(name for name in uses.keys() - called - set(holes) if name != "NULL")
    guards, where = guarded(old.name, len(holes), [number for number, hole in enumerate(holes) if uses[hole] != 1])
    declarations = "".join(f"expression {hole};\n" for hole in holes) + "".join(f"symbol {one};\n" for one in symbols)
    before, now = f"{old.name}({', '.join(holes)})", written(call)
    text = f"{guards}@unfolded_{old.name}@\n{declarations}{where}@@\n- {old.name}@p({', '.join(holes)})\n+ {now}\n"
    title = f"{before} becomes {now}, which it was"
    words = (frozenset({old.name}),)
    return PortRule(f"{helper.gone.id}.unfolded", helper.gone.id, title, text, FromDeclarations(), words)
