"""PatchPlan -> what it does, in words: the calls that it adds, the word that it replaces, one sentence in the imperative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.findings.findings import Edit, Finding, Fix, apply_edits, split_lines
from cocci_gen.series.plans import PatchPlan
from cocci_gen.series.words import notes
from cocci_gen.series.words.causes import any_of
from cocci_gen.series.words.condition import jump_words
from cocci_gen.series.words.listings import counted, listed, plural

#: Calls behind a label that a message names.
_MANY = 3
#: What is done before writeback ends -> the same in words, and what who waits for that end has of it.
_WAITED_FOR = (
    (re.compile(rb"\b(?:mapping_set_error|folio_set_error|SetPageError)\("), "the error recorded", "sees the error"),
    (re.compile(rb"inode_dirty"), "the inode marked dirty", "writes the inode, too"),
)
#: Between the two calls: what brings the data away; locks have writers, too.
_BRINGS_AWAY = re.compile(
    rb"\b(?!\w*(?:writeback|(?:down|up)_write|write_(?:un)?lock|write_seq))\w*(?:write|memcpy)\w*\s*\("
)
#: A line that only calls.
_A_CALL = re.compile(rb"\s*\w+\(.*\);\s*")
_NO_CALL = frozenset({"if", "while", "for", "switch", "return", "sizeof", "else", "do", "goto", "likely", "unlikely"})


def added_calls(plan: PatchPlan) -> tuple[str, ...]:
    """The functions that a patch calls where they were not called before, in order."""
    return _calls([edit for _, edits in plan.edits for edit in edits])


def dropped_calls(plan: PatchPlan) -> tuple[str, ...]:
    """The functions that a patch calls no more where they were called, `f()`; nothing where it brings calls, too."""
    edits = [edit for _, edits in plan.edits for edit in edits]
    gone = dict.fromkeys(n for edit in edits for n in _called(edit.old) if n not in _called(edit.new))
    return () if _calls(edits) else tuple(f"{name}()" for name in gone)


def swapped(plan: PatchPlan) -> tuple[str, str]:
    """The one word that a patch replaces everywhere, and what by, be it that the right one is there once the assignment of the
    wrong one is gone; two empty words for any other patch."""
    pairs: set[tuple[str, str]] = set()
    rights = {name for finding in plan.findings for name in finding.breach.missing}
    for edit in (edit for _, edits in plan.edits for edit in edits):
        old, new = _tokens(edit.old), _tokens(edit.new)
        bare = _tokens(line for line in edit.new if line in edit.old or not _A_CALL.fullmatch(line))
        if len(old) != len(new) and _unbraced(old) != _unbraced(bare):  # a call beside the word is no word
            old, new = _unbraced(old), _unbraced(bare)
        differ = {pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]}
        if (gone := _dropped(edit)) and len(rights) == 1:
            pairs.add((gone, next(iter(rights))))
        elif any(line.strip() not in (b"", b"}") for line in (*edit.old, *edit.new)):
            pairs |= differ if len(old) == len(new) else {("", "")}
    return pairs.pop() if len(pairs) == 1 else ("", "")


def _tokens(lines: Iterable[bytes]) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", b"".join(lines).decode("utf-8", "surrogateescape"))


def _unbraced(tokens: Iterable[str]) -> list[str]:
    return [token for token in tokens if token not in "{}"]


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


def fault_codes(plan: PatchPlan) -> list[str]:
    """The errors that a patch assigns: codes of faults, of several each with what has failed, or what vmf_error() or
    vmf_fs_error() makes."""
    found: dict[str, list[str]] = {}
    for edit in (edit for _, edits in plan.edits for edit in edits):
        text = b"".join(edit.new).decode("utf-8", "surrogateescape")
        for name in re.findall(r"= (VM_FAULT_(?!NOPAGE)\w+|vmf_(?:fs_)?error(?=\())", text):
            found.setdefault(name, []).append(jump_words(edit.line, plan.files[0].base).removeprefix(" when "))
    return [
        f"what {name}() makes of the error" if name.startswith("vmf_") else name + _failed(found, name)
        for name in found
    ]


def _failed(found: Mapping[str, Sequence[str]], name: str) -> str:
    """` when kmalloc() fails` of one code among several; nothing where one of its causes is not known."""
    return f" when {any_of(_once(found[name]))}" if len(found) > 1 and all(found[name]) else ""


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


def fix_words(plan: PatchPlan, at_return: str) -> str:
    """What a patch does, as one sentence in the imperative; `at_return` are the words for its calls right before a return."""
    edits = [edit for _, edits in plan.edits for edit in edits]
    undone = {notes.undone(finding)[1] for finding in plan.findings}
    calls = [f"{call}()" for call in _calls(edits) if f"{call}()" not in undone]
    labels = _labels(edits)
    if around := _around(plan) or _around_each(plan):
        return around
    where = _before_call(plan) or plural(plan.findings, "on this exit", "on these exits")
    if all(map(_at_its_return, plan.findings)):
        where = at_return
    label = at_label(plan)
    where = _before_jumps(plan) or (f"at the label {label}" if label else where)
    if calls and labels and (made := _made_labels(edits)):
        where = f"{plural(made, 'a new label', 'new labels')}, {listed(made)}"
        return f"Jump to {where}, which {plural(made, 'calls', 'call')} {listed(calls)}."
    jumped = any(b"goto" in line for edit in edits for line in edit.old)
    jump = f"jump to the label {listed(labels)}" if labels else ""
    if calls and jump:
        return f"Call {listed(calls)} and {jump}{'' if jumped else ' instead of returning'}."
    if jump:
        seen = _behind_labels(plan, labels) or _given_back(plan, edits)
        called = f", where {listed(seen)} {plural(seen, 'is', 'are')} called" if seen else ""
        if jumped:
            other = " instead" if not seen or plan.kind == "gives_back" else ""
            return f"J{jump[1:]}{other}{called}."
        return f"J{jump[1:]}{called}{',' if called else ''} instead of returning."
    return f"Call {listed(calls)} {where}." if calls else "The semantic patch below mends that."


def jumps_mended(plan: PatchPlan) -> tuple[int, str]:
    """How many jumps to one label get the calls of a patch ahead of them, where all stand so, and that label; else (0, "")."""
    if len(plan.edits) != 1 or plan.edits[0][0] != plan.files[0].path:
        return 0, ""
    edits = plan.edits[0][1]
    after = apply_edits(plan.files[0].base, edits).split(b"\n")  # another patch of the series may change the file too
    every = [number for number in _new_lines(edits) if re.match(rb"\s*\w+\(.*\);", after[number])]
    places = [number for number in every if number + 1 not in every]
    jumps = [re.fullmatch(rb"\s*goto (\w+);", after[number + 1]) for number in places]
    labels = {found[1].decode() for found in jumps if found}
    return (len(places), labels.pop()) if len(labels) == 1 and None not in jumps else (0, "")


def _before_jumps(plan: PatchPlan) -> str:
    """`before jumping to out`, where all calls of a patch are put before a jump to one label, of which there may be others that
    are right; nothing else."""
    number, label = jumps_mended(plan)
    if number > 1:
        return f"before these {counted(number)} jumps to {label}"
    return f"before jumping to {label}" if number else ""


def _before_call(plan: PatchPlan) -> str:
    """`before kfree() is called`, where all calls of a patch are put right before one other; nothing else."""
    if len(plan.edits) != 1 or plan.edits[0][0] != plan.files[0].path:
        return ""
    after = apply_edits(plan.files[0].base, plan.edits[0][1]).split(b"\n")
    new = [number for number in _new_lines(plan.edits[0][1]) if after[number].strip()]
    behind = [after[number + 1] for number in new if number + 1 not in new]
    called = [re.fullmatch(rb"\s*(\w+)\(.*\);", line) for line in behind]
    return f"before {called[0][1].decode()}() is called" if len(called) == 1 and called[0] else ""


def at_label(plan: PatchPlan) -> str:
    """The label where all calls of a patch are put right behind one; "" for any other patch."""
    if len(plan.edits) != 1 or plan.edits[0][0] != plan.files[0].path:
        return ""
    edits = plan.edits[0][1]
    after = apply_edits(plan.files[0].base, edits).split(b"\n")
    new = [number for number in _new_lines(edits) if after[number].strip()]
    ahead = [after[number - 1] for number in new if number - 1 not in new]
    labels = [re.fullmatch(rb" ?(\w+):\s*", line) for line in ahead]
    return labels[0][1].decode() if len(labels) == 1 and labels[0] else ""


def label_passed(plan: PatchPlan) -> str:
    """The label by which all come to the one place where a patch puts its calls: right behind it, or further down, where no
    other exit and no jump stands in between; "" where there is none."""
    if (label := at_label(plan)) or len(plan.edits) != 1 or plan.edits[0][0] != plan.files[0].path:
        return label
    edits = plan.edits[0][1]
    plain = (
        len(edits) == 1 and not edits[0].old and all(re.match(rb"(?:\t|    )\w|\s*$", line) for line in edits[0].new)
    )
    lines = split_lines(plan.files[0].base)[: edits[0].line - 1] if plain else []
    depth = 0
    for line in reversed(lines):
        depth += line.count(b"}") - line.count(b"{")
        if found := re.fullmatch(rb" ?([a-z_]\w*):\s*", line):
            return found[1].decode() if depth == 0 else ""  # another one stands in a loop
        if re.search(rb"\breturn\b|\bgoto\b", line) or line.startswith(b"{"):
            return ""
    return ""


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
    edits = tuple(map(_without_braces, edits))
    calls = [_calls([edit]) for edit in edits]
    if (
        plan.kind != "writeback"
        or len(edits) != 2
        or len(plan.edits) != 1
        or path != file.path
        or any(edit.old for edit in edits)
    ):
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
    after = [(done, seen) for call, done, seen in _WAITED_FOR if call.search(behind)]
    done = [f"the {resource} is unlocked", *(one for one, _ in after)]
    why = f", so that a waiting fsync() {listed([seen for _, seen in after])}" if after else ""
    return f"Call {calls[0][0]}() {start}, and {calls[1][0]}() once {listed(done)}{why}."


def _without_braces(edit: Edit) -> Edit:
    """An edit without the braces that a lone statement under an `if` gets with what is put beside it."""
    new, old = [line.rstrip() for line in edit.new], [line.rstrip() for line in edit.old]
    if len(old) == 1 and new[:1] == [old[0] + b" {"]:
        return Edit(edit.line + 1, (), edit.new[1:])
    return Edit(edit.line, (), edit.new[:-1]) if not old and len(new) > 1 and new[-1].strip() == b"}" else edit


def writes(plan: PatchPlan) -> bool:
    """Whether all that a patch puts the start and the end of writeback around brings the data away before the unlock."""
    if len(plan.edits) != 1 or plan.edits[0][0] != plan.files[0].path or len(plan.edits[0][1]) != 2:
        return False
    first, last = plan.edits[0][1]
    between = b"".join(split_lines(plan.files[0].base)[first.line - 1 : last.line - 1])
    return bool(_around(plan)) and _BRINGS_AWAY.search(re.split(rb"unlock", between)[0]) is not None


def _around_each(plan: PatchPlan) -> str:
    """Two calls put around the unlock of each of several exits, in words; nothing for other fixes."""
    lines = split_lines(plan.files[0].base)
    edits = [edit for _, edits in plan.edits for edit in edits]
    pairs = list(zip(edits[::2], edits[1::2], strict=False))
    calls = {(_calls([one]), _calls([other])) for one, other in pairs}
    between = [b"".join(lines[one.line - 1 : other.line - 1]) for one, other in pairs]
    if plan.kind != "writeback":
        return ""
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


def _given_back(plan: PatchPlan, edits: Sequence[Edit]) -> list[str]:
    """The calls behind the one label that a patch jumps to, up to the one that it jumped to before or the return; where there are
    many, or what stands there is more than calls, those that get what was kept."""
    labels, before = (
        _labels(edits),
        re.findall(rb"\bgoto\s+(\w+)\s*;", b"".join(line for one in edits for line in one.old)),
    )
    if plan.kind != "gives_back" or len(labels) != 1:
        return []
    finding = plan.findings[0]
    text = next(file.base for file in plan.files if file.path == finding.file)
    above = b"".join(split_lines(text)[: finding.line])
    start = max(above.rfind(b"\n{"), 0)
    body = text[start : text.find(b"\n}", start)].decode("utf-8", "surrogateescape")
    stops = "|".join(rf"{re.escape(one.decode())}:" for one in before)
    behind = re.split(rf"(?m)^\s*{re.escape(labels[0])}:", body)[1:]
    code = re.split(rf"(?m)^\s*(?:return\b|goto\b{'|' if stops else ''}{stops})", behind[0])[0] if behind else ""
    lines = [line.strip() for line in code.split("\n") if line.strip() and not re.fullmatch(r"\s*\w+:", line)]
    calls = [re.fullmatch(r"(\w+)\((.*)\);", line) for line in lines]
    names = _once(f"{one[1]}()" for one in calls if one)
    if all(calls) and len(names) <= _MANY:
        return names
    name = finding.breach.resource_name
    return _once(
        f"{one[1]}()" for one in calls if one and name and re.search(rf"(?<![\w>.]){re.escape(name)}\b", one[2])
    )


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


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
