"""Two kernels and code for the first -> Port: evolutions, rules, changed code, what is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.port.calls.brought_parameters import brought_rules, brought_to_own
from cocci_gen.port.calls.fallbacks import dead_fallbacks
from cocci_gen.port.calls.gone_marks import unasked
from cocci_gen.port.calls.handed_back import handed_back_rules
from cocci_gen.port.calls.handed_on import Place, handed_on
from cocci_gen.port.calls.handed_wrong import handed_wrong
from cocci_gen.port.calls.passed_locals import passed_locals
from cocci_gen.port.calls.quoted_names import quoted_names
from cocci_gen.port.calls.unchanged_calls import Followed, calls_of_instances, unchanged_calls
from cocci_gen.port.calls.walked_calls import walk_rules
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import (
    Evolution,
    MemberGone,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    OfTag,
    StructRenamed,
    word_of,
)
from cocci_gen.port.changes.header_words import read_headers_for
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.documents.porting_notes import Note, noted, notes_between
from cocci_gen.port.documents.protocols import asked_otherwise, protocol_changes, to_check
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.edits.conflicts import Bench, conflicts
from cocci_gen.port.headers.gone_headers import gone_header_rules
from cocci_gen.port.headers.new_homes import needed_headers, needed_rules, without_place
from cocci_gen.port.headers.taken_names import taken_names
from cocci_gen.port.headers.taken_tags import taken_tags
from cocci_gen.port.knowledge import Kernels, Knowledge, Progress, methods_of
from cocci_gen.port.lessons.rules import Declarations, Ground, Learned, PortRule
from cocci_gen.port.lessons.support import TOLD
from cocci_gen.port.lessons.types import TypeIndex, read_types
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.addresses import address_rules
from cocci_gen.port.members.receivers import Receivers
from cocci_gen.port.members.struct_rules import struct_rules
from cocci_gen.port.methods.body_uses import Renames
from cocci_gen.port.methods.context_rules import context_rules
from cocci_gen.port.methods.followed_names import name_rules
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.heads import (
    HeadRule,
    NoHeadRule,
    declaration_rules,
    head_rules,
    part_rule,
    table_rule,
    unsure_bodies,
)
from cocci_gen.port.methods.lost_method_rules import lost_method_rules
from cocci_gen.port.methods.made_locals import local_rules
from cocci_gen.port.methods.moved_work_rules import moved_work_rules
from cocci_gen.port.methods.named_twice import named_twice, with_both
from cocci_gen.port.methods.own_definitions import definition_rules, own_definitions
from cocci_gen.port.methods.qualifiers import qualifiers_in, without_followed
from cocci_gen.port.methods.shared_heads import only_of
from cocci_gen.port.methods.stand_in_rules import stand_in_rules
from cocci_gen.port.output.report import Port
from cocci_gen.port.remains.changed_values import used_values
from cocci_gen.port.remains.gone_options import gone_options
from cocci_gen.port.remains.leftovers import Leftover, leftovers_of
from cocci_gen.port.remains.new_branches import without_new_branches
from cocci_gen.port.tables.ended_array_rules import ended_array_rules
from cocci_gen.port.tables.gained_entries import Steps, without_gained
from cocci_gen.port.tables.nested_table_rules import nested_table_rules
from cocci_gen.port.texts.instances import Code, Instance, by_method, read_code, unread
from cocci_gen.port.texts.lines import moved_lines
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.trees import Sources, titles_of
from cocci_gen.port.texts.versions import live_texts
from cocci_gen.port.used import own_names, used_by


def port_code(
    kernels: Kernels,
    known: Knowledge,
    sources: Sources,
    runner: SpatchRunner,
    own_rules: Sequence[PortRule] = (),
    progress: Progress = lambda stage, done, total: None,
    decided: Mapping[str, bytes] | None = None,
    *,
    take_names: bool = True,
) -> Port:
    """Code for the first kernel, and what the tree teaches -> the same code for the second; the rules of a person (`own_rules`)
    come first.  `decided` are the texts with `1` and `0` for conditions that are known (`port/modules`); functions take over the
    new names of their methods, unless both have to stay (`take_names`)."""
    version = kernels.new.version() or (0, 0, 0)
    whole = dict(sources.texts(sources.below(["."])))
    texts = live_texts(whole, decided or {}, version)
    code = replace(read_code(texts.items(), methods_of(kernels.evolutions)), held=known.types.held())
    used = used_by(kernels, code, known.types)
    definitions = own_definitions(kernels.evolutions, code, _of_kernel(kernels, sources))
    dead = dead_fallbacks(texts.values(), kernels.evolutions, kernels.headers[1])
    own = (own_names(texts) - dead) | frozenset(code.functions.keys() - {one.function.name for one in definitions})
    foreign = {one.evolution.id for one in used if word_of(one.evolution) not in own or _is_member(one.evolution)}
    refined = [one for one in known.refined if one.id in foreign]
    plans = [one for one in known.plans if one.evolution.id in foreign]
    types = known.types.joined(read_types(texts.values()))
    steady = types.without_changed(kernels.evolutions)
    tables = by_method(code.instances({(one.evolution.old.struct, one.evolution.old.name) for one in plans}))
    instances = without_followed(plans, tables, qualifiers_in(texts.values()))
    learned = [one for one in known.rules if one.evolution in foreign]
    handed = handed_on(code, plans, instances, refined, learned)
    instances, shared = only_of(plans, instances, code)
    declared, refused = _declared_rules(plans, instances, handed.sure, code)
    declared += _part_rules(plans, code)
    made, unsure = definition_rules(definitions)
    refused += [*shared, *unsure]
    declared += [*made, *handed.rules]
    needed = needed_headers(kernels.evolutions, kernels.headers, texts, own_names(whole) | own)
    used += tuple(Met(one.evolution, one.places) for one in needed)
    strings, quoted = quoted_names(kernels.headers, texts)
    used += tuple(strings)
    taken = list(taken_names(code, kernels.headers))
    renamed = [one.rule for one in taken if one.name]
    used += tuple(Met(one.evolution, (f"{one.function.path}:{one.function.span.line}",)) for one in taken)
    refused += [(one.evolution, NoHeadRule(one.function, described(one.evolution))) for one in taken if not one.name]
    told = {one.evolution for one in learned}
    learned = list(unasked(learned, kernels.evolutions, declarations_of(kernels.old), texts))
    gone = list(gone_header_rules(kernels.evolutions, kernels.headers, texts, told))
    passed = passed_locals(code, plans, instances, refined, types)
    refused += passed.left
    addresses = address_rules((one for one in known.held if one.evolution in foreign), code, kernels.headers[1])
    whole_ways, halfway = context_rules((one for one in known.contexts if one.gone.id in foreign), code)
    refused += [(way.gone, reason) for way, reason in halfway]
    lost = lost_method_rules((one for one in known.lost if one.gone.id in foreign), code)
    nests, carried = nested_table_rules((one for one in known.nested if one.gone.id in foreign), code)
    ends, ended_otherwise = ended_array_rules(known.ended, code, foreign, carried)
    work = moved_work_rules((one for one in known.work if one.evolution in foreign), code)
    instead = stand_in_rules((one for one in known.stand_ins if one.gone.id in foreign), code, kernels.headers[1])
    rules = [
        *own_rules,
        *gone,
        *renamed,
        *needed_rules(needed),
        *quoted,
        *declared,
        *passed.rules,
        *brought_rules(refined, instances),
        *brought_to_own(refined, instances, declared),
        *addresses,
        *whole_ways,
        *lost,
        *work,
        *instead,
        *nests,
        *ends,
        *handed_back_rules((one for one in known.back if one.taker.id in foreign), code),
        *walk_rules((one for one in known.walks if one.gone.id in foreign), code),
        *learned,
    ]
    rules += local_rules(plans, declared, refined)
    rules += struct_rules(one for one in refined if isinstance(one, StructRenamed))
    followed = list(name_rules(known.names, instances, code, whole, kernels.headers[1], declared)) if take_names else []
    rules += [rule for _, _, rule in followed]
    now = {old: new for old, new, _ in followed}
    ported = apply_rules(
        rules, whole, runner, steady.prelude, lambda done, total: progress("apply", done, total), version, decided
    )
    remarks = conflicts(own_rules, rules, Bench(whole, decided or {}, version, runner, steady.prelude))
    did = {one.evolution.id: one.shown[:3] for one in plans}
    after = read_code(ported.live.items(), frozenset())
    leftovers = [_person(one, evolution, did) for evolution, one in refused if _still_holds(one, after, now)]
    renamed_methods = [one.evolution for one in plans if isinstance(one.evolution, MethodRenamed)]
    leftovers += [
        *_unread(plans, code),
        *named_twice(renamed_methods, code),
        *without_gained(known.gained, code, Steps(refined)),
    ]
    leftovers += [*without_place(needed, texts), *taken_tags(code, kernels.headers)]
    leftovers += ended_otherwise
    leftovers += gone_options(kernels.old, kernels.new, texts)
    leftovers = list(_as_ported(leftovers, whole, ported.texts))
    leftovers += [
        *calls_of_instances(plans, instances, after, now),
        *handed_wrong(plans, instances, after, now),
        *_left(kernels, known, refined, code, after, own, types),
    ]
    versions = kernels.old.version() or (0, 0, 0), version
    left = tuple(_distinct(without_new_branches(leftovers, ported.texts, versions)))
    names = kernels.old.name, kernels.new.name
    titles = titles_of(kernels.old, kernels.new)
    return Port(*names, sources.name, used, tuple(rules), ported, left, {}, remarks, titles=titles)


def _left(
    kernels: Kernels,
    known: Knowledge,
    refined: Sequence[Evolution],
    before: Code,
    after: Code,
    own: frozenset[str],
    types: TypeIndex,
) -> Iterator[Leftover]:
    """What is left in the code after all rules; `own` are the names that it defines itself."""
    receivers = Receivers(after, types)
    for one in leftovers_of(refined, after.texts, known.nearest, own, receivers.others, receivers.reached):
        instead = known.successors.get(one.evolution)
        yield replace(one, reason=f"{one.reason}; {instead}") if instead else one
    calls = list(unchanged_calls(refined, before.texts, after, known.nearest, own, Followed(known.kept, known.handed)))
    yield from calls
    told = {(one.path, one.line, one.evolution) for one in calls}
    values = used_values(refined, after.texts, known.nearest, own, known.as_before)
    yield from (one for one in values if (one.path, one.line, one.evolution) not in told)
    notes = notes_between(kernels.old, kernels.new)
    yield from noted(notes, before, after, refined, own, _fresh(notes, after, kernels.old))
    changes = protocol_changes(kernels.old, kernels.new)
    gone = {(one.old.struct, one.old.name) for one in refined if isinstance(one, MethodGone)}
    renamed = [one for one in refined if isinstance(one, MethodRenamed)]
    yield from to_check(changes, after, lambda: asked_otherwise(kernels.old, kernels.new), gone, renamed)


def _fresh(notes: Iterable[Note], code: Code, old: Sources) -> frozenset[str]:
    """The functions of which notes speak and that the code calls, though no header of the old kernel has their name."""
    words = {word for text in code.texts.values() for word in plain(text).words}
    called = frozenset(name for note in notes for name in note.functions if name.encode() in words)
    return called - read_headers_for([old], called, (), [()])[0].said if called else called


def _of_kernel(kernels: Kernels, sources: Sources) -> frozenset[str]:
    """The files of the code that are files of one of the kernels, to the byte."""
    return frozenset(
        path for path, oid in sources.oids.items() if oid in (kernels.old.oids.get(path), kernels.new.oids.get(path))
    )


def _is_member(evolution: Evolution) -> bool:
    return isinstance(evolution, MemberGone | MethodChanged | MethodRenamed | MethodGone | OfTag)


def _distinct(leftovers: Iterable[Leftover]) -> list[Leftover]:
    return list(dict.fromkeys(sorted(leftovers, key=lambda one: (one.path, one.line, one.evolution))))


def _person(one: NoHeadRule, evolution: Evolution, did: Mapping[str, tuple[str, ...]]) -> Leftover:
    function = one.function
    nearest = did.get(evolution.id, ())
    return Leftover(function.path, function.span.line, evolution.id, one.reason, nearest, function.name)


def _as_ported(
    leftovers: Iterable[Leftover], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Iterator[Leftover]:
    """Places of the code as it was -> the same as it is by now, which is what a person looks into."""
    moved: dict[str, Mapping[int, int]] = {}
    for one in leftovers:
        if one.path in after and after[one.path] != before[one.path]:
            if one.path not in moved:
                moved[one.path] = moved_lines(before[one.path], after[one.path])
            yield replace(one, line=moved[one.path].get(one.line, one.line))
        else:
            yield one


def _still_holds(one: NoHeadRule, after: Code, names: Mapping[str, str]) -> bool:
    """Whether a reason is one after all rules, of which some gave new `names`; where the function cannot be found, it is."""
    name = names.get(one.function.name, one.function.name)
    now = [some for some in after.functions.get(name, ()) if some.path == one.function.path]
    return len(now) != 1 or one.holds_in(plain(now[0].text).code.decode("utf-8", "replace").partition("{")[2])


def _unread(known: Iterable[HeadPlan], code: Code) -> list[Leftover]:
    """The implementations of changed methods whose heads could not be read."""
    plans = {(one.evolution.old.struct, one.evolution.old.name): one.evolution for one in known}
    changed = {key for key, one in plans.items() if one.steps_differ}
    reason = "its head is made by a macro or split by a condition, so it is left as it is"
    return [
        Leftover(one.path, one.line, plans[one.struct, one.method].id, reason, (), one.function)
        for one in unread(code, changed)
    ]


def _by_plan(
    plan: HeadPlan, instances: Sequence[Instance], sure: Collection[Place]
) -> Iterator[tuple[HeadPlan, Sequence[Instance]]]:
    """The instances with the plan that holds for each: some bodies are sure where the tree as a whole is not."""
    groups: dict[frozenset[int], list[Instance]] = {}
    for one in instances:
        numbers = frozenset(number for number in plan.uses if (one.function.name, number) in sure)
        groups.setdefault(numbers, []).append(one)
    for numbers, ones in groups.items():
        uses = {number: Renames(use.shown, use.of) if number in numbers else use for number, use in plan.uses.items()}
        yield replace(plan, uses=uses), ones


def _part_rules(known: Iterable[HeadPlan], code: Code) -> Iterator[PortRule]:
    """The rules for renamed methods that are named in parts of initialisers, for the files that do so."""
    for one in (plan.evolution for plan in known if isinstance(plan.evolution, MethodRenamed)):
        files: dict[frozenset[str], list[str]] = {}
        for path, parts in code.parts(one.old.struct, one.old.name).items():
            files.setdefault(parts, []).append(path)
        for number, (parts, paths) in enumerate(files.items()):
            title = f"->{one.old.name} is now ->{one.new.name}"
            name, words = f"{one.id}.part{number or ''}", (frozenset({one.old.name}),)
            yield PortRule(name, one.id, title, part_rule(one, parts), Declarations(), words, frozenset(paths))


def _declared_rules(
    known: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    sure: Collection[Place],
    code: Code,
) -> tuple[list[PortRule], list[tuple[Evolution, NoHeadRule]]]:
    """The rules that the declarations decide: renamed methods and heads, method by method; `sure` are parameters of functions
    that take their successor whatever other functions do."""
    plans = {(one.evolution.old.struct, one.evolution.old.name): one for one in known}
    rules: list[PortRule] = []
    refused: list[tuple[Evolution, NoHeadRule]] = []
    for key, plan in sorted(plans.items()):
        one = plan.evolution
        if one.steps_differ:
            count = len(plan.shown)
            ground: Ground = Learned(count, count, plan.groups, plan.shown[:TOLD], ()) if count else Declarations()
            every: list[HeadRule] = []
            for same, ones in _by_plan(plan, instances.get(key, ()), sure):
                made, left = head_rules(same, ones, len(every))
                every += made
                refused += [(one, refusal) for refusal in (*left, *unsure_bodies(same, ones))]
                every += declaration_rules(same, ones, code.texts.values(), len(every))
            for number, rule in enumerate(every):
                names = frozenset(rule.functions)
                title = f"->{one.new.name}: {described(one)}"
                rules.append(PortRule(f"{one.id}.head{number or ''}", one.id, title, rule.text, ground, (names,)))
        if isinstance(one, MethodRenamed):
            title = f"->{one.old.name} is now ->{one.new.name}"
            names = frozenset({one.old.name})
            text = table_rule(one, with_both(one, code))
            rules.append(PortRule(f"{one.id}.table", one.id, title, text, Declarations(), (names,)))
    return rules, refused
