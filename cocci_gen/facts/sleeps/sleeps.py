"""A function in a setting -> the calls that it must not reach there, each with its shortest chain.

The closure is driven by demand and remembered.  A name is not enough: the gfp mask of an allocation, an argument that selects
a branch, a guard that ends the path and a lock that is dropped first all decide.  What is not seen is never entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.texts.expressions import evaluate
from cocci_gen.code.texts.values import Function, Number, Unknown, Value, gfp_sleeps, truth
from cocci_gen.facts.sleeps.sleep_chains import Chain, Forbidden, Link, Reach, Setting, Test
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.facts.walks.sleep_flow import Bindings, Flow, Unpinned, bind
from cocci_gen.facts.walks.sleep_words import SleepWords
from cocci_gen.facts.walks.unpinned import Looks, absent_looks, looks, unpinned_names

#: Functions entered below the method; the deepest true chain of 6.1 (afs ->map_pages) needs three.
DEPTH = 5
#: Definitions of one name, or implementations of one method, that are looked at; more of them prove nothing.
FEW = 3
#: What an argument looks like that is a gfp mask.
_MASK = re.compile(r"gfp|flags|mask|GFP_")


class CallChains:
    """The closure over one index in one setting."""

    def __init__(self, index: KernelIndex, words: SleepWords, setting: Setting) -> None:
        self.index = index
        self.words = words
        self.setting = setting
        guards: dict[str, Value] = dict(words.atomic)
        guards |= words.interrupt if setting.interrupt else {}
        if setting.directory:
            guards |= {"S_ISDIR()": _ONE, "S_ISREG()": _ZERO, "S_ISLNK()": _ZERO}
        self.guards: Mapping[str, Value] = guards
        self._known: dict[tuple[Definition, Bindings], tuple[int, Chain | None]] = {}
        self._flows: dict[tuple[Definition, Bindings], Flow] = {}
        self._words_of: dict[Definition, frozenset[str]] = {}
        self._open: set[tuple[Definition, Bindings]] = set()
        self._lines: dict[str, list[bytes]] = {}
        self._looks = Looks(index, words)

    def reaches(self, graph: Graph, path: str, bindings: Bindings) -> tuple[Reach, ...]:
        """Every call in a function of the file `path` through which it reaches what is forbidden, in the order of the nodes."""
        return self.reached_from(self.flow(graph, bindings), path, range(len(graph.nodes)))

    def flow(self, graph: Graph, bindings: Bindings) -> Flow:
        """A function in this setting."""
        return Flow(graph, bindings, self.guards, self.words)

    def reached_from(self, flow: Flow, path: str, nodes: Iterable[int], deepest: int = DEPTH) -> tuple[Reach, ...]:
        """The same of the calls in some nodes, so many functions deep."""
        found = []
        for number in nodes:
            if not flow.may_reach(number):
                continue
            for call in self._calls(flow, number):
                reach = next(
                    filter(None, (self._reach(flow, path, number, call, depth) for depth in range(deepest + 1))), None
                )
                if reach is not None:
                    found.append(reach)
        return tuple(found)

    def _reach(self, flow: Flow, path: str, number: int, call: Call, depth: int) -> Reach | None:
        """The call, if it leads to what is forbidden within `depth` further functions and can be reached."""
        chain = self._call_chain(flow, path, number, call, depth)
        if chain is None or _not_evaluated(flow, number, call):
            return None
        way = flow.path(number, self._mask_variable(flow, number, call))
        if isinstance(way, NoPath) and way.exhausted:
            return None
        if isinstance(way, NoPath):
            first = replace(
                chain.links[0], doubt=chain.links[0].doubt or f"{flow.graph.name}() has too many paths to search"
            )
        else:
            first = replace(chain.links[0], tests=undecided(flow, way), nested=self._nested(path, call.line))
        return Reach(number, call, Chain((first, *chain.links[1:]), chain.why), way)

    def chain(self, definition: Definition, bindings: Bindings, depth: int) -> Chain | None:
        """The shortest chain from a function that is given `bindings`, at most `depth` functions long."""
        key = (definition, bindings)
        searched, known = self._known.get(key, (-1, None))
        if known is not None:
            return known if len(known.links) <= depth else None
        if searched >= depth or key in self._open or depth <= 0:
            return None
        self._open.add(key)
        found = None
        for shorter in range(max(searched, 0), depth):
            found = self._search(key, shorter)
            if found is not None:
                break
        self._open.discard(key)
        self._known[key] = (depth, found)
        return found

    def _search(self, key: tuple[Definition, Bindings], depth: int) -> Chain | None:
        flow = self._flow(key)
        if flow is None:
            return None
        path = key[0].path
        for number, node in enumerate(flow.graph.nodes):
            if not node.text or not flow.may_reach(number):
                continue
            for call in self._calls(flow, number):
                reach = self._reach(flow, path, number, call, depth)
                if reach is not None:
                    return reach.chain
        return None

    def _calls(self, flow: Flow, number: int) -> Iterable[Call]:
        """The calls of a node, and in rcu-walk what it reads of dentries."""
        node = flow.graph.nodes[number]
        if self.setting.forbidden is not Forbidden.UNPINNED:
            return node.calls
        return (*node.calls, *dict.fromkeys((*looks(node), *absent_looks(flow, number))))

    def _flow(self, key: tuple[Definition, Bindings]) -> Flow | None:
        if key not in self._flows:
            graph = self.index.graph(key[0])
            if graph is None:
                return None
            self._flows[key] = Flow(graph, key[1], self.guards, self.words)
        return self._flows[key]

    def _nested(self, path: str, line: int) -> bool:
        """Whether a line is indented by more than one tab: the coding style makes that a block inside the function."""
        if path not in self._lines:
            self._lines[path] = self.index.text(path).split(b"\n")
        lines = self._lines[path]
        return line <= len(lines) and lines[line - 1].startswith((b"\t\t", b"\t    "))

    # One call.

    def _call_chain(self, flow: Flow, path: str, number: int, call: Call, depth: int) -> Chain | None:
        if call.direct and any(parameter.name == call.callee for parameter in flow.graph.parameters):
            handed = flow.known(number).get(call.callee)
            if not isinstance(handed, Function) or depth <= 0:
                return None
            return self._below(flow, handed.path, number, replace(call, callee=handed.name), depth)
        if (
            call.direct
            and (self._is_cut(call.callee, path) or call.callee in self.words.releases)
            and not self._named(call.callee)
        ):
            return None
        why = self._forbidden(flow, path, number, call)
        if why is not None:
            doubt = (
                self._holder(flow, path, call) if flow.graph.whole else f"a part of {flow.graph.name}() did not parse"
            )
            return Chain((Link(flow.graph.name, call.callee, path, call.line, doubt),), why) if why else None
        if depth <= 0:
            return None
        return self._below(flow, path, number, call, depth)

    def _is_cut(self, name: str, path: str) -> bool:
        """Whether what is behind a call is never entered: the words speak of the core, not of what a file calls alike itself."""
        if not self.words.cuts.why(name):
            return False
        own = self.index.definitions_in(name, folder_of(path))
        return not any(one.path == path and one.span.static for one in own)

    def _named(self, name: str) -> str:
        if self.setting.forbidden is Forbidden.UNPINNED:
            return ""
        if self.setting.forbidden is Forbidden.SLEEP:
            return self.words.sleeps.why(name)
        return self.words.enables.why(name) or self.words.plain.why(name)

    def _forbidden(self, flow: Flow, path: str, number: int, call: Call) -> str | None:
        """Why a call is forbidden; "" when it certainly is not, None when its inside decides."""
        if self.setting.forbidden is Forbidden.UNPINNED:
            return self._unpinned(flow, path, number, call) or None
        if not call.direct:
            return None
        name = call.callee
        if self._named(name):
            return self._named(name)
        if self.setting.forbidden is Forbidden.INTERRUPTS:
            return "" if self.words.sleeps.why(name) or self.words.allocates.why(name) else None
        if name == "might_sleep_if":
            found = truth(evaluate(", ".join(call.arguments), flow.known(number)))
            sure = found or not any(re.search(r"gfp|flags|mask", argument) for argument in call.arguments)
            return "says itself that it may sleep" if found is not False and sure else ""
        if self.index.names_no_gfp(name) and not any(_MASK.search(argument) for argument in call.arguments):
            return "allocates with GFP_KERNEL, which it does not name"
        if self.words.allocates.why(name):
            return self._allocation(flow, number, call)
        return None

    def _unpinned(self, flow: Flow, path: str, number: int, call: Call) -> str:
        """Why a call, or a look at a dentry, is wrong where nobody holds it."""
        plain = bool(self.words.parent.why(call.callee))
        if not call.direct and call in flow.graph.nodes[number].calls:
            return ""
        if not call.direct or plain or self.words.once.why(call.callee):
            return self._looks.breach(flow, path, number, call, plain=plain)
        return self._looks.pins(flow, call) if self.words.pins.why(call.callee) else ""

    def _holder(self, flow: Flow, path: str, call: Call) -> str:
        """What is not sure about a look at a dentry that a function found in private data."""
        finder = self._looks.finder(flow.graph, path, call) if self.setting.forbidden is Forbidden.UNPINNED else ""
        return f"who holds the dentry that {finder}() finds is not looked for" if finder else ""

    def _allocation(self, flow: Flow, number: int, call: Call) -> str | None:
        for argument in reversed(call.arguments):
            value = evaluate(argument, flow.known(number))
            if isinstance(value, Unknown) and _is_mask_variable(flow, argument):
                return f"{self.words.allocates.why(call.callee)} ({argument})"
            found = gfp_sleeps(value)
            if found is not None and re.search(r"GFP_|\b[a-z_]*(gfp|flags|mask)\w*\b", argument):
                return f"{self.words.allocates.why(call.callee)} ({argument})" if found else ""
        if any(_MASK.search(argument) for argument in call.arguments):
            return ""
        return None

    def _mask_variable(self, flow: Flow, number: int, call: Call) -> str:
        """The local variable that holds the mask of an allocation, when it is assigned more than once."""
        if self.setting.forbidden is not Forbidden.SLEEP or not self.words.allocates.why(call.callee):
            return ""
        known = flow.known(number)
        return next(
            (a for a in call.arguments if _is_mask_variable(flow, a) and isinstance(evaluate(a, known), Unknown)), ""
        )

    def _below(self, flow: Flow, path: str, number: int, call: Call, depth: int) -> Chain | None:
        definitions, doubt = self._callees(path, call)
        if not definitions and call.direct and not doubt and self.setting.forbidden is not Forbidden.UNPINNED:
            return self._in_macro(flow, path, number, call, depth)
        known = flow.known(number)
        for definition in definitions:
            graph = self.index.graph(definition)
            if graph is None:
                continue
            relevant = self._relevant(definition, graph)
            names = [p.name if p.name in relevant else "" for p in graph.parameters]
            bindings = bind(names, call.arguments, known) | self._handed(flow, path, names, call)
            if self.setting.forbidden is Forbidden.UNPINNED:
                bindings |= _nobodys(names, call, unpinned_names(flow))
            below = self.chain(definition, bindings, depth)
            if below is not None:
                said = doubt or ("" if flow.graph.whole else f"a part of {flow.graph.name}() did not parse")
                return Chain((Link(flow.graph.name, definition.name, path, call.line, said), *below.links), below.why)
        return None

    def _in_macro(self, flow: Flow, path: str, number: int, call: Call, depth: int) -> Chain | None:
        """The chain of what is no function but a macro that the file sees: `for_each_held(box)` locks in the head of its loop."""
        macro = macros_of(self.index).of(call.callee, path)
        if macro is None or self.index.definitions(call.callee):
            return None
        names = [parameter.name for parameter in macro.graph.parameters]
        inner = Flow(macro.graph, bind(names, call.arguments, flow.known(number)), self.guards, self.words)
        for at in range(len(macro.graph.nodes)):
            for one in macro.graph.nodes[at].calls if inner.may_reach(at) else ():
                reach = self._reach(inner, macro.path, at, one, depth - 1) if one.callee != call.callee else None
                if reach is not None:
                    said = "" if flow.graph.whole else f"a part of {flow.graph.name}() did not parse"
                    link = Link(flow.graph.name, call.callee, path, call.line, said)
                    return Chain((link, *reach.chain.links), reach.chain.why)
        return None

    def _handed(self, flow: Flow, path: str, names: list[str], call: Call) -> Bindings:
        """The functions that a call hands over, by the parameter that takes each."""
        own = {parameter.name for parameter in flow.graph.parameters} | {a.left for a in flow.graph.assignments()}
        return frozenset(
            (name, Function(argument, path))
            for name, argument in zip(names, call.arguments, strict=False)
            if name
            and re.fullmatch(r"[a-z_]\w*", argument)
            and argument not in own
            and self.index.resolve(argument, path)
        )

    def _callees(self, path: str, call: Call) -> tuple[tuple[Definition, ...], str]:
        """The definitions that a call may mean, and what is doubtful about that."""
        if call.direct:
            definitions = self.index.resolve(call.callee, path)
            if len(definitions) > FEW:
                return (), ""
            return definitions, f"{call.callee}() has {len(definitions)} definitions in this tree" if len(
                definitions
            ) > 1 else ""
        match = re.search(r"(?:->|\.)(\w+)$", call.callee)
        method = match.group(1) if match else ""
        entries = self.index.tabled_in(method, folder_of(path)) or self.index.tabled(method, FEW)
        names = dict.fromkeys((entry.function, entry.path) for entry in entries)
        if not method or not names or len(names) > FEW or len({entry.struct for entry in entries}) > 1:
            return (), ""
        found = tuple(dict.fromkeys(d for name, place in names for d in self.index.resolve(name, place)[:FEW]))
        return found, f"the pointer {call.callee} is taken for {' or '.join(sorted({d.name for d in found}))}()"

    def _relevant(self, definition: Definition, graph: Graph) -> frozenset[str]:
        """The words of a function's code: a parameter that is not among them decides nothing."""
        if definition not in self._words_of:
            self._words_of[definition] = frozenset(
                word for node in graph.nodes for word in re.findall(r"[A-Za-z_]\w*", node.text)
            )
        return self._words_of[definition]


def undecided(flow: Flow, way: Path) -> tuple[Test, ...]:
    """The tests on a way that the bindings do not decide and on which its end depends, in order."""
    found, last = [], {way.nodes[-1]}
    for decision in way.decisions:
        node = flow.graph.nodes[decision.node]
        if 1 not in flow.graph.behind((decision.node,), last):
            continue  # whatever the test says, every way comes to the end of this one
        if truth(evaluate(node.text, flow.known(decision.node))) is None:
            found.append(
                Test(node.text, decision.label, node.line, _correlation(flow, node.text), node.kind == "switch")
            )
    return tuple(found)


def _correlation(flow: Flow, text: str) -> str:
    """Why a test probably has the other outcome when the bindings hold: it asks what a call has filled in on a branch that they
    exclude, or what a callee returned that was told of them."""
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    bound = {name for name, _ in flow.bindings}
    if not bound:
        return ""
    for number, node in enumerate(flow.graph.nodes):
        for call in node.calls:
            filled = {argument[1:] for argument in call.arguments if argument.startswith("&")} & words
            if filled and f"{call.callee}(" not in text and not flow.may_reach(number):
                return f"{call.callee}() fills `{filled.pop()}`, and does not run here"
            if filled and f"{call.callee}(" not in text and bound & set(call.arguments):
                return f"{call.callee}() fills `{filled.pop()}`, and is told what the caller wants"
        for assignment in node.assignments:
            pointer = text in (assignment.left, f"IS_ERR({assignment.left})", f"IS_ERR_OR_NULL({assignment.left})")
            told = any(set(re.findall(r"\w+", argument)) & bound for call in node.calls for argument in call.arguments)
            if (
                pointer
                and told
                and assignment.left not in bound
                and any(assignment.right.startswith(f"{c.callee}(") for c in node.calls)
            ):
                return f"`{assignment.left}` comes from a call that is told of the mode"
    return ""


def _nobodys(names: list[str], call: Call, unpinned: frozenset[str]) -> Bindings:
    """The parameters of a callee that get a dentry which nobody holds."""
    return frozenset(
        (name, Unpinned())
        for name, argument in zip(names, call.arguments, strict=False)
        if name and argument.removesuffix("->d_parent") in unpinned
    )


def _is_mask_variable(flow: Flow, name: str) -> bool:
    return re.fullmatch(r"[a-z_]\w*", name) is not None and any(
        a.left == name and a.operator == "=" and "GFP_" in a.right for a in flow.graph.assignments()
    )


def _not_evaluated(flow: Flow, number: int, call: Call) -> bool:
    """Whether the call stands in the branch of `? :`, or behind `&&` or `||`, that is certainly not evaluated."""
    text = flow.graph.nodes[number].text
    match = re.match(r"(?:return |\w[\w>.-]* = )?(?P<test>[^?]+)\?(?P<yes>[^:]+):(?P<no>.+?);?$", text)
    if match is None or "?" in match["no"] or "?" in match["yes"]:
        return False
    found = truth(evaluate(match["test"], flow.known(number)))
    if found is None:
        return False
    name = f"{call.callee}("
    dead, live = (match["no"], match["yes"]) if found else (match["yes"], match["no"])
    return name in dead and name not in live and name not in match["test"]


_ONE, _ZERO = Number(1), Number(0)
