"""Finding -> FindingWords.

What a finding says in English: facts only, each from the finding itself or from the text of its file.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.findings.findings import (
    ALSO_HERE,
    EVERY_WAY,
    FOR_GOOD,
    Breach,
    Edit,
    Finding,
    Fix,
    Step,
    apply_edits,
    split_lines,
)
from cocci_gen.series.plans import PatchPlan
from cocci_gen.series.words import notes
from cocci_gen.series.words.causes import any_of, is_failure, without_parts
from cocci_gen.series.words.condition import condition_words, jump_words
from cocci_gen.series.words.rule_book import RuleBook, RuleWords, indented

_COLUMNS = 72
#: A wait that only a fatal signal ends.
_KILLABLE = re.compile(r"_killable\(|\bTASK_KILLABLE\b|\bfatal_signal_pending\(")
_NO_CALL = frozenset({"if", "while", "for", "switch", "return", "sizeof", "else", "do", "goto", "likely", "unlikely"})


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding in words; `result` and `when` are empty where they are not known, `causes` are the conditions of all exits
    that its fix edits, without the `when`.

    `tells` says that somebody learns of the failure: an error goes up, or the function sets one in the page or its mapping.
    With `killable` the path is taken only when a fatal signal is pending. `cleaner` has cleared the dirty flag; with
    `handed_out` it is a loop that does so for each page, and `retried` says that such a loop is run again for -ENOMEM.
    `left_out` are the calls that the good way makes and this one does not, `value` is what is returned, perhaps by a
    variable; `precedent` is a function of the tree that does what the fix does and the wait after which it does so, `later`
    says what writeback does with a page that was not prepared, `signalled` is a call that may fail for a signal, `variable`
    holds what is returned, `dead` is a test that never holds behind which the fix changes the same code, `stays` says which
    ways the fix leaves and why, `dropped` why the data is not kept, `undone` is a ->kill_sb and what it leaves to this
    exit, `repeated` tells that other exits may return the `result` too, `last` that no return stands behind it, `leaks` the
    call whose reference the fix gives back as well, `failures` are the functions that fail, on how many exits, and how often
    they are called; `label` is the one that the exit stands behind.
    """

    function: str
    method: str
    file: str
    line: int
    resource: str
    exits: str
    result: str
    when: str
    tells: bool
    killable: bool
    rules: tuple[RuleWords, ...]
    message: str
    causes: tuple[str, ...] = ()
    cleaner: str = ""
    handed_out: bool = False
    retried: bool = False
    left_out: tuple[str, ...] = ()
    value: str = ""
    precedent: tuple[str, str] = ("", "")
    later: str = ""
    signalled: str = ""
    variable: str = ""
    dead: str = ""
    stays: tuple[tuple[str, str], ...] = ()
    dropped: str = ""
    undone: tuple[str, str] = ("", "")
    repeated: bool = False
    last: bool = False
    leaks: str = ""
    taker: str = ""
    failures: tuple[tuple[str, int, int], ...] = ()
    label: str = ""

    @property
    def refused(self) -> bool:
        """Whether the page is refused for good."""
        return self.result in FOR_GOOD

    @property
    def rule(self) -> RuleWords:
        """The place that the obligation was read from."""
        return self.rules[0]


def words_of(finding: Finding, base: bytes, book: RuleBook) -> FindingWords:
    """A finding, the text of its file and the rules -> its words."""
    breach, obligation = finding.breach, finding.obligation
    exits, result = _known(breach) or _exit(breach.statement, finding.line, base)
    when = condition_words(breach, finding.line, base) or _jumped(finding, base)
    when = "" if any(step.note == EVERY_WAY for step in finding.evidence) else when
    when = re.sub(rf"(?<=\(\)) returns {re.escape(result)}$", " does", when) if result else when
    others = (jump_words(step.line, base) for step in finding.evidence if step.note == ALSO_HERE)
    every = [_kept(finding, said.removeprefix(" when ")) for said in (when, *others) if said]
    causes = without_parts(dict.fromkeys(every))
    cleaner = _cleaner(finding)
    failed = bool(causes) and all(map(is_failure, causes))
    if failed and re.fullmatch(r"return \(?[a-z_]\w*\)?;", breach.statement.strip()) and not result:
        exits = "returns an error"  # the name of the variable is no English
    return FindingWords(
        function=finding.function,
        method=obligation.method,
        file=finding.file,
        line=finding.line,
        resource=breach.resource or obligation.resource,
        exits=exits,
        last=b"return" not in _behind(finding, base),
        repeated=bool(result) and _function_text(finding, base).count(f"{result};".encode()) > 1,
        result=result,
        when=when,
        tells=result.startswith("-E") or _sets_error(finding, base, known=bool(result)),
        killable=_KILLABLE.search(breach.condition) is not None,
        rules=book.rules(obligation, breach.missing),
        message=" ".join(finding.message.split()),
        causes=tuple(causes),
        cleaner=cleaner,
        handed_out=cleaner.endswith("()"),
        retried=cleaner.endswith("()") and _may_hand_up(breach.statement, finding.line, base, "-ENOMEM"),
        left_out=tuple(f"{name}()" for name in breach.left_out),
        value=_value(finding) or result,
        precedent=notes.precedent(finding),
        later=notes.later(finding),
        signalled=notes.noted(finding, r"(\w+\(\)) may fail for a signal, as \w+\(\) does with -E[A-Z]+$"),
        variable=breach.resource_name if obligation.kind in ("returns", "gives_back") else "",
        dead=notes.dead(finding),
        stays=tuple(notes.stays(finding, base)),
        undone=notes.undone(finding),
        dropped=notes.dropped(finding),
        leaks=notes.leaks(finding),
        taker=notes.taker(finding) if obligation.kind == "gives_back" else "",
        label=_label(_above(finding, base)),
        failures=tuple(_failures(every, _function_text(finding, base))),
    )


def _failures(causes: Iterable[str], body: bytes) -> Iterator[tuple[str, int, int]]:
    """The functions of which a cause says that they fail, how many say so, and how often the body calls them."""
    failing = Counter(found[1] for cause in causes if (found := re.fullmatch(r"(\w+)\(\) fails", cause)))
    for name, exits in failing.items():
        yield name, exits, len(re.findall(rb"\b" + name.encode() + rb"\s*\(", body))


def fails_elsewhere(findings: Sequence[FindingWords]) -> bool:
    """Whether something that fails on the exits of some findings of one function is called in other places, too."""
    exits, calls = Counter[str](), dict[str, int]()
    for name, here, every in (one for words in findings for one in words.failures):
        exits[name] += here
        calls[name] = every
    return any(calls[name] > exits[name] for name in exits)


def _kept(finding: Finding, cause: str) -> str:
    """`f() fails` for `f() returns non-zero` where the fix keeps what f() returns as an error number."""
    found = re.fullmatch(r"(\w+)\(\) returns non-zero", cause)
    added = b"".join(line for edit in finding.fix.edits for line in edit.new) if isinstance(finding.fix, Fix) else b""
    return f"{found[1]}() fails" if found and f"err = {found[1]}(".encode() in added else cause


def _value(finding: Finding) -> str:
    """What a variable is said to hold where it is returned."""
    found = (re.search(r"and the value is ([A-Z][A-Z0-9_|]*)$", step.note) for step in finding.evidence)
    return next((one[1] for one in found if one), "")


def _jumped(finding: Finding, base: bytes) -> str:
    """The condition of the `goto` that a fix edits, where it edits one."""
    lines = base.split(b"\n")
    for edit in finding.fix.edits if isinstance(finding.fix, Fix) else ():
        for number in range(edit.line, min(edit.line + len(edit.old), len(lines)) + 1):
            if re.match(rb"\s*goto\b", lines[number - 1]):
                return jump_words(number, base)
    return ""


def _cleaner(finding: Finding) -> str:
    """Who has cleared the dirty flag: the loop that hands out the pages, where there is one, else the caller."""
    for registration in finding.registrations:
        if registration.variable.endswith("()"):
            return registration.variable
    if finding.obligation.method == "writepages" and finding.evidence:
        found = re.match(r"(\w+\(\)) hands out|\w+\(\) gives (\w+\(\)) ", finding.evidence[0].note)
        return (found[1] or found[2]) if found else "its caller"
    return "its caller"


def _may_hand_up(statement: str, line: int, base: bytes, code: str) -> bool:
    """Whether an exit returns a code, or a variable that is set to it somewhere above in the function."""
    found = re.match(r"return\s+\(?([-\w]+)", statement.strip())
    if found is None or found[1] == code:
        return found is not None
    lines = base.split(b"\n")[:line]
    starts = [number for number, text in enumerate(lines) if text.startswith(b"{")]
    body = b"\n".join(lines[starts[-1] if starts else 0 :]).decode("utf-8", "surrogateescape")
    return re.search(rf"\b{re.escape(found[1])}\s*=\s*{re.escape(code)}\s*;", body) is not None


def when_words(findings: Sequence[FindingWords]) -> str:
    """The causes of some findings of one function -> ` when f() or g() fails`; nothing where one of them is not known."""
    if not findings or not all(words.causes for words in findings):
        return ""
    return f" when {any_of(list(dict.fromkeys(cause for words in findings for cause in words.causes)))}"


def failure_words(findings: Sequence[FindingWords]) -> str:
    """The same where every cause is a call that fails; nothing where one of them is another test."""
    causes = [cause for words in findings for cause in words.causes]
    return when_words(findings) if all(map(is_failure, causes)) else ""


def _sets_error(finding: Finding, base: bytes, *, known: bool) -> bool:
    """Whether the function of a finding records an error in the page or its mapping somewhere, or returns what a variable
    holds, unless that is `known`: then nobody can say that the failure is silent."""
    statement = finding.breach.statement.strip()
    if not known and re.match(r"return\s+\(?[a-z_]", statement):
        return True
    above = _above(finding, base)
    body = above[_opening(above) :]
    return re.search(rb"\b(?:\w*mapping_set_error|SetPageError|folio_set_error)\s*\(", body) is not None


def _label(above: bytes) -> str:
    """The label that an exit stands behind, with no other exit in between; "" for none."""
    body = above[_opening(above) :].rpartition(b"\n")[0].decode("utf-8", "surrogateescape")
    found = list(re.finditer(r"^ ?([a-z_]\w*):\s*$", body, re.MULTILINE))
    return found[-1][1] if found and "return" not in body[found[-1].end() :] else ""


def _behind(finding: Finding, base: bytes) -> bytes:
    """What stands behind the exit of a finding in its function."""
    return base[len(_above(finding, base)) :].partition(b"\n}")[0]


def _function_text(finding: Finding, base: bytes) -> bytes:
    """The body of the function that a finding is in, by its braces in the first column."""
    above = _above(finding, base)
    end = base.find(b"\n}", len(above))
    return base[_opening(above) : end if end >= 0 else len(base)]


def _above(finding: Finding, base: bytes) -> bytes:
    """The text up to the line of a finding, this included."""
    return b"\n".join(base.split(b"\n")[: finding.line])


def _opening(above: bytes) -> int:
    """Where the body that a text ends in begins, by its brace in the first column."""
    return max(above.rfind(b"\n{"), 0)


def _registered(method: str, variable: str) -> str:
    """`variable` is an operations table, nothing, or a generic function that calls it as it would call the method."""
    if variable.endswith("()"):
        return f"the callback that {variable} calls as ->{method}()"
    return f"->{method}() of {variable}" if variable else f"->{method}()"


def tables(finding: Finding) -> list[str]:
    """The operations tables through which the function of a finding is reached, in words."""
    method = finding.obligation.method
    found = (f"{_registered(method, one.variable)} ({one.file}:{one.line})" for one in finding.registrations)
    return list(dict.fromkeys(found))


def listed(words: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 2 more`."""
    words = list(words)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(things: Sequence[object], one: str, many: str) -> str:
    """The word that fits the number of things."""
    return one if len(things) == 1 else many


def places(findings: Sequence[FindingWords]) -> str:
    """Findings -> an indented list of where each goes wrong."""
    return _listed(dict.fromkeys(f"{words.function}() {words.exits}{words.when}" for words in findings))


def _listed(entries: Iterable[str]) -> str:
    """Entries, indented and filled, one below the other."""
    return "\n".join(
        textwrap.fill(
            entry,
            _COLUMNS,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for entry in entries
    )


def differences(findings: Sequence[FindingWords]) -> str:
    """Findings -> an indented list of their messages."""
    return _listed(words.message for words in findings)


#: A message about a prototype -> what it says of the method, without where it stands.
_ABOUT = (
    (re.compile(r"the prototype of (->\w+\(\)) of struct (\w+) differs from \S+"), "other types"),
    (re.compile(r"the prototype of (->\w+\(\)) of struct (\w+) is no valid C"), "not valid C"),
    (re.compile(r"(->\w+\(\)) of struct (\w+) is not in the structure any more \(\S+\)"), "does not exist any more"),
    (re.compile(r"(->\w+\(\)) of struct (\w+) has a row and no prototype"), "row without prototype"),
)
_GONE = re.compile(r"->(\w+)\(\) of struct \w+ is not in the structure any more")
_MOVED = re.compile(r"(->\w+\(\)) of struct \w+ has (moved to struct \w+) \(\S+\)")


def grouped(findings: Sequence[FindingWords]) -> str:
    """Findings in a document -> an indented list, the methods of which the same is true in one entry, by their structures:
    several structures have an ->open()."""
    found: dict[str, dict[str, list[str]]] = {}
    for words in findings:
        moved = _MOVED.fullmatch(words.message)
        about = next(((says, one) for form, says in _ABOUT if (one := form.fullmatch(words.message))), None)
        if moved:  # what came after the others had moved was never elsewhere: one tree does not tell
            says, struct, method = moved[2].replace("moved to", "belongs to"), "", moved[1]
        elif about:
            says, struct, method = about[0], about[1][2], about[1][1]
        else:
            says, struct, method = words.message, "", ""
        found.setdefault(says, {}).setdefault(struct, []).append(method)
    return _listed(f"{says}: {_by_structure(names)}".removesuffix(": ") for says, names in found.items())


def _by_structure(methods: Mapping[str, Sequence[str]]) -> str:
    """Methods by their structures, `inode_operations ->a(), ->b(); file_operations ->c()`."""
    lists = ((struct, ", ".join(dict.fromkeys(filter(None, names)))) for struct, names in methods.items())
    return "; ".join(f"{struct} {names}".strip() for struct, names in lists)


def new_homes(findings: Sequence[FindingWords]) -> list[str]:
    """The structures that methods have moved to, by the messages of the findings."""
    found = (_MOVED.fullmatch(words.message) for words in findings)
    return list(dict.fromkeys(one[2].removeprefix("moved to struct ") for one in found if one))


def only_moved(findings: Sequence[FindingWords]) -> bool:
    """Whether findings tell of nothing but methods that have moved."""
    return all(_MOVED.fullmatch(words.message) for words in findings)


def mostly_moved(findings: Sequence[FindingWords]) -> bool:
    """Whether half of the findings or more tell of methods that have moved: that is what a subject should say."""
    moved = sum(_MOVED.fullmatch(words.message) is not None for words in findings)
    return 2 * moved >= len(findings)


def said(findings: Sequence[FindingWords], words: str) -> bool:
    """Whether the message of any finding holds these words."""
    return any(words in finding.message for finding in findings)


def evidence(step: Step) -> str:
    """One step of the path as an indented line; the value that a return names itself is not said again."""
    note = re.sub(r"(`return \(?(\w+)\)?;` is reached), and the value is \2$", r"\1", " ".join(step.note.split()))
    return indented(f"{step.file}:{step.line}: {note}")


def path_steps(steps: Sequence[Step]) -> list[Step]:
    """The steps of a path itself: what else the function does to the page is for who judges the finding, not for the list."""
    return [
        step
        for step in steps
        if not re.search(
            r"\]: (?:not passed on this path|no path to this return is known|passed, does not discharge)", step.note
        )
    ]


def smpl_block(text: str) -> str:
    """A semantic patch as it stands in a message: no comments, indented, long lines folded where spatch reads them still."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip() and not line.startswith("//")]
    folded = [part for line in lines for part in _folded(line)]
    return "\n".join(["  // <smpl>", *(f"  {line}" for line in folded), "  // </smpl>"])


def added_calls(plan: PatchPlan) -> tuple[str, ...]:
    """The functions that a patch calls where they were not called before, in order."""
    return _calls([edit for _, edits in plan.edits for edit in edits])


def swapped(plan: PatchPlan) -> tuple[str, str]:
    """The one word that a patch replaces everywhere, and what by, be it that the right one is there once the assignment of the
    wrong one is gone; two empty words for any other patch."""
    pairs: set[tuple[str, str]] = set()
    rights = {name for finding in plan.findings for name in finding.breach.missing}
    for edit in (edit for _, edits in plan.edits for edit in edits):
        texts = [b"".join(lines).decode("utf-8", "surrogateescape") for lines in (edit.old, edit.new)]
        old, new = (re.findall(r"\w+|[^\w\s]", text) for text in texts)
        differ = {pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]}
        if (gone := _dropped(edit)) and len(rights) == 1:
            pairs.add((gone, next(iter(rights))))
        elif any(line.strip() not in (b"", b"}") for line in (*edit.old, *edit.new)):
            pairs |= differ if len(old) == len(new) else {("", "")}
    return pairs.pop() if len(pairs) == 1 else ("", "")


def _dropped(edit: Edit) -> str:
    """The constant whose assignment an edit takes away; "" for another edit."""
    text = b" ".join(edit.old).decode("utf-8", "surrogateescape")
    found = re.findall(r"\b\w+ = ([A-Z][A-Z0-9_]+);", text)
    return found[0] if len(found) == 1 and not any(b"=" in line and b";" in line for line in edit.new) else ""


def drops(plan: PatchPlan) -> bool:
    """Whether all that a patch does is to take assignments away."""
    edits = [edit for _, edits in plan.edits for edit in edits]
    return bool(swapped(plan)[0]) and all(
        _dropped(edit) or not any(line.strip(b" \t\n}") for line in edit.old) for edit in edits
    )


def drops_rows(plan: PatchPlan) -> bool:
    """Whether a patch to a document takes away the row of a method that does not exist any more."""
    gone = {one[1] for finding in plan.findings if (one := _GONE.match(finding.message))}
    kept = {line for _, edits in plan.edits for edit in edits for line in edit.new}
    lost = {line for _, edits in plan.edits for edit in edits for line in edit.old} - kept
    words = (re.match(rb"\s*(\w+):?\s", line) for line in lost)
    return any(word and word[1].decode() in gone for word in words)


def fault_codes(plan: PatchPlan) -> list[str]:
    """The errors that a patch assigns: codes of faults, or what vmf_error() makes."""
    lines = (line.decode("utf-8", "surrogateescape") for _, edits in plan.edits for edit in edits for line in edit.new)
    found = (re.search(r"= (VM_FAULT_(?!NOPAGE)\w+|vmf_error(?=\())", line) for line in lines)
    names = dict.fromkeys(one[1] for one in found if one)
    return [f"what {name}() makes of the error" if name == "vmf_error" else name for name in names]


def left_by_all(findings: Sequence[FindingWords]) -> list[str]:
    """The calls that all of some ways leave out."""
    return [name for name in findings[0].left_out if all(name in words.left_out for words in findings)]


def repair_of(plan: PatchPlan) -> str:
    """Which half of the writeback contract a patch adds: `redirty`, `writeback` (both calls), `end`, or `` for several."""
    calls = added_calls(plan)
    redirties = any("redirty" in call for call in calls)
    writes = [call for call in calls if "writeback" in call and "redirty" not in call]
    if redirties == bool(writes):
        return ""
    if redirties:
        return "redirty"
    return "end" if all("end" in call for call in writes) else "writeback"


def fix_words(plan: PatchPlan) -> str:
    """What a patch does, as one sentence in the imperative."""
    edits = [edit for _, edits in plan.edits for edit in edits]
    undone = {notes.undone(finding)[1] for finding in plan.findings}
    calls = [f"{call}()" for call in _calls(edits) if f"{call}()" not in undone]
    labels = _labels(edits)
    if around := _around(plan) or _around_each(plan):
        return around
    where = plural(plan.findings, "there", "on these exits")
    if all(map(_at_its_return, plan.findings)):
        returns = sorted({finding.line for finding in plan.findings})
        where = plural(returns, "before that return", "before these returns")
    where = _before_jumps(plan) or where
    if calls and labels and (made := _made_labels(edits)):
        return f"Call {listed(calls)} behind a label of their own, {listed(made)}."
    jumped = any(b"goto" in line for edit in edits for line in edit.old)
    jump = f"jump to the label {listed(labels)}{'' if jumped else ' instead of returning'}" if labels else ""
    if calls and jump:
        return f"Call {listed(calls)} and {jump}."
    if jump:
        seen = _behind_labels(plan, labels)
        why = f", where {listed(seen)} {plural(seen, 'is', 'are')} called" if seen else ""
        why += " instead" if jumped and not seen else ""
        return f"{jump[0].upper()}{jump[1:]}{why}."
    return f"Call {listed(calls)} {where}." if calls else "The semantic patch below mends that."


def _before_jumps(plan: PatchPlan) -> str:
    """`before these jumps to out`, where all calls of a patch are put before a jump to one label; nothing else."""
    if len(plan.edits) != 1:
        return ""
    edits = plan.edits[0][1]
    after = apply_edits(plan.files[0].base, edits).split(b"\n")  # another patch of the series may change the file too
    new = _new_lines(edits)
    places = [number for number in new if re.match(rb"\s*\w+\(.*\);", after[number])]
    jumps = [re.fullmatch(rb"\s*goto (\w+);", after[number + 1]) for number in places]
    labels = {found[1].decode() for found in jumps if found}
    if len(labels) != 1 or None in jumps:
        return ""
    return f"before {plural(places, 'that jump', 'these jumps')} to {labels.pop()}"


def _new_lines(edits: Iterable[Edit]) -> Iterator[int]:
    """The lines that the edits of one file bring, counted from 0 in the file behind them."""
    moved = 0
    for edit in sorted(edits, key=lambda one: one.line):
        first = edit.line - 1 + moved
        yield from range(first, first + len(edit.new))
        moved += len(edit.new) - len(edit.old)


def _at_its_return(finding: Finding) -> bool:
    """Whether the fix of a finding is made right at the return that it tells of."""
    edits = finding.fix.edits if isinstance(finding.fix, Fix) else ()
    near = any(edit.line <= finding.line <= edit.line + len(edit.old) + 1 for edit in edits)
    return near and finding.breach.statement.lstrip().startswith("return")


def _made_labels(edits: Sequence[Edit]) -> list[str]:
    """The labels that new lines bring."""
    text = b"".join(line for edit in edits for line in edit.new).decode("utf-8", "surrogateescape")
    return list(dict.fromkeys(re.findall(r"(?m)^ ?(\w+):$", text)))


def _around(plan: PatchPlan) -> str:
    """Two calls put around an unlock, in words: what stands between them says how far; nothing for other fixes."""
    (path, edits), file = plan.edits[0], plan.files[0]
    calls = [_calls([edit]) for edit in edits]
    if len(edits) != 2 or len(plan.edits) != 1 or path != file.path or any(edit.old for edit in edits):
        return ""
    between = split_lines(file.base)[edits[0].line - 1 : edits[1].line - 1]
    unlocks = [n for n, line in enumerate(between) if re.search(rb"\w*unlock_?(?:page|folio)?\s*\(", line)]
    unlocks = [n for n in unlocks if re.search(rb"\b(?:unlock_page|folio_unlock)\s*\(", between[n])] or unlocks
    if [len(names) for names in calls] != [1, 1] or not unlocks:
        return ""
    resource = plan.findings[0].breach.resource or plan.findings[0].obligation.resource
    if len(between) == 1:
        return f"Call {calls[0][0]}() before the {resource} is unlocked, and {calls[1][0]}() afterwards."
    ahead = b"".join(between[: unlocks[-1]])
    copied = b"memcpy" in ahead and b"write" not in ahead
    data = "before the data is copied" if copied else "before the data is written"
    start = f"before the {resource} is unlocked" if unlocks[-1] == 0 else data
    behind = b"".join(between[unlocks[-1] + 1 :])
    done = [f"the {resource} is unlocked"]
    done += ["the error recorded"] if b"_error(" in behind else []
    done += ["the inode marked dirty"] if b"inode_dirty" in behind else []
    return f"Call {calls[0][0]}() {start}, and {calls[1][0]}() once {listed(done)}."


def _around_each(plan: PatchPlan) -> str:
    """Two calls put around the unlock of each of several exits, in words; nothing for other fixes."""
    lines = split_lines(plan.files[0].base)
    edits = [edit for _, edits in plan.edits for edit in edits]
    pairs = list(zip(edits[::2], edits[1::2], strict=False))
    calls = {(_calls([one]), _calls([other])) for one, other in pairs}
    between = [b"".join(lines[one.line - 1 : other.line - 1]) for one, other in pairs]
    alone = all(re.fullmatch(rb"\s*(?:unlock_page|folio_unlock)\([^;]*\);\s*", text) for text in between)
    if len(edits) % 2 or len(calls) != 1 or not alone or any(edit.old for edit in edits):
        return ""
    [(before, behind)] = calls
    resource = plan.findings[0].breach.resource or plan.findings[0].obligation.resource
    if [len(before), len(behind)] != [1, 1]:
        return ""
    return f"Call {before[0]}() before the {resource} is unlocked on these exits, and {behind[0]}() afterwards."


def _behind_labels(plan: PatchPlan, labels: Sequence[str]) -> list[str]:
    """Which of the owed calls stand behind the labels, in the functions of the findings."""
    seen: dict[str, None] = {}
    for finding in plan.findings:
        text = next(file.base for file in plan.files if file.path == finding.file)
        body = b"".join(split_lines(text)[finding.line - 1 :]).partition(b"\n}")[0].decode("utf-8", "surrogateescape")
        for label in labels:
            code = re.split(rf"(?m)^\s*{re.escape(label)}:", body)[1:]
            seen.update(dict.fromkeys(f"{call}()" for call in finding.breach.missing if code and f"{call}(" in code[0]))
    return list(seen)


def _calls(edits: Sequence[Edit]) -> tuple[str, ...]:
    """The functions called in new lines, but not in the lines that these replace."""
    names: dict[str, None] = {}
    for edit in edits:
        before = set(_called(edit.old))
        names.update(dict.fromkeys(name for name in _called(edit.new) if name not in before))
    return tuple(names)


def _called(lines: Sequence[bytes]) -> list[str]:
    """Names before an opening bracket, but for those in the arguments of another call: `up_write(&inode_of(file)->sem)` calls
    up_write()."""
    text = b"".join(lines).decode("utf-8", "surrogateescape")
    found: list[str] = []
    within: list[bool] = []
    for name, closes in re.findall(r"\b([A-Za-z_]\w*)?\s*\(|(\))", text):
        if closes:
            within = within[:-1]
            continue
        calls = bool(name) and name not in _NO_CALL
        found += [name] if calls and not any(within) else []
        within.append(calls)
    return found


def _labels(edits: Sequence[Edit]) -> list[str]:
    """The labels that new lines jump to."""
    text = b"".join(line for edit in edits for line in edit.new).decode("utf-8", "surrogateescape")
    return list(dict.fromkeys(re.findall(r"\bgoto\s+(\w+)\s*;", text)))


def _known(breach: Breach) -> tuple[str, str] | None:
    """The constant that the last test has found in the variable that is returned; None where it has found none."""
    found = re.fullmatch(r"(\w+) == (-?[A-Z][A-Z0-9_]+)", breach.condition.strip())
    if found is None or not breach.taken or breach.statement.strip() != f"return {found[1]};":
        return None
    return f"returns {found[2]}", found[2]


def _exit(statement: str, line: int, base: bytes) -> tuple[str, str]:
    """`return -EIO;` -> (`returns -EIO`, `-EIO`); the second is empty where it is no constant, nor set to one right above."""
    squeezed = re.sub(r"^return \((-?\w+)\);$", r"return \1;", " ".join(statement.split()))
    if found := re.fullmatch(r"return ([a-z_]\w*);", squeezed):
        lines = base.decode("utf-8", "surrogateescape").split("\n")[max(0, line - 5) : line]
        indent = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())] if lines else ""
        for text in reversed(lines[:-1]):
            if not text.startswith(indent) or text[len(indent) :][:1].isspace() or text.strip().endswith(":"):
                break
            if given := re.fullmatch(rf"{found[1]} = (-E[A-Z0-9]+);", text.strip()):
                return f"returns {given[1]}", given[1]
    if found := re.fullmatch(r"return\s*\(?(-?[A-Z][A-Z0-9_]+|\d+)\)?\s*;?", squeezed):
        return f"returns {found[1]}", found[1]
    if (found := re.fullmatch(r"return\s+(.+?)\s*;?", squeezed)) and len(found[1]) <= 40:
        return f"returns {found[1]}", ""
    if squeezed.startswith("return"):
        return "returns", ""
    return "ends", ""


def _folded(line: str, room: int = _COLUMNS) -> list[str]:
    """A line of SmPL -> lines that fit, as far as spatch says the same of them: the sign in the first column and the indentation
    are repeated, a `when` ends with its line, and what a rule adds is written as it stands."""
    if len(line) <= room or line.startswith("+"):
        return [line]
    if " when " in line:
        return _whens(line)
    lines = []
    sign = line[0] if line[0] in "-*" else ""
    indent = sign + " " * (len(line) - len(line[len(sign) :].lstrip()) - len(sign) + 4)
    while len(line) > room:
        cut = max(line.rfind(mark, len(indent), room) + len(mark) for mark in (", ", "\\|", " "))
        if cut <= len(indent) + 1:
            break
        lines.append(line[:cut].rstrip())
        line = indent + line[cut:].lstrip()
    return [*lines, line]


def _whens(line: str) -> list[str]:
    """`... when != \\(a\\|b\\)` -> one `when` for each of what must not come."""
    found = re.fullmatch(r"(.*)when != \\\((.*)\\\)", line)
    if found is None:
        return [line]
    first, *others = found[2].split("\\|")
    return [f"{found[1]}when != {first}", *(f"     when != {other}" for other in others)]
