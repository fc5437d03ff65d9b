"""Finding -> FindingWords.

What a finding says in English: facts only, each from the finding itself or from the text of its file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, EVERY_WAY, FOR_GOOD, LEFT_HERE, Finding, Fix
from cocci_gen.series.words import notes
from cocci_gen.series.words.branches import indent
from cocci_gen.series.words.causes import any_of, is_failure, without_parts
from cocci_gen.series.words.condition import case_words, condition_words, jump_words
from cocci_gen.series.words.exits import carried, exit_words, known_exit
from cocci_gen.series.words.listings import entries, listed
from cocci_gen.series.words.rule_book import RuleBook, RuleWords

#: A wait that only a fatal signal ends.
_KILLABLE = re.compile(r"_killable\(|\bTASK_KILLABLE\b|\bfatal_signal_pending\(")

#: A test of what has failed before: where a fix stands at a jump, the test there says more.
_ONLY_AN_ERROR = re.compile(r" when (?:err|error|ret|rc|res|retval|result|status) (?:is not 0|< 0)")
_KEPT = re.compile(r"still (referenced|allocated|locked|held)\b")


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding in words; `result` and `when` are empty where they are not known, `causes` are the conditions of all exits
    that its fix edits, without the `when`.

    `tells` says that somebody learns of the failure: an error goes up, or the function sets one in the page or its mapping.
    With `killable` the path is taken only when a fatal signal is pending. `cleaner` has cleared the dirty flag; with
    `handed_out` it is a loop that does so for each page, and `retried` says that such a loop is run again for -ENOMEM.
    `left_out` are the calls that the good way makes and this one does not, `value` is what is returned, perhaps by a
    variable; `precedent` is a function of the tree that does what the fix does and the wait after which it does so, `later`
    says what writeback does with a page that was not prepared, be it that nobody has put down in its private data which
    part of it is dirty (`part_unnamed`), `signalled` is a call that may fail for a signal, and whether it loses the data then
    and records that, `variable` holds what is returned, `dead` is a test that never holds behind which the fix changes the
    same code, `stays` says which ways the fix leaves and why, and `code` what is returned on those that it mends alone,
    `dropped` why the data is not kept, `undone` is a ->kill_sb and what it leaves to this exit, `repeated` tells that other
    exits may return the `result` too, `last` that it is the last of several, `leaks` the call whose reference the fix gives
    back as well, `failures` are the functions that fail, on how many exits, and how often they are called; `label` is the one
    that the exit stands behind; a lock is kept for `reading`, is `wanted` by the calls of others, or was `never_written`, and
    `perhaps_back` tells that somebody else may give the thing back; with `always` nothing but that the thing is there is
    asked between its taking and the exit; it is taken for want of a parameter alone where it is called `without` that;
    `asker` has looked at the condition already when it calls the loop that calls the function.
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
    part_unnamed: bool = False
    signalled: tuple[str, bool] = ("", False)
    variable: str = ""
    dead: str = ""
    stays: tuple[tuple[str, str], ...] = ()
    code: str = ""
    dropped: str = ""
    undone: tuple[str, str] = ("", "")
    repeated: bool = False
    last: bool = False
    leaks: str = ""
    taker: str = ""
    #: Whether what was taken is memory, and whether the call by which it was taken returns it.
    allocated: bool = False
    returned: bool = False
    #: When no path gives back what nobody does: a function may take the same elsewhere, and give it back there.
    once_taken: str = ""
    without: str = ""
    failures: tuple[tuple[str, int, int], ...] = ()
    label: str = ""
    reading: bool = False
    wanted: tuple[str, ...] = ()
    never_written: bool = False
    perhaps_back: bool = False
    always: bool = False
    asker: str = ""

    @property
    def refused(self) -> bool:
        """Whether the page is refused for good."""
        return self.result in FOR_GOOD

    @property
    def alone(self) -> bool:
        """Whether all other ways of the function give back what is kept."""
        return "on this way alone" in self.message

    @property
    def lost(self) -> bool:
        """Whether no way of the function gives back what is kept."""
        return self.message.endswith("which nobody gives back")

    @property
    def how(self) -> str:
        """How what a finding tells of is kept: `referenced`, `allocated`, `locked`, `held`; "" where nothing is."""
        found = _KEPT.search(self.message)
        return found[1] if found else ""

    @property
    def leaked(self) -> bool:
        """Whether what is kept is lost, and nobody waits for it: a reference, or memory, and no lock."""
        return self.how in ("referenced", "allocated")

    @property
    def called(self) -> str:
        """What is kept, with an article: `the mutex box->m`, `the inode`, `the lock of the inode dir`, `write access to file`."""
        sort = self.resource
        if sort.endswith(" of inode"):
            sort = f"{sort.removesuffix('inode')}the inode"
        named = "" if sort.rpartition(" ")[2] == self.variable else f" {self.variable}"
        return f"{'' if sort.startswith('write access') else 'the '}{sort}{named}"

    @property
    def unless_given(self) -> str:
        """`, called without box,` of a function that takes what it keeps for want of that alone."""
        return f", called without {self.without}," if self.without else ""

    @property
    def rule(self) -> RuleWords:
        """The place that the obligation was read from."""
        return self.rules[0]


def words_of(finding: Finding, base: bytes, book: RuleBook) -> FindingWords:
    """A finding, the text of its file and the rules -> its words."""
    breach, obligation = finding.breach, finding.obligation
    exits, result = known_exit(breach) or exit_words(breach.statement, finding.line, base)
    when, jumped = condition_words(breach, finding.line, base, notes.taken_line(finding)), _jumped(finding, base)
    when = jumped if jumped and (not when or _ONLY_AN_ERROR.fullmatch(when)) else when
    when = when or (case_words(finding.line, base) if obligation.kind == "gives_back" else "")
    when = "" if any(step.note == EVERY_WAY for step in finding.evidence) else when
    when = re.sub(rf"(?<=\(\)) returns {re.escape(result)}$", " does", when) if result else when
    others = [jump_words(step.line, base) for step in finding.evidence if step.note in (ALSO_HERE, BY_HERE)]
    # To name some of the exits alone would say that the others are right.
    untold = bool(others) and not all((when or obligation.kind != "gives_back", *others))
    every = [_kept(finding, said.removeprefix(" when ")) for said in (when, *others) if said]
    causes = [] if untold else without_parts(dict.fromkeys(every))
    cleaner = _cleaner(finding)
    failed = bool(causes) and all(map(is_failure, causes))
    if failed and re.fullmatch(r"return \(?[a-z_]\w*\)?;", breach.statement.strip()) and not result:
        exits = "returns an error"  # the name of the variable is no English
    return FindingWords(
        function=finding.function,
        method=obligation.method,
        file=finding.file,
        line=finding.line,
        resource=_sort_of(breach.resource, breach.resource_name) or obligation.resource,
        exits=exits,
        last=b"return" not in _behind(finding, base) and _function_text(finding, base).count(b"return") > 1,
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
        part_unnamed=notes.names_part(finding) and any("private" in name for name in breach.left_out),
        later=notes.later(finding, killed=_KILLABLE.search(breach.condition) is not None),
        signalled=notes.signalled(finding),
        variable=breach.resource_name if obligation.kind in ("returns", "gives_back", "keeps_locked") else "",
        dead=notes.dead(finding),
        stays=tuple(notes.stays(finding, base)),
        code=_code(finding, base),
        undone=notes.undone(finding),
        dropped=notes.dropped(finding),
        leaks=notes.leaks(finding),
        taker=notes.taker(finding) if obligation.kind == "gives_back" else "",
        allocated=notes.allocates(finding),
        returned=_is_returned(finding, base),
        once_taken=_once_taken(finding, base),
        without=_without(finding, base),
        label=_label(_above(finding, base)),
        reading=notes.for_reading(finding),
        wanted=notes.wanted(finding),
        never_written=notes.never_written(finding),
        perhaps_back=notes.perhaps_back(finding),
        always=notes.always(finding),
        asker=_asker(finding, base),
        failures=tuple(_failures(every, _function_text(finding, base))),
    )


def _once_taken(finding: Finding, base: bytes) -> str:
    """Where no path gives back what a function keeps: behind the one call that takes it, or where it is told of."""
    taker = notes.taker(finding)
    if not taker:
        return ""
    calls = _function_text(finding, base).count(taker.removesuffix(")").encode())
    return " once it is taken there" if calls > 1 else f" once {taker} has taken it"


def _without(finding: Finding, base: bytes) -> str:
    """The parameter for want of which alone a function takes what it keeps, `if (!box) { box = get_box(); ... }`; "" for none."""
    taken, above = notes.taken_line(finding), _above(finding, base)
    head, body = above[: _opening(above)].rpartition(b"\n}")[2], above[_opening(above) :].decode("utf-8", "replace")
    lines = body.split("\n")
    at = taken - finding.line + len(lines) - 1
    outer = next((n for n in range(at, 0, -1) if lines[n].strip() and indent(lines[n]) < indent(lines[at])), 0)
    found = re.fullmatch(r"\s*if \(!(\w+)\)(?: \{)?", lines[outer]) if 0 < outer < at else None
    if found is None or all(indent(line) > indent(lines[outer]) for line in lines[at:] if line.strip()):
        return ""
    named = re.search(rf"\b{found[1]}\s*[,)]".encode(), head) is not None
    anew = re.search(rf"\b{found[1]}\s*=[^=]", "\n".join(lines[:outer])) is not None
    return found[1] if named and not anew else ""


def _is_returned(finding: Finding, base: bytes) -> bool:
    """Whether what a function keeps is what the call returned by which it took that."""
    set_to = rf"(?<![\w>.]){re.escape(finding.breach.resource_name)}\s*=\s*{re.escape(notes.taker(finding).rstrip('()'))}\s*\("
    return bool(notes.taker(finding)) and re.search(set_to.encode(), _function_text(finding, base)) is not None


def _sort_of(resource: str, name: str) -> str:
    """What a thing is called: a page whose variable says folio is one."""
    return "folio" if resource == "page" and re.search(r"folio$", name) else resource


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
    return next((jump_words(number, base) for number in _jumps(finding, base)), "")


def _jumps(finding: Finding, base: bytes) -> Iterator[int]:
    """The lines of the jumps that a fix edits, or stands before."""
    lines = base.split(b"\n")
    for edit in finding.fix.edits if isinstance(finding.fix, Fix) else ():
        for number in range(edit.line, min(edit.line + len(edit.old), len(lines)) + 1):
            if re.match(rb"\s*goto\b", lines[number - 1]):
                yield number


def _code(finding: Finding, base: bytes) -> str:
    """The error number with which all jumps that a fix edits come to the exit, and none of those that it leaves; "" where that is
    not known, or it leaves none."""
    returned = re.fullmatch(r"return \(?([a-z_]\w*)\)?;", finding.breach.statement.strip())
    left = [step.line for step in finding.evidence if step.note.startswith(LEFT_HERE)]
    if returned is None or not left:
        return ""
    codes = {carried(number, returned[1], base) for number in _jumps(finding, base)}
    others = {carried(number, returned[1], base) for number in left}
    known = len(codes) == 1 and not codes & others and "" not in others
    return codes.pop() if known else ""


def _cleaner(finding: Finding) -> str:
    """Who has cleared the dirty flag: the loop that hands out the pages, where there is one, else the caller."""
    for registration in finding.registrations:
        if registration.variable.endswith("()"):
            return registration.variable
    if finding.obligation.method == "writepages" and finding.evidence:
        found = re.match(r"(\w+\(\)) hands out|\w+\(\) gives (\w+\(\)) ", finding.evidence[0].note)
        return (found[1] or found[2]) if found else "its caller"
    return "its caller"


def _asker(finding: Finding, base: bytes) -> str:
    """Who hands the function to a loop, and returns itself, before that, where the condition of the breach holds."""
    breach, lines = finding.breach, base.split(b"\n")
    test = f"{'' if breach.taken else '!'}{breach.condition.strip()}".encode()
    leaves = re.compile(rb"\bif \((?:unlikely\()?" + re.escape(test) + rb"\)+\s*\{?\s*return\b")
    for one in finding.registrations:
        if one.file != finding.file or not one.variable.endswith("()") or not breach.condition:
            continue
        above = b"\n".join(lines[: one.line - 1])
        head, _, body = above.rpartition(b"\n{")
        named = re.search(rb"(?:^|\n)\w[^\n;{}]*?(\w+)\([^;{}]*$", head)
        if named and leaves.search(body) and b"\n}" not in body:
            return f"{named[1].decode('utf-8', 'surrogateescape')}()"
    return ""


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
    behind = body[found[-1].end() :] if found else ""
    inside = behind.count("{") != behind.count("}")
    return found[-1][1] if found and "return" not in behind and not inside else ""


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


def places(findings: Sequence[FindingWords]) -> str:
    """Findings -> an indented list of where each goes wrong, with the names of what is kept there where that is several."""
    kept: dict[str, list[str]] = {}
    for words in findings:
        where = " on every path" if words.lost else f" {words.exits}{words.when}"
        kept.setdefault(f"{words.function}(){words.unless_given}{where}", []).append(
            words.variable if words.how else ""
        )
    names = {where: list(dict.fromkeys(filter(None, every))) for where, every in kept.items()}
    return entries(f"{where} ({listed(every)})" if len(every) > 1 else where for where, every in names.items())


def differences(findings: Sequence[FindingWords]) -> str:
    """Findings -> an indented list of their messages."""
    return entries(words.message for words in findings)


def said(findings: Sequence[FindingWords], words: str) -> bool:
    """Whether the message of any finding holds these words."""
    return any(words in finding.message for finding in findings)


def left_by_all(findings: Sequence[FindingWords]) -> list[str]:
    """The calls that all of some ways leave out."""
    return [name for name in findings[0].left_out if all(name in words.left_out for words in findings)]
