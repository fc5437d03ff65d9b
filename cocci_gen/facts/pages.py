"""A function and a parameter -> Effect, what the function may do to the page or folio it is given.

Effects are per parameter, computed from the callees on demand: a name-based closure is useless (39,222 of 79,214 functions
"reach" unlock_page in 6.1).  What cannot be seen is `unknown`, and an unknown callee is never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.reading import arguments
from cocci_gen.code.source import FunctionSpan
from cocci_gen.facts.definitions import Definition, folder_of
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.macros import macros_of
from cocci_gen.facts.own_calls import with_own_calls
from cocci_gen.own_words import with_own_words
from cocci_gen.resources import data_tables

#: Calls deep that an effect is followed; what lies deeper is unknown.
DEPTH = 8

#: Members of members that are followed.
_DEEPEST = 2
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
#: What stands before the value in `a->page = b = page`.
_CHAINED = re.compile(r"^(?:[\w.>\-]+ ?= ?(?!=))+")
#: What holds a page, and what leads from there to it: `work`, `.held->page`.
_REACHED = re.compile(r"(\w+)((?:->|\.|\[).+)")
#: What a macro that prints is told to print.
_FORMAT = re.compile(r'"(?:[^"\\]|\\.)*%')
#: A member of a table by name, which is called.
_TABLED = re.compile(r"([A-Za-z_]\w*)\.(\w+)")
_POINTER_CAST = re.compile(r"^\((?:const )?(?:struct )?\w+ ?\*+ ?\) ?")
#: The declaration of structures, or of an array of pages: what follows the type.
_DECLARED = re.compile(r"(?:static )?(?:const )?(?:struct|union) \w+ (.*);$")


@dataclass(frozen=True, slots=True)
class Effect:
    """`marks` out of release, take, start, end, redirty, escape, hand_on, unknown; `why` maps each to the call or line
    that shows it, as (mark, words)."""

    marks: frozenset[str]
    why: tuple[tuple[str, str], ...]

    def reason(self, mark: str) -> str:
        """The words that show a mark."""
        return dict(self.why).get(mark, "")


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that a node does to the resource: the callee (or "" for a store), the mark, and the words for people."""

    node: int
    line: int
    callee: str
    marks: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True)
class CallVocabulary:
    """page_calls.toml, read."""

    marks: dict[str, frozenset[str]]
    hands_on: frozenset[str]
    borrows: frozenset[str]
    neutral: frozenset[str]
    neutral_pattern: re.Pattern[str]
    alias: frozenset[str]
    part: frozenset[str]
    tag: frozenset[str]
    tag_argument: str
    put: frozenset[str]
    get: frozenset[str]
    took_nonzero: frozenset[str]
    took_zero: frozenset[str]
    negative: frozenset[str]
    methods: Mapping[str, frozenset[str]]
    #: Calls that count one more reference: who keeps what it counted keeps its own.
    counts: frozenset[str] = frozenset()

    def is_neutral(self, name: str) -> bool:
        """Whether a callee is known to leave the page alone."""
        return name in self.neutral or self.neutral_pattern.search(name) is not None


@with_own_words
def call_vocabulary() -> CallVocabulary:
    """The vocabulary of page calls (page_calls.toml in the package), and the own words of file systems."""
    data = with_own_calls(data_tables("facts/page_calls.toml"))
    marks: dict[str, set[str]] = {}
    for mark, names in data["marks"].items():
        for name in names:
            marks.setdefault(name, set()).add(mark)
    return CallVocabulary(
        {name: frozenset(found) for name, found in marks.items()},
        frozenset(data["hands_on"]["names"]),
        frozenset(data["hands_on"]["borrows"]),
        frozenset(data["neutral"]["names"]),
        re.compile("|".join(data["neutral"]["patterns"])),
        frozenset(data["alias"]["names"]),
        frozenset(data["alias"]["part"]),
        frozenset(data["tag"]["names"]),
        data["tag"]["argument"],
        frozenset(data["reference"]["put"]),
        frozenset(data["reference"]["get"]),
        frozenset(data["results"]["took_nonzero"]),
        frozenset(data["results"]["took_zero"]),
        frozenset(data["results"]["negative"]),
        {name: frozenset({mark} - {"keep"}) for mark, names in data["methods"].items() for name in names},
    )


#: The method that a call through a table names.
_METHOD = re.compile(r"(?:->|\.)(\w+)\)?$")
#: One element of several, told by a variable; and one that an initialiser fills in.
_ELEMENT = re.compile(r"(\w+(?:->|\.)\w+)\[[a-z_]\w*\]")
_FIRST = re.compile(r"\[\d+\]")


def is_element(text: str, names: Collection[str]) -> bool:
    """Whether an expression is one of several of which the page is one: `request->pages[i]` for `request->pages[0]`."""
    element = _ELEMENT.fullmatch(text.strip())
    return element is not None and any(
        name.startswith(element[1]) and _FIRST.fullmatch(name, len(element[1])) for name in names
    )


def is_alias(text: str, names: Collection[str], vocabulary: CallVocabulary) -> bool:
    """Whether an expression is the page itself: the name, a cast of it, `&folio->page`, `page_folio(page)`, `&page->lru`."""
    form = _form(text)
    if form.text in names:
        return True
    if form.owner:
        return form.owner in names
    if form.branches:
        return any(is_alias(branch, names, vocabulary) for branch in form.branches)
    return form.callee in vocabulary.alias and is_alias(form.argument, names, vocabulary)


@dataclass(frozen=True, slots=True)
class _Form:
    """An expression without casts, and what it is made of where it may be the page: the owner of a member, the branches of a
    choice, or a call and its first argument."""

    text: str
    owner: str = ""
    branches: tuple[str, ...] = ()
    callee: str = ""
    argument: str = ""


@lru_cache(maxsize=1 << 16)
def _form(text: str) -> _Form:
    text = text.strip()
    while text.startswith("(") and (cast := _POINTER_CAST.match(text)):
        text = text[cast.end() :]
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    if member := re.fullmatch(r"&\(?(\w+)\)?->(?:page|lru|folio)", text):
        return _Form(text, owner=member[1])
    if choice := re.fullmatch(r".+?\? ?(.+?) ?: ?(.+)", text):
        return _Form(text, branches=choice.groups())
    if call := re.fullmatch(r"(\w+) ?\((.*)\)", text):
        return _Form(text, callee=call[1], argument=_first_argument(call[2]))
    return _Form(text)


def _first_argument(text: str) -> str:
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            return text[:position]
    return text


def aliases(graph: Graph, name: str) -> frozenset[str]:
    """The names that hold the same page as `name` anywhere in the function (flow-insensitive): variables, and members of what
    is the function's own (`request.page`, `vector[0]`)."""
    vocabulary = call_vocabulary()
    names = {name}
    own = own_holders(graph)
    assignments = [
        (place, value)
        for a in graph.assignments()
        if a.operator == "="
        for place, value in stored(a, own)
        if _IDENTIFIER.fullmatch(place) or _holder(place) in own
    ]
    while True:
        more = {place for place, value in assignments if is_alias(value, names, vocabulary)}
        more |= {name for place, value in assignments for name, _ in behind_address(place, value, names)}
        if more <= names:
            return frozenset(names)
        names |= more


def behind_address(place: str, value: str, names: Collection[str]) -> list[tuple[str, str]]:
    """(new name, name) of the page where the address of what holds it is stored: `work.held = &held` makes `work.held->page` one
    of `held.page`."""
    holder = re.fullmatch(r"&\(?(\w+)\)?", value)
    if not holder or _depth(place) > _DEEPEST:
        return []
    start = f"{holder[1]}."
    return [(f"{place}->{name.removeprefix(start)}", name) for name in names if name.startswith(start)]


def _depth(place: str) -> int:
    return len(re.findall(r"->|\.|\[", place))


def perhaps_other(graph: Graph, names: Collection[str]) -> frozenset[str]:
    """Those of the names that hold the page only by one side of a choice (`target = i == at ? page : next`), or that are one page
    of several."""
    part = "|".join(sorted(call_vocabulary().part))
    given = [a for a in graph.assignments() if a.operator == "=" and a.left in names]
    other = re.compile(rf"[^{{]+?\? ?.+? ?: ?.+|(?:{part}) ?\(.*, ?[^0].*\)")
    chosen = {a.left for a in given if other.fullmatch(a.right)}
    chosen -= {p.name for p in graph.parameters}
    while more := {a.left for a in given if a.left not in chosen and is_alias(a.right, chosen, call_vocabulary())}:
        chosen |= more
    return frozenset(chosen)


def stored(assignment: Assignment, own: Collection[str]) -> list[tuple[str, str]]:
    """(place, value) of an assignment; of an initialiser in braces one for each member of the function's own holder."""
    right = assignment.right
    if not right.startswith("{") or assignment.left not in own:
        return [(assignment.left, right)]
    return _members(assignment.left, right)


def _members(holder: str, braces: str) -> list[tuple[str, str]]:
    """(place, value) of each entry of an initialiser, those of arrays and structures within it too."""
    found: list[tuple[str, str]] = []
    inside = arguments(braces.strip().removeprefix("{").removesuffix("}"))
    for at, item in enumerate(filter(None, inside)):  # the last one may end with a comma
        named = re.fullmatch(r"((?:\.\w+)+|\[\w+\]) ?= ?(.*)", item, re.S)
        place, value = (f"{holder}{named[1]}", named[2]) if named else (f"{holder}[{at}]", item)
        found += _members(place, value) if value.startswith("{") and value.endswith("}") else [(place, value)]
    return found


def _holder(place: str) -> str:
    """What a member or an element belongs to: `request` of `request.page`, "" of a member through a pointer."""
    match = re.match(r"(\w+)(?=[.\[])", place)
    return match[1] if match else ""


def speaks_of(text: str, names: Collection[str]) -> bool:
    """Whether an expression may be the page known by the names, or what holds it."""
    bare = text.strip("&() ")
    return any(name in text or _holder(name) == bare for name in names) or _copies(text, names)


def _copies(text: str, names: Collection[str]) -> bool:
    """Whether an expression is all that a pointer leads to, the page with it: `nd->path = *path` for `path->dentry`."""
    pointed = re.fullmatch(r"\* ?\(?(\w+)\)?", text)
    return pointed is not None and any(name.startswith(f"{pointed[1]}->") for name in names)


def _lent(arguments: Iterable[str], names: Collection[str]) -> bool:
    """Whether one of the arguments is a local structure or array that holds the page: it is gone when its function is left."""
    bare = {text.strip("&() ") for text in arguments}
    return any(_holder(name) in bare for name in names if _holder(name))


def own_holders(graph: Graph) -> frozenset[str]:
    """The local structures and arrays of a function: what stands in them is still its own."""
    found = set()
    for node in graph.nodes:
        declared = _DECLARED.match(node.text) if node.kind == "statement" else None
        for item in arguments(declared[1]) if declared else ():
            name = re.match(r"(\**) ?(\w+) ?(\[?)", item)
            if name and (not name[1] or name[3]):
                found.add(name[2])
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Given:
    """Where a callee gets the page: the position of the argument, and what leads from there to it ("", "->page", "[0]")."""

    position: int
    reach: str = ""

    def name(self, graph: Graph) -> str:
        """How the callee names the page, "" when it has no such parameter."""
        if self.position >= len(graph.parameters) or not graph.parameters[self.position].name:
            return ""
        return f"{graph.parameters[self.position].name}{self.reach}"


def given_places(arguments: Iterable[str], names: Collection[str], vocabulary: CallVocabulary) -> list[Given]:
    """Where a call passes the page: itself, or what holds it."""
    found = []
    for position, text in enumerate(arguments):
        if is_alias(text, names, vocabulary):
            found.append(Given(position))
            continue
        bare = text.removeprefix("&").strip("() ")
        for name in sorted(names):
            match = _REACHED.fullmatch(name)
            if not match or bare != match[1] or (match[2].startswith(".") and not text.startswith("&")):
                continue
            reach = f"->{match[2][1:]}" if match[2].startswith(".") else match[2]
            found.append(Given(position, reach))
    return found


def escapes(assignment: Assignment, names: Collection[str], vocabulary: CallVocabulary) -> bool:
    """Whether an assignment keeps the page somewhere that outlives the statement; a place that is one of the names does not."""
    right = _CHAINED.sub("", assignment.right)
    chained = assignment.right.removesuffix(right).replace("=", " ").split()
    leads = f"{assignment.left}->"
    if assignment.left in names or any(_holder(name) == assignment.left or name.startswith(leads) for name in names):
        return False
    if not _IDENTIFIER.fullmatch(assignment.left) and any(name in names for name in chained):
        return True  # `sb->s_root = root = f()`
    if assignment.operator == "=" and any(_holder(name) == right.strip("&() ") != "" for name in names):
        return True  # the address of what holds it, or a copy
    if assignment.operator == "=" and _copies(right, names):
        return True
    if right.startswith("{"):
        return any(
            word in names
            for word in re.findall(r"(?:=|[{,])\s*(?:&\s*)?(\w+)(?=\s*(?:[,}]|->(?:page|lru)\s*[,}]))", right)
        )
    if _IDENTIFIER.fullmatch(assignment.left):
        return False
    return assignment.operator == "=" and is_alias(right, names, vocabulary)


#: What a function that counts a reference of its own does to that one.
OWN_COUNT = frozenset({"escape", "hand_on"})


def counted(graph: Graph, names: Collection[str], vocabulary: CallVocabulary) -> bool:
    """Whether a function counts a reference of its own: what it then stores, or hands to I/O, is not the caller's."""
    given = (call.arguments for call in graph.calls() if call.callee in vocabulary.counts)
    return any(is_alias(text, names, vocabulary) for arguments in given for text in arguments[:1])


@dataclass(frozen=True, slots=True)
class _Body:
    """What a function does itself, as (mark, words), and the callees that it gives the page to, with the parameter."""

    why: tuple[tuple[str, str], ...]
    callees: tuple[tuple[Definition, Given], ...]


class Effects:
    """Effects of the functions of one index; every answer is remembered.  What is looked for, and what is left alone, the
    vocabulary says: that of pages, or that of another thing that functions take and give back."""

    def __init__(self, index: KernelIndex, vocabulary: CallVocabulary | None = None) -> None:
        self.index = index
        self.vocabulary = vocabulary or call_vocabulary()
        #: What others know of the effects (facts/shared).
        self.shared: dict[Callable[..., object], object] = {}
        self._known: dict[tuple[Definition, Given, int], Effect] = {}
        self._bodies: dict[tuple[Definition, Given], _Body] = {}
        self._macros: dict[Definition, Graph] = {}

    def resolve(self, name: str, path: str) -> tuple[Definition, ...]:
        """The functions that a name may mean in a file; where there is none, the macro that stands for one."""
        found = self.index.resolve(name, path)
        macro = macros_of(self.index).of(name, path) if not found else None
        if macro is None:
            return found
        line = macro.graph.nodes[0].line
        standing = Definition(macro.path, f"macro {name}", FunctionSpan(name, 0, 0, line, line, True, True, True))
        self._macros[standing] = macro.graph
        return (standing,)

    def graph(self, definition: Definition) -> Graph | None:
        """The control flow of what `resolve` found."""
        return self._macros[definition] if definition in self._macros else self.index.graph(definition)

    def of(self, definition: Definition, place: Given, depth: int = DEPTH) -> Effect:
        """What `definition` may do to the page that it gets at `place`, callees to `depth` calls included."""
        key = (definition, place, depth)
        if key not in self._known:
            self._known[key] = self._reached(definition, place, depth)
        return self._known[key]

    def _reached(self, definition: Definition, position: Given, depth: int) -> Effect:
        """Level by level, every callee once and by the shortest way: neither recursion nor the order of questions matters."""
        why: dict[str, str] = {}
        seen = {(definition, position)}
        level = [(definition, position, "")]
        for _ in range(depth):
            following = []
            for function, place, way in level:
                body = self._body(function, place)
                for mark, words in body.why:
                    why.setdefault(mark, way + words)
                for callee, at in body.callees:
                    if (callee, at) not in seen:
                        seen.add((callee, at))
                        following.append((callee, at, f"{way}{callee.name}() -> "))
            level = following
        for function, _, way in level:
            why.setdefault("unknown", f"{way.removesuffix(f'{function.name}() -> ')}{function.name}() lies too deep")
        return Effect(frozenset(why), tuple(sorted(why.items())))

    def _body(self, definition: Definition, position: Given) -> _Body:
        key = (definition, position)
        if key not in self._bodies:
            self._bodies[key] = self._read(definition, position)
        return self._bodies[key]

    def _read(self, definition: Definition, place: Given) -> _Body:
        graph = self.graph(definition)
        if graph is None or not place.name(graph):
            return _Body((("unknown", f"{definition.name}() could not be parsed"),), ())
        names = set(aliases(graph, place.name(graph)))
        why: dict[str, str] = {}
        callees: dict[tuple[Definition, Given], None] = {}
        for call in graph.calls():
            effect = self.own_effect(call, definition.path, names)
            if isinstance(effect, Effect):
                for mark, words in effect.why:
                    why.setdefault(mark, words)
            else:
                callees.update(dict.fromkeys(effect))
        for assignment in graph.assignments():
            if escapes(assignment, names, self.vocabulary):
                why.setdefault("escape", f"{assignment.left} keeps it")
        if counted(graph, names, self.vocabulary):
            why = {mark: words for mark, words in why.items() if mark not in OWN_COUNT}
        if not graph.whole:
            why.setdefault("unknown", f"a part of {definition.name}() did not parse")
        return _Body(tuple(why.items()), tuple(callees))

    def touches(self, graph: Graph, path: str, names: Iterable[str], depth: int = DEPTH) -> tuple[Touch, ...]:
        """Everything that the nodes of a graph do to the page known by `names`, neutral calls left out."""
        known = set(names)
        found = []
        for number, node in enumerate(graph.nodes):
            found += self._node_touches(number, node, path, known, depth)
        return tuple(found)

    def _node_touches(self, number: int, node: Node, path: str, names: set[str], depth: int) -> list[Touch]:
        found = []
        for call in node.calls:
            effect = self.call_effect(call, path, names, depth)
            if effect.marks:
                words = "; ".join(sorted({text for _, text in effect.why}))
                found.append(Touch(number, call.line, call.callee, effect.marks, words))
        for assignment in node.assignments:
            if escapes(assignment, names, self.vocabulary):
                note = f"{assignment.left} keeps it"
                found.append(Touch(number, assignment.line, "", frozenset({"escape"}), note))
        return found

    def call_effect(self, call: Call, path: str, names: set[str], depth: int) -> Effect:
        """What one call does to the page known by `names`; no marks when the page is not among its arguments."""
        effect = self.own_effect(call, path, names)
        if isinstance(effect, Effect):
            return effect
        why: dict[str, str] = {}
        for definition, position in effect:
            for mark, words in self.of(definition, position, depth).why:
                why.setdefault(mark, f"{call.callee}() -> {words}" if not words.startswith(call.callee) else words)
        return Effect(frozenset(why), tuple(sorted(why.items())))

    def _leaves_alone(self, callee: str, path: str) -> bool:
        """Whether a callee is known to leave the page alone; what only its name says does not count for a file's own function."""
        if callee in self.vocabulary.neutral or not self.vocabulary.is_neutral(callee):
            return callee in self.vocabulary.neutral
        return not any(one.span.static and one.path == path for one in self.index.resolve(callee, path))

    def _tabled(self, callee: str, path: str) -> tuple[Definition, ...]:
        """The function that `table.member()` calls, where one table of that name in the folder has one for the member."""
        named = _TABLED.fullmatch(callee)
        if not named or named[2] in self.vocabulary.methods:
            return ()
        entries = [e for e in self.index.tabled_in(named[2], folder_of(path)) if e.variable == named[1]]
        found = {definition for entry in entries for definition in self.index.resolve(entry.function, entry.path)}
        return tuple(found) if len(found) == 1 else ()

    def own_effect(self, call: Call, path: str, names: set[str]) -> Effect | tuple[tuple[Definition, Given], ...]:
        """What is known of a call by its name alone, else the functions that it may mean and where they get the page."""
        if call.direct and call.callee in self.vocabulary.borrows and _lent(call.arguments, names):
            return Effect(frozenset(), ())
        if call.direct and call.callee in self.vocabulary.hands_on:
            return Effect(frozenset({"hand_on"}), (("hand_on", f"{call.callee}() starts I/O"),))
        if call.callee in self.vocabulary.tag and self.vocabulary.tag_argument in call.arguments:
            return Effect(frozenset({"start"}), (("start", f"{call.callee}() clears the dirty tag by hand"),))
        positions = given_places(call.arguments, names, self.vocabulary)
        if not positions:
            several = any(is_element(text, names) for text in call.arguments)
            if not several or self.vocabulary.is_neutral(call.callee):
                return Effect(frozenset(), ())
            return Effect(frozenset({"hand_on"}), (("hand_on", f"{call.callee}() does so to each of several"),))
        if not call.direct and (tabled := self._tabled(call.callee, path)):
            return tuple((definition, position) for definition in tabled for position in positions)
        if not call.direct:
            method = _METHOD.search(call.callee)
            known = self.vocabulary.methods.get(method[1]) if method else None
            marks = known if known is not None else frozenset({"unknown"})
            return Effect(marks, tuple((mark, f"a call through the pointer {call.callee}") for mark in marks))
        if call.callee in self.vocabulary.marks:
            marks = self.vocabulary.marks[call.callee]
            return Effect(marks, tuple((mark, f"{call.callee}()") for mark in sorted(marks)))
        known = self.vocabulary.alias | self.vocabulary.counts
        if call.callee in known or self._leaves_alone(call.callee, path):
            return Effect(frozenset(), ())
        definitions = self.resolve(call.callee, path)
        if not definitions and any(_FORMAT.match(text) for text in call.arguments):
            return Effect(frozenset(), ())  # it prints
        if not definitions:
            words = f"{call.callee}() has no definition that the index shows"
            return Effect(frozenset({"unknown"}), (("unknown", words),))
        return tuple((definition, position) for definition in definitions for position in positions)
