"""A path to an exit -> the reasons to be less than sure that it breaks the rule.

What each reason allows was settled on every finding of 6.1 and 6.12 (corpus/linux-*.toml): where other paths hand the page on,
or a call may find it again, none of the findings was true.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from cocci_gen.code.graphs.control_flow import Call, Node
from cocci_gen.code.graphs.warned import never_null, warns_always
from cocci_gen.code.searches.paths import Decision, Path
from cocci_gen.code.texts.wrappers import wrappers
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import is_alias
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.findings.findings import Confidence, Doubt
from cocci_gen.kinds.exits.unread import general
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.page_words import page_words

#: Conditions under which a file system drops data on purpose: nobody takes a patch for that (judgement.md).
_SHUTDOWN = re.compile(
    r"shutdown|cp_error|withdraw|aborted|emergency_ro|sb_rdonly|is_dead|fs_error|has_errors|drop", re.IGNORECASE
)
_BUFFERS = re.compile(
    r"\b(?:page_buffers|folio_buffers|create_empty_buffers|folio_create_buffers|create_page_buffers|folio_create_empty_buffers)\b"
)
_BUFFER_STATE = re.compile(r"(?:bh_|set_buffer|buffer_|clear_buffer|get_bh|put_bh|brelse)")
_BASE = re.compile(r"\w+")
_MEMBER_OF = re.compile(r"\b(\w+)->")
#: How much of the last page lies within the file.
_REST = re.compile(r"&.*\bPAGE_(?:CACHE_)?(?:SIZE - 1|MASK)|offset_in_(?:page|folio)\(|% ?PAGE_(?:CACHE_)?SIZE")
#: i_size_read() under the name that a module has for it on all its kernels.
_SIZE = re.compile(r"_i_size_read ?\(")
_KEEPS_AWAY = re.compile(
    r"(?:mapping_set_error|filemap_|i_size|mapping_|inode_|pr_|\w*put\b|\w*_put$|\w*free|IS_ERR|PTR_ERR)"
)
_ERROR = re.compile(r"-E[A-Z0-9]+|(?:PTR_ERR|ERR_PTR|ERR_CAST) ?\(.*\)")
#: What ->open leaves for the other methods.
_FILE = re.compile(r"(\w+)->private_data")
_POSITIONS = frozenset({"index", "page_offset", "folio_pos", "offset", "off", "pos", "end_index"})


def doubts(kind: str, duty: PageDuty, number: int, path: Path, others: tuple[Touch, ...]) -> tuple[Doubt, ...]:
    """Every reason to be less than sure of the exit at node `number`, with the level that it allows.

    `others` are the touches that hand the page on or cannot be seen through, wherever they stand in the function.
    """
    found = [*_letter_only(kind, duty, path), *_found_again(duty, path)]
    found += _unlikely(duty, path)
    fails = _fails(duty, number, path)
    if duty.unflushed and not fails:
        found.append((Confidence.LOW, "the file system has no backing device: no flusher thread comes to its pages"))
    if kind == "writeback" and duty.untagged and not fails:
        found.append((Confidence.LOW, "the mapping keeps no tags of dirty pages: none is left on a page that is clean"))
    if not fails or (
        kind == "writeback" and duty.starts
    ):  # a path that fails has handed the page to nobody, unless I/O began
        found += _handed_on(duty, number, path, others)
    if kind == "writeback" or not fails:
        found += _through_buffers(duty)
    if kind == "writeback" and duty.chain and duty.starts:
        found.append((Confidence.LOW, "the caller, or what was started, may end the writeback"))
    elif (
        kind == "writeback"
        and duty.chain
        and not any("release" in touch.marks for touch in duty.touches)
        and "AOP_WRITEPAGE_ACTIVATE" not in duty.graph.nodes[number].text
    ):
        found.append((Confidence.LOW, "the caller unlocks the page, and may know of pages with nothing to write"))
    if duty.keeper:
        found.append(
            (
                Confidence.LOW,
                f"{duty.keeper}() keeps it on other ways to where it returns from here: it may owe the call",
            )
        )
    if _is_placeholder(duty):
        found.append((Confidence.LOW, "the function looks at nothing that it is given: a placeholder"))
    if _warns_of_a_call(duty, path):
        found.append((Confidence.LOW, "the function warns of being called at all"))
    if _warns_of_one(duty, path):
        found.append((Confidence.MODERATE, "the function warns of a page there, which its author holds for impossible"))
    if not duty.graph.whole:
        found.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    return tuple(dict.fromkeys(found))


def _warns_of_one(duty: PageDuty, path: Path) -> bool:
    """Whether a function that takes its pages itself complains on the way that it has one, `WARN_ON(folio != NULL)`."""
    told = {duty.resource_name, f"{duty.resource_name} != NULL"}
    calls = (call for number in path.nodes for call in duty.graph.nodes[number].calls)
    return bool(duty.starts) and any(call.callee in wrappers().warns and call.arguments[0] in told for call in calls)


def _letter_only(kind: str, duty: PageDuty, path: Path) -> list[Doubt]:
    """Breaches of the letter that kernel practice lives with."""
    graph = duty.graph
    found = [(Confidence.LOW, why) for why in excuses(kind, duty, path).values()]
    if kind == "writeback" and does_to_it(duty, path, page_words().cleans):
        found.append((Confidence.LOW, "the path clears the dirty bit on purpose"))
    if (
        kind == "writeback"
        and does_to_it(duty, path, page_words().voids)
        and graph.nodes[path.nodes[-1]].returned == "0"
    ):
        found.append((Confidence.LOW, "the path declares the contents void and succeeds: they were truncated"))
    return found


def does_to_it(duty: PageDuty, path: Path, names: Collection[str]) -> bool:
    """Whether one of some calls is made on a path for the page that is owed, not for that of a file below."""
    calls = (call for step in path.nodes for call in duty.graph.nodes[step].calls if call.callee in names)
    return any(is_alias(text, duty.aliases, call_vocabulary()) for call in calls for text in call.arguments)


def excuses(kind: str, duty: PageDuty, path: Path) -> dict[Decision, str]:
    """The branches of a path for which kernel practice excuses the breach, and why: one that comes by none of them is worse."""
    graph = duty.graph
    tests = [decision for decision in path.decisions if decision.label in ("true", "false")]
    found: dict[Decision, str] = {}
    for decision in tests:
        test = graph.nodes[decision.node]
        if kind == "unlocks" and _asks_whose(duty, test, decision.label):
            found[decision] = f"`{test.text}` is asked whether the page is another's to unlock"
        if (place := _failed(test.text, decision.label)) in duty.surely and _just_given(duty, decision.node, place):
            found[decision] = f"`{test.text}`: the call that it comes from warns when it fails, and would at every try"
        if (opened := _FILE.fullmatch(_failed(test.text, decision.label))) and _is_file(duty, opened[1]):
            found[decision] = f"`{test.text}`: it is set when the file is opened"
        if kind == "writeback" and decision.label == "true" and _SHUTDOWN.search(test.text):
            found[decision] = f"`{test.text}`: the file system drops the data on purpose"
    for at, decision in enumerate(tests):
        leaves = decision is tests[-1] or _leaves(duty, path, decision)
        if kind == "writeback" and leaves and _beyond_end(duty, [graph.nodes[one.node] for one in tests[: at + 1]]):
            found[decision] = "the page lies beyond the end of the file; dropping it is what generic code does too"
    for decision in tests[-1:]:
        test = graph.nodes[decision.node]
        if decision.label == "false" and (called := never_null(graph, test.text)):
            found[decision] = f"`{test.text}` comes from {called}(), which does not fail"
    return found


def _failed(text: str, label: str) -> str:
    """The place that a branch finds empty, or an error; "" for any other test."""
    found = re.fullmatch(r"(?:IS_ERR(?:_OR_NULL)? ?\()?([\w>.-]+?)\)?(?: == NULL)?", text)
    plain = found is not None and found[1] == text
    return found[1] if found and (label == "false") == plain else ""


def _just_given(duty: PageDuty, number: int, place: str) -> bool:
    """Whether a test stands right behind the call that filled a place."""
    before = (duty.graph.nodes[ahead] for ahead in duty.graph.ahead_of(number))
    return any(one.left == place for node in before for one in node.assignments)


def _is_file(duty: PageDuty, name: str) -> bool:
    """Whether a parameter is the file that a method is called for."""
    return any(one.name == name and one.type == "struct file *" for one in duty.graph.parameters)


def _is_placeholder(duty: PageDuty) -> bool:
    """Whether a function only calls something without a look at its parameters, as the table of a debug build has them."""
    names = {parameter.name for parameter in duty.graph.parameters}
    asks = any(node.kind == "condition" and node.text not in ("0", "1") for node in duty.graph.nodes)
    return bool(duty.graph.calls()) and not asks and not any(names & _words(node.text) for node in duty.graph.nodes)


def _unlikely(duty: PageDuty, path: Path) -> list[Doubt]:
    """What the last branch of a path asks for a page that may never come so far."""
    found: list[Doubt] = []
    for decision in path.decisions[-1:]:
        text = duty.graph.nodes[decision.node].text
        if (general(duty.graph, text), decision.label) in duty.unread:
            found.append((Confidence.MODERATE, f"`{text}`: no such page is ever read, so hardly one gets dirty"))
        if _of_caller(duty) & set(_MEMBER_OF.findall(text)):
            found.append((Confidence.MODERATE, f"`{text}`: that is for who hands the pages out to say"))
    return found


def _given_along(duty: PageDuty) -> set[str]:
    """The parameter in which a callback is given something beside the page."""
    return {one.name for one in duty.graph.parameters if one.type == "void *" and one.name}


def _of_caller(duty: PageDuty) -> set[str]:
    """That parameter, and the names which it has in the function."""
    handed = _given_along(duty)
    return handed | {one.left for one in duty.graph.assignments() if one.right in handed}


def _warns_of_a_call(duty: PageDuty, path: Path) -> bool:
    """Whether nothing but a count of calls stands between the entry of a function and a warning that does not ask: its table
    needs an entry, and nobody is meant to come by it."""
    tests = [duty.graph.nodes[decision.node].text for decision in path.decisions]
    return any(map(warns_always, duty.graph.calls())) and all("++" in text for text in tests)


def _leaves(duty: PageDuty, path: Path, decision: Decision) -> bool:
    """Whether a path jumps to an exit right behind a branch."""
    behind = path.nodes[path.nodes.index(decision.node) + 1 :][:1]
    return any(duty.graph.nodes[number].text.startswith("goto ") for number in behind)


def _asks_whose(duty: PageDuty, test: Node, label: str) -> bool:
    """Whether a test of the page itself guards its unlock, and the branch is the one without."""
    text = test.text
    for assignment in test.assignments:  # `(err = read(page)) != 0` asks how the reading went
        text = text.replace(assignment.right, "")
    asked = [call for call in test.calls if call.callee not in _POSITIONS and call.callee in text]
    given = any(is_alias(text, duty.aliases, call_vocabulary()) for call in asked for text in call.arguments)
    others = {number for number, other in test.successors if other != label}
    return given and any(touch.node in others and touch.marks == {"release"} for touch in duty.touches)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _beyond_end(duty: PageDuty, tests: list[Node]) -> bool:
    """Whether the last test compares a position in the file with something that comes from its size, or looks at the rest of
    that size behind one that does: `index == last && !rest`."""
    test, before = tests[-1], tests[-2] if len(tests) > 1 else None
    if _compares_sizes(duty, test):
        return True
    rest = {a.left for a in duty.graph.assignments() if _REST.search(a.right)}
    return before is not None and _compares_sizes(duty, before) and bool(_words(test.text) & rest)


def _compares_sizes(duty: PageDuty, test: Node) -> bool:
    sizes = {"i_size", "i_size_read"}
    for assignment in duty.graph.assignments() * 2:
        if _words(assignment.right) & sizes or _SIZE.search(assignment.right):
            sizes.add(assignment.left)
    return bool(_words(test.text) & sizes) and bool(_words(test.text) & _POSITIONS)


def _handed_on(duty: PageDuty, number: int, path: Path, others: tuple[Touch, ...]) -> list[Doubt]:
    """The last return, or one of success behind a counter, of a function whose other paths hand the page on."""
    returns = [node.line for node in duty.graph.nodes if node.kind == "return"]
    succeeds = bool(duty.starts) and _returned(duty, number, path) == "0"
    if others and (succeeds or duty.graph.nodes[number].line == max(returns)):
        return [
            (
                Confidence.LOW,
                f"this is no early error, and elsewhere the page is handed on (line {others[0].line}: {others[0].note})",
            )
        ]
    return []


def _fails(duty: PageDuty, number: int, path: Path) -> bool:
    """Whether the path returns an error code, or a variable that was last given one on it."""
    return _ERROR.fullmatch(_returned(duty, number, path)) is not None


def _returned(duty: PageDuty, number: int, path: Path) -> str:
    """What the path returns: as written there, or what a variable was last given on it."""
    value = duty.graph.nodes[number].returned
    for step in reversed(path.nodes):
        given = [a.right for a in duty.graph.nodes[step].assignments if a.left == value and a.operator == "="]
        if given:
            return given[-1]
    return value


def _found_again(duty: PageDuty, path: Path) -> list[Doubt]:
    """Calls on the path that may reach the page without being given it: by its mapping, or by private data that holds it."""
    owners = {*duty.aliases, *(parameter.name for parameter in duty.graph.parameters)}
    names = _locators(duty) | {f"{name}->mapping" for name in owners}
    # A function that takes its pages itself may have started their I/O before.
    calls = (
        duty.graph.calls() if duty.starts else [call for step in path.nodes for call in duty.graph.nodes[step].calls]
    )
    return [
        (
            Confidence.LOW,
            f"{call.callee}() at line {call.line} may find the page by `{min(names & _argument_words(call))}`",
        )
        for call in calls
        if names & _argument_words(call)
        and not _KEEPS_AWAY.match(call.callee)
        and not call_vocabulary().is_neutral(call.callee)
    ]


def _argument_words(call: Call) -> set[str]:
    return {word for argument in call.arguments for word in (*_words(argument), argument)}


def _locators(duty: PageDuty) -> set[str]:
    """Names by which the page can be found again: its mapping, requests made from it, and what `void *` brings in."""
    names = {"folio_mapping", "page_mapping", "page_file_mapping", "folio_file_mapping"}
    for assignment in duty.graph.assignments() * 2:
        if assignment.right.startswith(("PTR_ERR", "IS_ERR")) or "->host" in assignment.right:
            continue
        if re.fullmatch(r"\w+->mapping", assignment.right) or _words(assignment.right) & names:
            names.add(assignment.left)
    return names | _given_along(duty)


def _through_buffers(duty: PageDuty) -> list[Doubt]:
    """Buffers of the page that go to a call: a journal may write them, and what reads them unlocks the page in the end."""
    buffers = {a.left for a in duty.graph.assignments() if _BUFFERS.search(a.right)} - duty.aliases
    for assignment in duty.graph.assignments() * 3 if buffers else ():  # bh, then arr[nr] = bh, then tbh = arr[i]
        base, value = _BASE.match(assignment.left), _BASE.match(assignment.right)
        if base and value and value[0] in buffers and "->" not in assignment.left:
            buffers.add(base[0])
    return [
        (Confidence.LOW, f"the buffers of the page go to {call.callee}() at line {call.line}")
        for call in duty.graph.calls()
        if _argument_words(call) & buffers and not _BUFFER_STATE.match(call.callee)
    ]
