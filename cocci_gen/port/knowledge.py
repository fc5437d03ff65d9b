"""Two kernels -> Kernels and Knowledge: what changed, and what the tree teaches about it; both are kept in the cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.port.evolutions import (
    Evolution,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    compare,
    defined_elsewhere,
    header_differences,
    word_of,
)
from cocci_gen.port.examples import Examples, read_examples
from cocci_gen.port.heads import HeadPlan, plan_head
from cocci_gen.port.includes import include_rules
from cocci_gen.port.initialisers import initialiser_rules
from cocci_gen.port.learned import definitions_of, inline_definitions, learn, port_rules
from cocci_gen.port.leftovers import nearest
from cocci_gen.port.moves import where_implementations_went
from cocci_gen.port.rules import PortRule
from cocci_gen.port.store import dumped, kept_evolutions, loaded, own_code
from cocci_gen.port.trees import Sources, check_order
from cocci_gen.port.types import TypeIndex, read_types

Progress = Callable[[str, int, int], None]
#: Headers that tell what functions return and members are; those of drivers are not among them.
_TYPE_HEADERS = ("include/linux", "include/net", "include/uapi/linux")


@dataclass(frozen=True, slots=True)
class Kernels:
    """Both kernels, and all that changed between them."""

    old: Sources
    new: Sources
    evolutions: tuple[Evolution, ...]


@dataclass(frozen=True, slots=True)
class Teaching:
    """Where is learned: not in the groups that are excluded, and only below the roots."""

    excluded: tuple[str, ...]
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the tree shows of some evolutions: themselves, with what became of methods; how heads follow; rules for the rest; who
    did what is left (`nearest`, by word); and the types of the old kernel."""

    refined: tuple[Evolution, ...]
    plans: tuple[HeadPlan, ...]
    rules: tuple[PortRule, ...]
    nearest: Mapping[str, tuple[str, ...]]
    types: TypeIndex


def read_kernels(old: Sources, new: Sources, cache: JobCache) -> Kernels:
    """Two kernels -> what changed; UsageProblem where they are in the wrong order or no kernels."""
    check_order(old, new)

    def make() -> Sequence[Evolution]:
        before, after, gone = header_differences(old, new)
        return compare(before, after, gone, new.below(["include"], (".h",)), defined_elsewhere(old, new))

    return Kernels(old, new, kept_evolutions(cache, old, new, make))


def methods_of(evolutions: Iterable[Evolution]) -> frozenset[str]:
    """The names of the methods among them."""
    return frozenset(word_of(one) for one in evolutions if isinstance(one, MethodChanged | MethodRenamed | MethodGone))


def kept_knowledge(
    kernels: Kernels, evolutions: Sequence[Evolution], teaching: Teaching, cache: JobCache | None, progress: Progress
) -> Knowledge:
    """What the tree teaches about some evolutions, from the cache or learned now."""
    words = [f"{type(one).__name__} {one.id}" for one in evolutions]
    where = [kernels.old.identity, kernels.new.identity, *teaching.excluded, "below", *teaching.roots]
    key = content_key(["knowledge", *where, *words, *own_code()])
    row = cache.get(key) if cache is not None else None
    if row is not None:
        try:
            known = loaded(json.loads(row))
        except (ValueError, KeyError, TypeError):
            known = None  # a row of another layout
        if isinstance(known, Knowledge):
            return known
    known = gather(kernels, evolutions, teaching, progress)
    if cache is not None:
        cache.put(key, json.dumps(dumped(known)).encode())
    return known


def gather(kernels: Kernels, evolutions: Sequence[Evolution], teaching: Teaching, progress: Progress) -> Knowledge:
    """What the tree teaches about some evolutions."""
    old, new = kernels.old, kernels.new
    progress("read examples", 0, 1)
    words = {word_of(one) for one in evolutions}
    examples = read_examples(old, new, words, methods_of(evolutions), teaching.roots)
    progress("read examples", 1, 1)
    pairs = [pair for pair in examples.pairs if pair.group not in teaching.excluded]
    refined = tuple(_refined(one, examples, teaching) for one in evolutions)
    plans = tuple(
        plan_head(one, examples, teaching.excluded) for one in refined if isinstance(one, MethodChanged | MethodRenamed)
    )
    types = read_types([*_header_texts(old), *examples.old.texts.values()])
    definition = definitions_of(examples.new.functions, inline_definitions(_header_texts(new)))
    progress("learn", 0, 1)
    learned, _ = learn(refined, pairs, types, definition, frozenset(word_of(one) for one in kernels.evolutions))
    rules = initialiser_rules(refined, examples, teaching.excluded)
    rules += port_rules(learned, refined)
    rules += include_rules(refined, old, new, teaching.roots, teaching.excluded)
    near = {word: nearest(word, pairs) for word in sorted(words)}
    progress("learn", 1, 1)
    return Knowledge(refined, plans, tuple(rules), near, types)


def _refined(evolution: Evolution, examples: Examples, teaching: Teaching) -> Evolution:
    """A method whose implementations of the tree mostly went to another method with the old prototype was renamed."""
    if isinstance(evolution, MethodChanged | MethodGone):
        return where_implementations_went(evolution, examples, teaching.excluded)
    return evolution


def _header_texts(sources: Sources) -> Iterator[bytes]:
    return (text for _, text in sources.texts(sources.below(_TYPE_HEADERS, (".h",))))
