"""Examples and what changed -> learned PortRules: the templates that the tree agrees on, as SmPL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from cocci_gen.port.changes.declared import Declared
from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    DeclarationsMoved,
    Evolution,
    FunctionGone,
    HeaderGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    ProtocolChanged,
    StructGone,
    StructRenamed,
    name_of_change,
)
from cocci_gen.port.lessons.examples import Examples, Marks, Pair, Used
from cocci_gen.port.lessons.generalise import Function, Template, read_function, templates_of, touched
from cocci_gen.port.lessons.losses import Definition, losses
from cocci_gen.port.lessons.places import reads_only
from cocci_gen.port.lessons.pointed_arguments import lost_pointers
from cocci_gen.port.lessons.retyped_members import lost_types
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.stored_functions import stored_functions
from cocci_gen.port.lessons.support import LearnedRule, Lesson
from cocci_gen.port.lessons.typed_holes import typed_holes
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.lessons.variants import with_variants
from cocci_gen.port.lessons.work_beside import lost_beside
from cocci_gen.port.texts.terms import RUN, Term, holes_in, names_in, spelled, subterms, written

_INLINE = re.compile(
    rb"^static (?:inline|__always_inline)[^;{}()]*?\b(\w+)\s*\([^;{}]*\)\s*\n?\{(?:[^{}\n]*|.*?^)\}",
    re.MULTILINE | re.DOTALL,
)
_MACRO = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)\([^()\n]*\)((?:[^\\\n]|\\[\s\S])*)", re.MULTILINE)
#: What nothing is learned about here.
Untaught = (
    ProtocolChanged
    | HeaderGone
    | DeclarationsMoved
    | MethodChanged
    | MethodGone
    | MethodRenamed
    | StructRenamed
    | StructGone
)
#: One function shows the same step so often; more of it is a generated file.
_LONGEST_FUNCTION = 40_000


def learning_names(evolutions: Iterable[Evolution]) -> frozenset[str]:
    """The names about which something may be learned; a function that a macro of its name replaced is used as before, methods
    have rules of their own, and a member with another type is used as before unless it may not be set any more or became a
    structure.  What follows a variable depends on where it is given: that is learned about the functions."""
    return frozenset(
        name_of_change(one)
        for one in evolutions
        if not isinstance(one, Untaught)
        and not (isinstance(one, FunctionGone) and one.macros)
        and not (isinstance(one, MemberRetyped) and not (one.is_closed or one.is_wrapped))
        and not (isinstance(one, ConstantGone) and one.old.variable)
    )


def lesson_of(
    evolutions: Sequence[Evolution],
    examples: Examples,
    types: TypeIndex,
    before: Definition,
    definition: Definition,
    headers: Callable[[str], Declared],
) -> Lesson:
    """What changed, the functions of both trees, what they define, and the new headers by path -> what can be learned of them."""
    changed = learning_names(evolutions)
    marks = marks_of(changed)
    functions: list[Function] = []
    suggested: dict[Template, set[int]] = defaultdict(set)
    for path, pairs in _by_path(examples.pairs).items():
        used = marks.on(examples.old.texts[path])
        names = _names_by_word(used)
        members = _tags_by_member(used)
        for pair in pairs:
            if len(pair.old.text) > _LONGEST_FUNCTION or not used.inside(pair.old.text):
                continue
            function = read_function(pair, members, types.of_names)
            if function is None or changed.isdisjoint(names_in(function.old)):
                continue
            functions.append(function)
            if pair.old.text != pair.new.text:
                for template in templates_of(function, touched(pair, names)):
                    suggested[template].add(len(functions) - 1)
    every = frozenset(name_of_change(one) for one in evolutions)
    types_lost, pointers_lost = lost_types(evolutions, headers), lost_pointers(evolutions)

    def examples_of(one: Template) -> Iterable[Function]:
        return (functions[number] for number in sorted(suggested.get(one, ())))

    stores_lost = stored_functions(evolutions, examples_of, before, definition)

    def lost(one: Template) -> tuple[str, ...]:
        beside = lost_beside(one, before, definition)
        return (*losses(one, every, definition), *beside, *types_lost(one), *pointers_lost(one), *stores_lost(one))

    return Lesson(functions, suggested, lost, changed)


def marks_of(names: Iterable[str]) -> Marks:
    """Names of what changed (`inode.i_ctime`, `get_acl`) -> by what a text uses it."""
    words: set[bytes] = set()
    members: dict[bytes, set[bytes]] = defaultdict(set)
    for name in names:
        tag, dot, word = name.encode().rpartition(b".")
        if dot:
            members[tag].add(word)
        else:
            words.add(word)
    return Marks(frozenset(words), {tag: frozenset(ones) for tag, ones in members.items()})


def _by_path(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[pair.old.path].append(pair)
    return found


def _names_by_word(used: Used) -> dict[bytes, set[str]]:
    """The word that stands in the code -> the names of what changed."""
    found: dict[bytes, set[str]] = defaultdict(set)
    for word in used.words:
        found[word].add(word.decode())
    for tag, some in used.members.items():
        for member in some:
            found[member].add(f"{tag.decode()}.{member.decode()}")
    return found


def _tags_by_member(used: Used) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for tag, some in used.members.items():
        for member in some:
            found[member.decode()].add(tag.decode())
    return found


def port_rules(
    learned: Sequence[LearnedRule],
    evolutions: Iterable[Evolution],
    definition: Definition,
    headers: Callable[[str], Declared] = lambda path: Declared(),
) -> list[PortRule]:
    """Accepted templates, most specific first, the definitions of the new kernel and its headers by path -> semantic patches in
    the order in which they must run, each with its variants."""
    by_name: dict[str, Evolution] = {}
    for change in evolutions:
        by_name.setdefault(name_of_change(change), change)
    rules = []
    for number, learnt in enumerate(with_variants(learned, by_name, definition)):
        one = replace(learnt, bases=(*learnt.bases, *typed_holes(learnt.template, by_name, headers)))
        name = next((name for name in names_in(one.template.left) if name in by_name), "")
        evolution = by_name[name].id if name else "unknown"
        title = f"{_shown(one.template.left)} becomes {_shown(one.template.right)}"
        title += " where its value is not used" if one.bare else ""
        words = tuple(frozenset({spelled(word)}) for word in dict.fromkeys(names_in(one.template.left)))
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
    if rule.bare:
        return f"{head}expression list ES;\n@@\n- {left[0]}(ES);\n+ {right[0]}(ES);\n"
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


def header_definitions(texts: Iterable[bytes]) -> dict[str, str]:
    """Headers -> the definitions of the inline functions in them by name, and as `{ body }` of the macros that are called: the
    new vfs_parse_fs_string() calls strlen() by way of QSTR()."""
    listed = list(texts)
    macros = ((match.group(1).decode(), match.group(2)) for text in listed for match in _MACRO.finditer(text))
    made = {name: f"{{ {body.decode('utf-8', 'replace')} }}" for name, body in macros}
    return made | inline_definitions(listed)


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
    basic |= {"size_t", "ssize_t", "ptrdiff_t"}  # SmPL knows them
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


def definitions_of(functions: Mapping[str, Sequence[object]], headers: Callable[[], Mapping[str, str]]) -> Definition:
    """Functions of the code that was read, and inline ones of headers, which are read when first asked for -> the text of a
    definition by name."""
    inline: dict[str, Mapping[str, str]] = {}

    def definition(name: str) -> str:
        ones = functions.get(name, ())
        for one in ones:
            text = getattr(one, "text", b"")
            return str(text.decode("utf-8", "replace"))
        if not inline:
            inline["all"] = headers()
        return inline["all"].get(name, "")

    return definition
