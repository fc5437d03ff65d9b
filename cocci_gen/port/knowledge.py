"""Two kernels -> Kernels and Knowledge: what changed, and what the tree teaches about it; both are kept in the cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.port.calls.constant_arguments import argument_rules
from cocci_gen.port.calls.conversions import conversion_rules
from cocci_gen.port.calls.direct_calls import direct_rules
from cocci_gen.port.calls.gone_marks import mark_rules
from cocci_gen.port.calls.handed_back import HandedBack, handed_back
from cocci_gen.port.calls.lost_arguments import lost_argument_rules
from cocci_gen.port.calls.made_arguments import made_rules
from cocci_gen.port.calls.renames import function_rules, member_rules
from cocci_gen.port.calls.walked_calls import Walk, walks
from cocci_gen.port.changes.comparison import compare, defined_elsewhere, header_differences, structs_said
from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    FunctionChanged,
    HeaderGone,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    OfTag,
    name_of_change,
    plain_type,
    word_of,
)
from cocci_gen.port.header_rules import HeaderRules
from cocci_gen.port.headers.includes import include_rules, includers
from cocci_gen.port.lessons.constants import constant_rules
from cocci_gen.port.lessons.examples import Marks, read_examples
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.lessons.initialisers import initialiser_rules, tables_of
from cocci_gen.port.lessons.learned import (
    definitions_of,
    header_definitions,
    inline_definitions,
    lesson_of,
    marks_of,
    port_rules,
)
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.successors import Successors
from cocci_gen.port.lessons.types import TypeIndex, read_types
from cocci_gen.port.lessons.work_beside import given_up, with_refusals, with_work_beside
from cocci_gen.port.members.accessor_rules import accessor_rules, chain_rules
from cocci_gen.port.members.accessors import declarations_of, held_members
from cocci_gen.port.members.addresses import Held
from cocci_gen.port.members.closed_members import closed_rules
from cocci_gen.port.members.freed_members import loop_rules
from cocci_gen.port.members.kept_state import with_kept_state
from cocci_gen.port.members.nested_setters import nested_rules, ordered_rules
from cocci_gen.port.members.new_owners import owner_rules
from cocci_gen.port.members.parts_beside import without_halves
from cocci_gen.port.methods.carried import by_siblings
from cocci_gen.port.methods.context_trees import Homes, Trees
from cocci_gen.port.methods.contexts import ContextWay, context_ways
from cocci_gen.port.methods.followed_names import NamesFollow, names_follow
from cocci_gen.port.methods.head_plans import HeadExamples, HeadPlan, head_examples, plan_head
from cocci_gen.port.methods.lost_methods import LostMethod, lost_methods
from cocci_gen.port.methods.moved_work import MovedWork, moved_work
from cocci_gen.port.methods.moves import homes_of, where_implementations_went
from cocci_gen.port.methods.stand_ins import StandIn, needless_beside, stand_ins
from cocci_gen.port.methods.wrapped_methods import wrapped_rules
from cocci_gen.port.remains.changed_values import told_truth, turned
from cocci_gen.port.remains.nearest import Nearest
from cocci_gen.port.store import dumped, kept_evolutions, loaded, own_code
from cocci_gen.port.tables.array_elements import arrays_of, element_rules
from cocci_gen.port.tables.ended_arrays import ArrayEnds, EndedArrays
from cocci_gen.port.tables.gained_entries import GainedEntry, Steps, gained_entries
from cocci_gen.port.tables.lost_entries import lost_entry_rules
from cocci_gen.port.tables.nested_tables import NestedTables, Nests
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import by_method
from cocci_gen.port.texts.trees import Sources, check_order, titles_of

Progress = Callable[[str, int, int], None]
#: Headers that tell what functions return and members are; those of drivers are not among them.
_TYPE_HEADERS = ("include/linux", "include/net", "include/uapi/linux")


@dataclass(frozen=True, slots=True)
class Kernels:
    """Both kernels, all that changed between them, and what their headers bring, which is read when first asked for."""

    old: Sources
    new: Sources
    evolutions: tuple[Evolution, ...]
    headers: tuple[Includes, Includes] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", (Includes(self.old), Includes(self.new)))


@dataclass(frozen=True, slots=True)
class Teaching:
    """Where is learned: not in the groups that are excluded, and only below the roots."""

    excluded: tuple[str, ...]
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the tree shows of some evolutions: themselves, with what became of methods; how heads follow; rules for the rest; who
    did what is left (`nearest`, by evolution); the functions that are called as before (`kept`); the types of the old kernel;
    the members that went behind functions (`held`); what those who do without what went use instead, in words (`successors`); the
    methods whose work is done for a context by now (`contexts`); the functions that return another type and whose value the tree
    uses as before (`as_before`); the functions with another prototype that it hands on as before (`handed`); the methods that
    tables need no more beside another one (`lost`); the methods whose work another one does with another helper (`work`); the
    arrays that need no empty end any more (`ended`), and those that took the place of a nest of tables (`nested`);
    what functions return by now that others take back (`back`); the functions that went and were loops (`walks`);
    the methods that were called for want of another one (`stand_ins`); the entries that many tables got (`gained`);
    the renamed methods whose name implementations took over (`names`)."""

    refined: tuple[Evolution, ...]
    plans: tuple[HeadPlan, ...]
    rules: tuple[PortRule, ...]
    nearest: Mapping[str, tuple[str, ...]]
    kept: frozenset[str]
    types: TypeIndex
    held: tuple[Held, ...] = ()
    successors: Mapping[str, str] = field(default_factory=dict)
    contexts: tuple[ContextWay, ...] = ()
    as_before: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()
    lost: tuple[LostMethod, ...] = ()
    work: tuple[MovedWork, ...] = ()
    ended: tuple[EndedArrays, ...] = ()
    nested: tuple[NestedTables, ...] = ()
    back: tuple[HandedBack, ...] = ()
    walks: tuple[Walk, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    gained: tuple[GainedEntry, ...] = ()
    names: tuple[NamesFollow, ...] = ()


def read_kernels(old: Sources, new: Sources, cache: JobCache) -> Kernels:
    """Two kernels -> what changed; UsageProblem where they are in the wrong order or no kernels."""
    check_order(old, new)

    def make() -> Sequence[Evolution]:
        before, after, gone = header_differences(old, new)
        headers = new.below(["include"], (".h",))
        return compare(before, after, gone, headers, defined_elsewhere(old, new), lambda: structs_said(new))

    return Kernels(old, new, kept_evolutions(cache, old, new, make))


def methods_of(evolutions: Iterable[Evolution]) -> frozenset[str]:
    """The names of the methods among them."""
    return frozenset(word_of(one) for one in evolutions if isinstance(one, MethodChanged | MethodRenamed | MethodGone))


def kept_knowledge(kernels: Kernels, teaching: Teaching, cache: JobCache | None, progress: Progress) -> Knowledge:
    """What the tree teaches about all that changed, from the cache or learned now."""
    where = [kernels.old.identity, kernels.new.identity, *teaching.excluded, "below", *teaching.roots]
    key = content_key(["knowledge", *where, *own_code()])
    row = cache.get(key) if cache is not None else None
    if row is not None:
        try:
            known = loaded(json.loads(row))
        except (ValueError, KeyError, TypeError):
            known = None  # a row of another layout
        if isinstance(known, Knowledge):
            return known
    known = Lessons(kernels, teaching.roots, progress).without(teaching.excluded)
    if cache is not None:
        cache.put(key, json.dumps(dumped(known)).encode())
    return known


class Lessons:
    """What two kernels teach, read once, and asked for it without some groups as often as one likes."""

    def __init__(self, kernels: Kernels, roots: Iterable[str], progress: Progress) -> None:
        self.kernels = kernels
        listed = tuple(roots)
        progress("read examples", 0, 1)
        examples = read_examples(
            kernels.old, kernels.new, _marks(kernels.evolutions), methods_of(kernels.evolutions), listed
        )
        progress("read examples", 1, 1)
        progress("learn", 0, 1)
        self._pairs = {(pair.old.path, pair.old.name): pair for pair in examples.pairs}
        methods = [one for one in kernels.evolutions if isinstance(one, MethodChanged | MethodRenamed | MethodGone)]
        self._before = by_method(examples.old.instances({(one.old.struct, one.old.name) for one in methods}))
        self._homes = homes_of(examples.new)
        self._new = examples.new
        self.habits = Habits(one for ones in examples.new.functions.values() for one in ones)
        self._heads: dict[MethodChanged | MethodRenamed, HeadExamples] = {}
        self._structs: frozenset[str] | None = None
        self._types = read_types([*_header_texts(kernels.old), *examples.old.texts.values()])
        self._definition = definitions_of(
            examples.new.functions, lambda: header_definitions(_header_texts(kernels.new))
        )
        self._old_definition = definitions_of(
            examples.old.functions, lambda: inline_definitions(_header_texts(kernels.old))
        )
        self._declarations, self._declared_before = declarations_of(kernels.new), declarations_of(kernels.old)
        self._from_headers = HeaderRules(kernels.old, kernels.new, self._declared_before, self._declarations)
        self._lesson = lesson_of(
            kernels.evolutions, examples, self._types, self._old_definition, self._definition, self._declarations
        )
        self._tables, self._arrays = tables_of(examples), arrays_of(examples)
        self._ends, self._nests = (
            ArrayEnds(kernels.evolutions, self._header, examples),
            Nests(kernels.evolutions, examples),
        )
        self._closed = list(closed_rules(kernels.evolutions, kernels.new))
        homes = Homes(kernels.new)
        self._trees = Trees(
            examples.old, examples.new, self._pairs, self._declared_before, self._declarations, homes.of, self.habits
        )
        self._includers = includers(kernels.evolutions, kernels.old, kernels.new, listed)
        self._nearest = Nearest(kernels.evolutions, examples.pairs, self._tables)
        self._successors = Successors(kernels.evolutions, examples.pairs, examples.old.facts, examples.new.facts)
        progress("learn", 1, 1)

    def without(self, excluded: Collection[str]) -> Knowledge:
        """What is known without the groups that are left out."""
        refined = tuple(self._refined(one, excluded) for one in self.kernels.evolutions)
        siblings = by_siblings(refined, self._declarations)
        plans = tuple(
            plan_head(one, self._examples(one), self.habits, excluded, self._declarations, siblings)
            for one in refined
            if isinstance(one, MethodChanged | MethodRenamed)
        )
        learned, refused = self._lesson.rules(excluded)

        def ground_of(template: Template) -> Learned:
            return self._lesson.ground_of(template, excluded)

        rules = initialiser_rules(refined, self._tables, excluded, self._given_up)
        rules += lost_entry_rules(refined, self._tables, self._declarations, excluded)
        rules += element_rules(refined, self._arrays, excluded)
        both = self._declared_before, self._declarations
        steady = self._from_headers.of(refined)
        rules += steady.nulls
        rules += wrapped_rules(refined, self._tables, self._header, excluded)
        whole = without_halves(refined, learned, self._declarations)
        of_functions = port_rules(whole, refined, self._definition, self._declarations)
        rules += made_rules(refined, self.habits, lambda name: self._lesson.callers(name, excluded), excluded)
        rules += nested_rules(refined, learned, self._declarations, self._lesson.bodies(excluded))
        rules += chain_rules(refined, learned, self._declarations)
        # First of all: two stores in a row are one step, and what is learned takes each by itself.
        rules += self._closed
        rules += of_functions
        rules += constant_rules(refined, of_functions)
        rules += ordered_rules(refined, learned, self._declarations, self._lesson.bodies(excluded))
        rules += accessor_rules(refined, learned, self._declarations, self._lesson.with_parts(excluded))
        rules += conversion_rules(refined, self.habits, excluded)
        rules += [*steady.unfolded, *steady.values]
        rules += function_rules(refined, both, self.habits, self._old_definition, excluded)
        rules += member_rules(refined, self._declared_before, self._declarations, ground_of)
        rules += owner_rules(refined, self.habits, self._declarations, excluded)
        rules += direct_rules(refined, ground_of, *both, lambda name: self._lesson.callers(name, excluded))
        rules += mark_rules(refined, both[0], self._pairs.values(), excluded)
        rules += [*steady.freed, *steady.gathered, *steady.said]
        rules += loop_rules(refined, (self.kernels.old, self.kernels.new), both, self._pairs.values(), excluded)
        taught = {one.evolution for one in rules}
        rules += argument_rules(refined, taught, lambda name: self._lesson.callers(name, excluded))
        rules += lost_argument_rules(refined, taught, lambda name: self._lesson.callers(name, excluded))
        rules += include_rules(refined, self._includers, excluded)
        nearest, kept = self._nearest.without(excluded), self._lesson.kept(excluded)
        held = held_members(refined, learned, self._declarations, lambda kind: self.habits.name_of(kind, excluded))
        successors = with_work_beside(self._successors.without(excluded), refined, self._given_up)
        successors = with_refusals(successors, refined, refused)
        successors = with_kept_state(successors, refined, *both, self._said_before)
        contexts = context_ways(refined, self._trees, excluded)
        as_before = self._lesson.used_as_before({word_of(one) for one in refined if turned(one)}, excluded)
        as_before |= self._told_truth(refined)
        handed = self._lesson.handed((one.old.name for one in refined if isinstance(one, FunctionChanged)), excluded)
        lost = lost_methods(refined, self._tables, self._declarations, excluded)
        name = titles_of(self.kernels.old, self.kernels.new)[0]
        instead = stand_ins(refined, self._trees.old, self._types, self.kernels.headers[1], name, excluded)
        lost += tuple(needless_beside(instead, lost))
        codes = self._trees.old, self._trees.new
        work = moved_work(refined, self._tables, codes, self._declarations, excluded)
        return Knowledge(
            refined, plans, tuple(rules), nearest, kept, self._types, held, successors, contexts, as_before, handed, lost,
            work, self._ends.without(excluded), self._nests.without(excluded),
            handed_back(refined, self._pairs.values(), excluded),
            walks(refined, self._old_definition, self._declarations, self._pairs.values(), excluded), instead,
            gained_entries(self._tables, Steps(refined), excluded), names_follow(refined, self._tables, excluded),
        )  # fmt: skip

    def _told_truth(self, refined: Iterable[Evolution]) -> frozenset[str]:
        """The functions that said what is true all along, as the old headers that declared them tell."""
        homes = {one.old.name: one.old.path for one in refined if isinstance(one, FunctionChanged) and turned(one)}
        old = self.kernels.old
        paths = sorted(path for path in set(homes.values()) if path in old.oids)
        inline = inline_definitions(text for _, text in old.texts(paths))
        returned: dict[str, str] = {}
        for path in paths:
            for name, ones in self._declared_before(path).functions.items():
                returned[name] = plain_type(ones[0].returns)
        return told_truth(refined, lambda name: inline.get(name, ""), lambda name: returned.get(name, ""))

    def _given_up(self, old: str, new: str) -> tuple[str, ...]:
        """What a function did beside another one."""
        return given_up(old, new, self._old_definition, self._definition)

    def _said_before(self) -> frozenset[str]:
        """The structures that headers of the old kernel name, read when first asked for."""
        if self._structs is None:
            self._structs = structs_said(self.kernels.old)
        return self._structs

    def _header(self, path: str) -> str:
        """The text of a header of the new kernel, "" for none."""
        new = self.kernels.new
        return new.read(path).decode("utf-8", "replace") if path in new.oids else ""

    def _refined(self, evolution: Evolution, excluded: Collection[str]) -> Evolution:
        """A method whose implementations of the tree mostly went to another method with the old prototype was renamed."""
        if isinstance(evolution, MethodChanged | MethodGone):
            before = self._before.get((evolution.old.struct, evolution.old.name), ())
            return where_implementations_went(evolution, before, self._homes, excluded)
        return evolution

    def _examples(self, evolution: MethodChanged | MethodRenamed) -> HeadExamples:
        if evolution not in self._heads:
            before = self._before.get((evolution.old.struct, evolution.old.name), ())
            after = self._new.instances({(evolution.new.struct, evolution.new.name)})
            self._heads[evolution] = head_examples(evolution, before, after, self._pairs)
        return self._heads[evolution]


def _marks(evolutions: Iterable[Evolution]) -> Marks:
    """By what code uses what changed; a method is a member of its structure."""
    names = set()
    for one in evolutions:
        if isinstance(one, MethodChanged | MethodRenamed | MethodGone):
            names.add(f"{one.old.struct}.{one.old.name}")
        elif not isinstance(one, HeaderGone | DeclarationsMoved | OfTag):
            names.add(name_of_change(one))
    return marks_of(names)


def types_of(kernel: Sources) -> TypeIndex:
    """The types that the headers of a kernel declare."""
    return read_types(_header_texts(kernel))


def _header_texts(sources: Sources) -> Iterator[bytes]:
    return (text for _, text in sources.texts(sources.below(_TYPE_HEADERS, (".h",))))
