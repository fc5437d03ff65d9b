"""Examples and what changed -> learned PortRules: the templates that the tree agrees on, as SmPL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from cocci_gen.port.evolutions import (
    Evolution,
    FunctionGone,
    HeaderGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    ProtocolChanged,
    word_of,
)
from cocci_gen.port.examples import Pair, words_of
from cocci_gen.port.generalise import Function, Template, read_function, templates_of, touched
from cocci_gen.port.losses import Definition, losses
from cocci_gen.port.rules import PortRule
from cocci_gen.port.support import LearnedRule, Rejected, learned_rules, reads_only
from cocci_gen.port.terms import RUN, Term, holes_in, names_in, subterms, written
from cocci_gen.port.types import TypeIndex

_INLINE = re.compile(
    rb"^static (?:inline|__always_inline)[^;{}()]*?\b(\w+)\s*\([^;{}]*\)\s*\n?\{.*?^\}", re.MULTILINE | re.DOTALL
)
#: One function shows the same step so often; more of it is a generated file.
_LONGEST_FUNCTION = 40_000


def learning_words(evolutions: Iterable[Evolution]) -> frozenset[str]:
    """The words about which something may be learned; a function that a macro of its name replaced is used as before, and
    methods have rules of their own."""
    return frozenset(
        word_of(one)
        for one in evolutions
        if not isinstance(
            one, ProtocolChanged | HeaderGone | MethodChanged | MethodGone | MethodRenamed | MemberRetyped
        )
        and not (isinstance(one, FunctionGone) and one.macros)
    )


def learn(
    evolutions: Sequence[Evolution],
    pairs: Iterable[Pair],
    types: TypeIndex,
    definition: Definition,
    every: Collection[str],
    excluded: Collection[str] = (),
) -> tuple[list[LearnedRule], list[Rejected]]:
    """What changed, and the functions of both trees without those of the excluded groups -> what the tree agrees on;
    `every` are the names of all that changed, whoever uses it."""
    changed = learning_words(evolutions)
    functions: list[Function] = []
    suggested: dict[Template, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.group in excluded or len(pair.old.text) > _LONGEST_FUNCTION:
            continue
        names = touched(pair, changed) if pair.old.text != pair.new.text else frozenset()
        if not names and not _uses(pair, changed):
            continue
        function = read_function(pair)
        if function is None:
            continue
        functions.append(function)
        for template in templates_of(function, names):
            suggested[template].add(len(functions) - 1)
    owners: dict[str, set[str]] = defaultdict(set)
    for gone in evolutions:
        if isinstance(gone, MemberGone):
            owners[gone.old.name].add(gone.old.struct)
    known = {name: frozenset(tags) for name, tags in owners.items()}
    return learned_rules(functions, suggested, known, types.of, lambda one: losses(one, every, definition), changed)


def _uses(pair: Pair, changed: Collection[str]) -> bool:
    return any(word.decode() in changed for word in words_of(pair.old.text))


def port_rules(learned: Sequence[LearnedRule], evolutions: Iterable[Evolution]) -> list[PortRule]:
    """Accepted templates, most specific first -> semantic patches in the order in which they must run."""
    by_word: dict[str, Evolution] = {}
    for change in evolutions:
        by_word.setdefault(word_of(change), change)
    rules = []
    for number, one in enumerate(learned):
        name = next((name for name in names_in(one.template.left) if name in by_word), "")
        evolution = by_word[name].id if name else "unknown"
        title = f"{_shown(one.template.left)} becomes {_shown(one.template.right)}"
        words = tuple(frozenset({word}) for word in dict.fromkeys(names_in(one.template.left)))
        rules.append(PortRule(f"{evolution}.{number:03d}", evolution, title, smpl(one, number), one.ground, words))
    return rules


def _shown(term: Term) -> str:
    if isinstance(term, tuple) and term[0] == RUN:
        return " ".join(written(part) for part in term[1:])
    return written(term)


def smpl(rule: LearnedRule, number: int) -> str:
    """A learned rule as SmPL."""
    template = rule.template
    declared = _declarations(rule)
    left, right = _lines(template.left), _lines(template.right)
    context = [(hole, kind) for hole, kind in template.contexts]
    if reads_only(template):
        return _reading(rule, number)
    head = f"@learned_{number}@\n"
    if not context:
        body = "\n".join([*(f"- {line}" for line in left), *(f"+ {line}" for line in right)])
        return f"{head}{declared}@@\n{body}\n"
    parameters = ", ".join(["...", *(part for hole, kind in context for part in (_parameter(kind, hole), "..."))])
    names = "".join(f"identifier E{hole};\n" for hole, _ in context)
    kinds = "".join(f"typedef {word};\n" for word in sorted({w for _, kind in context for w in _typedefs(kind)}))
    body = "\n".join([*(f"- {line}" for line in left), *(f"+ {line}" for line in right)])
    return f"{head}identifier fn;\n{names}{kinds}{declared}@@\n fn({parameters})\n {{\n <...\n{body}\n ...>\n }}\n"


def _reading(rule: LearnedRule, number: int) -> str:
    """A rule for what is read: a first rule finds the places that are stored to, which the second one leaves alone."""
    declared = _declarations(rule)
    left, right = written(rule.template.left), written(rule.template.right)
    guard = (
        f"@stored_{number}@\n{declared}expression X;\nidentifier M;\nassignment operator aop;\nposition p;\n@@\n(\n"
        f" {left}@p aop X\n|\n {left}@p.M aop X\n|\n &{left}@p\n|\n &{left}@p.M\n)\n\n"
    )
    return f"{guard}@learned_{number}@\n{declared}position p != stored_{number}.p;\n@@\n- {left}@p\n+ {right}\n"


def inline_definitions(texts: Iterable[bytes]) -> dict[str, str]:
    """Headers -> the definitions of the inline functions in them, by name."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _INLINE.finditer(text):
            found.setdefault(match.group(1).decode(), match.group().decode("utf-8", "replace"))
    return found


def _parameter(kind: str, hole: int) -> str:
    return f"{kind}{'' if kind.endswith('*') else ' '}E{hole}"


def _typedefs(kind: str) -> set[str]:
    bare = re.sub(r"\b(?:struct|union|enum)\s+\w+", " ", kind)
    basic = {"const", "unsigned", "int", "long", "char", "short", "void", "bool", "signed"}
    return {word for word in re.findall(r"[A-Za-z_]\w*", bare) if word not in basic}


def _declarations(rule: LearnedRule) -> str:
    """The metavariables, and the names that SmPL would ask about."""
    template = rule.template
    contexts = {hole for hole, _ in template.contexts}
    bases = {hole: (tag, pointer) for hole, tag, pointer in rule.bases}
    lines = []
    for hole in dict.fromkeys(holes_in(template.left)):
        if hole in contexts:
            continue
        if hole in bases:
            tag, pointer = bases[hole]
            lines.append(f"struct {tag} {'*' if pointer else ''}E{hole};")
        else:
            lines.append(f"expression E{hole};")
    symbols = sorted({name for side in (template.left, template.right) for name in _identifiers(side)})
    lines += [f"symbol {name};" for name in symbols]
    return "".join(f"{line}\n" for line in lines)


def _identifiers(term: Term) -> Iterable[str]:
    """Identifiers that are neither called nor members."""
    called = {id(part[1]) for part in subterms(term) if part[0] == "call_expression"}
    for part in subterms(term):
        if part[0] == "identifier" and id(part) not in called and part[1] != "NULL":
            yield part[1]


def _lines(term: Term) -> list[str]:
    if isinstance(term, tuple) and term[0] == RUN:
        return [written(part) for part in term[1:]]
    return [written(term)]


def definitions_of(functions: Mapping[str, Sequence[object]], headers: Mapping[str, str]) -> Definition:
    """Functions of the code that was read, and inline ones of headers -> the text of a definition by name."""

    def definition(name: str) -> str:
        ones = functions.get(name, ())
        for one in ones:
            text = getattr(one, "text", b"")
            return str(text.decode("utf-8", "replace"))
        return headers.get(name, "")

    return definition
