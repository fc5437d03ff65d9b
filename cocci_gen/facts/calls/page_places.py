"""A Graph and the names of a page or folio -> the places that hold it: other names, members of what the function owns, arguments,
and where it escapes to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Assignment, Graph
from cocci_gen.code.texts.reading import arguments, first_argument
from cocci_gen.facts.calls.page_calls import CallVocabulary, call_vocabulary

#: Members of members that are followed.
_DEEPEST = 2
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
#: What stands before the value in `a->page = b = page`.
_CHAINED = re.compile(r"^(?:[\w.>\-]+ ?= ?(?!=))+")
#: What holds a page, and what leads from there to it: `work`, `.held->page`.
_REACHED = re.compile(r"(\w+)((?:->|\.|\[).+)")
_POINTER_CAST = re.compile(r"^\((?:const )?(?:struct )?\w+ ?\*+ ?\) ?")
#: The declaration of structures, or of an array of pages: what follows the type.
_DECLARED = re.compile(r"(?:static )?(?:const )?(?:struct|union) \w+ (.*);$")
#: One element of several, told by a variable; and one that an initialiser fills in.
_ELEMENT = re.compile(r"(\w+(?:->|\.)\w+)\[[a-z_]\w*\]")
#: The first of two that is not NULL, `folio ?: newfolio`.
_EITHER = re.compile(r"([^?:()]+?) ?\?: ?([^?:()]+)")
#: A pointer as a number.
_NUMBER = re.compile(r"\((?:unsigned long|uintptr_t)\) ?(\w+)")
#: A member, without a call or an index on the way.
_MEMBER = re.compile(r"(\w+)(?:(?:->|\.)\w+)+")
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


def is_perhaps(text: str, names: Collection[str], vocabulary: CallVocabulary) -> bool:
    """Whether an expression is the page on one side of a choice alone: `folio ?: other`."""
    branches = [is_alias(branch, names, vocabulary) for branch in _form(text).branches]
    return any(branches) and not all(branches)


@dataclass(frozen=True, slots=True)
class _Form:
    """An expression without casts, and what it is made of where it may be the page: the owner of a member, the branches of a
    choice, or a call and its first argument."""

    text: str
    owner: str = ""
    branches: tuple[str, ...] = ()
    callee: str = ""
    argument: str = ""


@lru_cache(maxsize=1 << 14)
def _form(text: str) -> _Form:
    text = text.strip()
    while text.startswith("(") and (cast := _POINTER_CAST.match(text)):
        text = text[cast.end() :]
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    if member := re.fullmatch(r"&\(?(\w+)\)?->(?:page|lru|folio)", text):
        return _Form(text, owner=member[1])
    if either := _EITHER.fullmatch(text):
        return _Form(text, branches=either.groups())
    if choice := re.fullmatch(r".+?\? ?(.+?) ?: ?(.+)", text):
        return _Form(text, branches=choice.groups())
    if call := re.fullmatch(r"(\w+) ?\((.*)\)", text):
        return _Form(text, callee=call[1], argument=first_argument(call[2]))
    return _Form(text)


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
            break
        names |= more
    return frozenset(names | {place for one in names if (place := _found_in(graph, one))})


def _found_in(graph: Graph, name: str) -> str:
    """The place in which a variable was found, `old = ctxt->bh;`, where the function sets neither anew, and calls something by
    that name too; "" for none."""
    sets: dict[str, list[Assignment]] = {}
    for one in graph.assignments():
        sets.setdefault(one.left, []).append(one)
    every = sets.get(name, [])
    place = every[0].right if len(every) == 1 and every[0].operator == "=" else ""
    found = _MEMBER.fullmatch(place)
    if found is None or place in sets or not any(place in call.arguments for call in graph.calls()):
        return ""
    given = any(one.name == found[1] for one in graph.parameters)
    return place if len(sets.get(found[1], [])) == (0 if given else 1) else ""


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
    other = re.compile(rf"[^{{]+?\? ?(?:.+? ?)?: ?.+|(?:{part}) ?\(.*, ?[^0].*\)")
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


def lent(arguments: Iterable[str], names: Collection[str]) -> bool:
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
            if text.startswith("&") and "." in bare and name.startswith(f"{bare}."):  # `&walk.at` for `walk.at.bh`
                found.append(Given(position, f"->{name.removeprefix(f'{bare}.')}"))
                continue
            match = _REACHED.fullmatch(name)
            if not match or bare != match[1] or (match[2].startswith(".") and not text.startswith("&")):
                continue
            reach = f"->{match[2][1:]}" if match[2].startswith(".") else match[2]
            found.append(Given(position, reach))
    return found


#: A list of values, be it with the type of what is made of them: `*out = (struct place){ .dentry = dentry }`.
_LITERAL = re.compile(r"(?:\((?:const )?(?:struct|union) \w+\) ?)?\{")


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
    if _LITERAL.match(right):
        return any(
            word in names
            for word in re.findall(r"(?:=|[{,])\s*(?:&\s*)?(\w+)(?=\s*(?:[,}]|->(?:page|lru)\s*[,}]))", right)
        )
    if _IDENTIFIER.fullmatch(assignment.left):
        return False
    tagged = bool(vocabulary.counts) and _is_tagged(
        right, names
    )  # who has it as a number may put it; he does not unlock it
    return assignment.operator == "=" and (tagged or is_alias(right, names, vocabulary))


def _is_tagged(text: str, names: Collection[str]) -> bool:
    """Whether an expression is the page as a number, be it with a mark beside it: `link | (unsigned long)page`, and no part of
    that number, `(unsigned long)page & MASK`."""
    return " & " not in text and any(name in names for name in _NUMBER.findall(text))
