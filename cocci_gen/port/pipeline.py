"""Two kernels and code for the first -> Port: evolutions, rules, changed code, what is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.port.application import apply_rules
from cocci_gen.port.evolutions import (
    Evolution,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    ProtocolChanged,
    compare,
    defined_elsewhere,
    described,
    header_differences,
    word_of,
)
from cocci_gen.port.examples import ROOTS, Examples, read_examples, words_of
from cocci_gen.port.heads import NoHeadRule, head_rules, plan_head, table_rule
from cocci_gen.port.includes import include_rules
from cocci_gen.port.initialisers import initialiser_rules
from cocci_gen.port.instances import Code, Instance, read_code
from cocci_gen.port.learned import definitions_of, inline_definitions, learn, port_rules
from cocci_gen.port.leftovers import Leftover, Others, blank_comments, leftovers_of, places_of
from cocci_gen.port.moves import where_implementations_went
from cocci_gen.port.report import Port, Used
from cocci_gen.port.rules import Declarations, Ground, Learned, PortRule
from cocci_gen.port.store import kept_evolutions
from cocci_gen.port.trees import Sources, check_order
from cocci_gen.port.types import TypeIndex, read_types

#: Headers that tell what functions return and members are.
_TYPE_HEADERS = ("include/linux", "include/net", "include/uapi/linux")
Progress = Callable[[str, int, int], None]
_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kernels:
    """Both kernels, and all that changed between them."""

    old: Sources
    new: Sources
    evolutions: tuple[Evolution, ...]


def read_kernels(old: Sources, new: Sources, cache: JobCache) -> Kernels:
    """Two kernels -> what changed; UsageProblem where they are in the wrong order or no kernels."""
    check_order(old, new)

    def make() -> Sequence[Evolution]:
        before, after, gone = header_differences(old, new)
        return compare(before, after, gone, new.below(["include"], (".h",)), defined_elsewhere(old, new))

    return Kernels(old, new, kept_evolutions(cache, old, new, make))


def used_by(kernels: Kernels, sources: Sources) -> tuple[Used, ...]:
    """The evolutions that some code meets, with the places; names that the code defines itself are its own."""
    texts = dict(sources.texts(sources.below(["."])))
    clean = {path: blank_comments(text) for path, text in texts.items()}
    words = {path: words_of(text) for path, text in clean.items()}
    every = frozenset().union(*words.values()) if words else frozenset()
    own = own_names(texts)
    found = []
    for one in kernels.evolutions:
        word = word_of(one)
        if not _met(one, every, own):
            continue
        places = tuple(
            f"{path}:{line}"
            for path in sorted(texts)
            for line in places_of(one, texts[path] if "/" in word or word.endswith(".h") else clean[path])
        )
        if places:
            found.append(Used(one, places))
    return tuple(found)


def _met(evolution: Evolution, words: Collection[bytes], own: Collection[str]) -> bool:
    word = word_of(evolution)
    match evolution:
        case MemberGone(old=old) | MemberRetyped(old=old):
            return word.encode() in words and old.struct.encode() in words
        case MethodChanged(old=method) | MethodRenamed(old=method) | MethodGone(old=method):
            return word.encode() in words and method.struct.encode() in words
        case ProtocolChanged():
            return word.encode() in words
    return word.endswith(".h") or (word.encode() in words and word not in own)


def own_names(texts: Mapping[str, bytes]) -> frozenset[str]:
    """The macros that some code defines itself."""
    return frozenset(name.decode("utf-8", "replace") for text in texts.values() for name in _DEFINED.findall(text))


def port_code(
    kernels: Kernels,
    sources: Sources,
    runner: SpatchRunner,
    excluded: Collection[str] = (),
    roots: Iterable[str] = ROOTS,
    progress: Progress = lambda stage, done, total: None,
) -> Port:
    """Code for the first kernel -> the same for the second; `excluded` groups of the tree teach nothing."""
    used = used_by(kernels, sources)
    changed_methods = (MethodChanged, MethodRenamed, MethodGone)
    methods = frozenset(word_of(one.evolution) for one in used if isinstance(one.evolution, changed_methods))
    words = {word_of(one.evolution) for one in used}
    progress("read examples", 0, 1)
    examples = read_examples(kernels.old, kernels.new, words, methods, roots)
    progress("read examples", 1, 1)
    texts = dict(sources.texts(sources.below(["."])))
    code = read_code(texts.items(), methods)
    refined = [_refined(one.evolution, examples, excluded) for one in used]
    rules, refused = _declared_rules(refined, code, examples, excluded)
    pairs = [pair for pair in examples.pairs if pair.group not in excluded]
    own = own_names(texts) | frozenset(code.functions)
    foreign = [one for one in refined if word_of(one) not in own or isinstance(one, MemberGone)]
    types = read_types([*_header_texts(kernels.old), *examples.old.texts.values(), *texts.values()])
    definition = definitions_of(examples.new.functions, inline_definitions(_header_texts(kernels.new)))
    progress("learn", 0, 1)
    every = frozenset(word_of(one) for one in kernels.evolutions)
    learned, _ = learn(foreign, pairs, types, definition, every)
    progress("learn", 1, 1)
    rules += initialiser_rules(foreign, examples, excluded)
    rules += port_rules(learned, foreign)
    rules += include_rules(foreign, kernels.old, kernels.new, roots, excluded)
    ported = apply_rules(rules, texts, runner, types.prelude, lambda done, total: progress("apply", done, total))
    leftovers = [_person(one, evolution, pairs) for evolution, one in refused]
    leftovers += leftovers_of(refined, ported.texts, pairs, own, _others(ported.texts, methods, types))
    return Port(
        kernels.old.name, kernels.new.name, sources.name, used, tuple(rules), ported, tuple(_distinct(leftovers)), {}
    )


def _others(texts: Mapping[str, bytes], methods: frozenset[str], types: TypeIndex) -> Others:
    """What tells of a member whose it is, in the code after all rules."""
    code = read_code(texts.items(), methods)
    return lambda path, one: types.foreign_lines(code, path, one.old.name, one.old.struct)


def _header_texts(sources: Sources) -> Iterator[bytes]:
    """The headers that tell types and define helpers; those of drivers are not among them."""
    return (text for _, text in sources.texts(sources.below(_TYPE_HEADERS, (".h",))))


def _distinct(leftovers: Iterable[Leftover]) -> list[Leftover]:
    return list(dict.fromkeys(sorted(leftovers, key=lambda one: (one.path, one.line, one.evolution))))


def _person(one: NoHeadRule, evolution: Evolution, pairs: Iterable[object]) -> Leftover:
    del pairs
    return Leftover(one.function.path, one.function.span.line, evolution.id, f"{one.function.name}(): {one.reason}", ())


def _refined(evolution: Evolution, examples: Examples, excluded: Collection[str]) -> Evolution:
    """A method whose implementations of the tree mostly went to another method with the old prototype was renamed."""
    if isinstance(evolution, MethodChanged | MethodGone):
        return where_implementations_went(evolution, examples, excluded)
    return evolution


def _declared_rules(
    evolutions: Iterable[Evolution], code: Code, examples: Examples, excluded: Collection[str]
) -> tuple[list[PortRule], list[tuple[Evolution, NoHeadRule]]]:
    """The rules that the declarations decide: renamed methods first, then heads."""
    changes = {
        (one.old.struct, one.old.name): one for one in evolutions if isinstance(one, MethodChanged | MethodRenamed)
    }
    instances: dict[tuple[str, str], list[Instance]] = {}
    for instance in code.instances(set(changes)):
        instances.setdefault((instance.struct, instance.method), []).append(instance)
    rules: list[PortRule] = []
    refused: list[tuple[Evolution, NoHeadRule]] = []
    for key, one in sorted(changes.items()):
        if one.steps_differ:
            plan = plan_head(one, examples, excluded)
            made, left = head_rules(plan, instances.get(key, ()))
            refused += [(one, refusal) for refusal in left]
            count = len(plan.shown)
            ground: Ground = Learned(count, count, plan.groups, plan.shown[:12], ()) if count else Declarations()
            for number, rule in enumerate(made):
                names = frozenset(rule.functions)
                title = f"->{one.new.name}: {described(one)}"
                rules.append(PortRule(f"{one.id}.head{number or ''}", one.id, title, rule.text, ground, (names,)))
        if isinstance(one, MethodRenamed):
            title = f"->{one.old.name} is now ->{one.new.name}"
            names = frozenset({one.old.name})
            rules.append(PortRule(f"{one.id}.table", one.id, title, table_rule(one), Declarations(), (names,)))
    return rules, refused
