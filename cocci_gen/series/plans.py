"""Finding -> SectionPlan.

One patch per MAINTAINERS section, file and change; one series per section, and one for the same exchange of a word in
several of them.  The content of a patched file is rebuilt from the base file and the edits of this patch and of those
before it, with an exact check of the context.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cocci_gen.document.obligations import WITHOUT_TEMPLATE
from cocci_gen.findings.findings import Edit, Finding, Fix, FixDoesNotApply, apply_edits, split_lines
from cocci_gen.kernel.maintainers import Maintainers, Section
from cocci_gen.series.exchanges import Exchange, exchanges
from cocci_gen.series.ladder.rungs import NOT_ASKED, NotRun, Result, Rung

#: More patches than this overwhelm a list (submitting-patches.rst, maintainer-netdev.rst).
MOST_PATCHES = 15
#: What a finding of a document says is wrong where a method has moved (DifferenceSort).
MOVED = "moved"
_CONTEXT = 4
_NOT_BUILT = NotRun(Rung.BUILDS, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file before and after one patch; `base` is what it is in the tree."""

    path: str
    base: bytes
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class PatchPlan:
    """One patch: the findings that it is about, those that it mends by the way, and the files it changes; `by_hand` when
    somebody has edited the code since it was made, so that what was checked of the fix says nothing of it; `built` is the
    word of the compiler, `left` what is found in the same functions and mended by no patch, `beside` what other patches mend
    there; with `follows` a patch before it changes one of its functions.
    """

    kind: str
    findings: tuple[Finding, ...]
    also: tuple[Finding, ...]
    edits: tuple[tuple[str, tuple[Edit, ...]], ...]
    files: tuple[FilePlan, ...]
    by_hand: bool = False
    built: Result = _NOT_BUILT
    left: tuple[Finding, ...] = ()
    beside: tuple[Finding, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding with a fix that is in no patch, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One series to be: the section (None where nobody is responsible, or several are), its title and folder name, its
    patches, and what all of them exchange where that is why they are together."""

    section: Section | None
    title: str
    slug: str
    patches: tuple[PatchPlan, ...]
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class _FindingRepair:
    """One set of edits of one file, the finding that it is made for, and others that it mends as well."""

    finding: Finding
    edits: tuple[Edit, ...]
    also: tuple[Finding, ...] = ()


def plan_sections(
    findings: Iterable[Finding], maintainers: Maintainers, bases: Mapping[str, bytes]
) -> tuple[tuple[SectionPlan, ...], tuple[LeftOut, ...]]:
    """Findings, and the base texts of the files of those with fixes -> the series to be made, and what cannot be in one."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=_position):
        by_file[finding.file].append(finding)
    left_out: list[LeftOut] = []
    sections: dict[str, tuple[Section | None, list[PatchPlan]]] = {}
    for path, found in by_file.items():
        if path not in bases:
            continue
        repairs, dropped = _reconciled(found, bases[path])
        left_out += dropped
        if not repairs:
            continue
        section = maintainers.leading_section(path)
        title = section.title if section and section.title else "NO SECTION"
        left = [finding for finding in found if not isinstance(finding.fix, Fix) and not _mended_too(finding, repairs)]
        sections.setdefault(title, (section, []))[1].extend(_file_patches(path, repairs, left, bases[path]))
    return tuple(_series_of(sections)), tuple(left_out)


def _series_of(sections: Mapping[str, tuple[Section | None, list[PatchPlan]]]) -> Iterator[SectionPlan]:
    """The patches of all sections by title -> a series for each, and before them one for each exchange that they share."""
    shared = exchanges({title: patches for title, (_, patches) in sections.items()})
    together = [plan for patches in shared.values() for plan in patches]
    slugs = _slugs([*sections, *(one.title for one in shared)])
    for one, patches in shared.items():
        for suffix, part in _parts(patches):
            yield SectionPlan(None, one.title, slugs[one.title] + suffix, part, one)
    for title, (section, patches) in sorted(sections.items()):
        left = [plan for plan in patches if plan not in together]
        for suffix, part in _parts(left) if left else ():
            yield SectionPlan(section, title, slugs[title] + suffix, part)


def _position(finding: Finding) -> tuple[str, int, str, str]:
    """The one order of findings, whatever order they come in."""
    return finding.file, finding.line, finding.obligation.id, finding.fingerprint


def _reconciled(findings: Sequence[Finding], base: bytes) -> tuple[list[_FindingRepair], list[LeftOut]]:
    """The findings of one file -> repairs of which no two touch the same place, and those that had to yield.

    Of two that touch each other, one may do all that the other does and more: it stands for both.
    """
    repairs: list[_FindingRepair] = []
    dropped: list[LeftOut] = []
    for finding in findings:
        if not isinstance(finding.fix, Fix):
            continue
        if problem := _unusable(finding.file, finding.fix, base):
            dropped.append(LeftOut(finding, problem))
            continue
        new = _FindingRepair(finding, finding.fix.edits)
        rivals = [repair for repair in repairs if _touch(repair.edits, new.edits) and not _same_change(repair, new)]
        if not rivals:
            repairs.append(new)
        elif all(_covers(new.edits, rival.edits) for rival in rivals):
            also = tuple(other for rival in rivals for other in (rival.finding, *rival.also))
            repairs = [repair for repair in repairs if repair not in rivals] + [
                _FindingRepair(finding, new.edits, also)
            ]
        elif len(rivals) == 1 and _covers(rivals[0].edits, new.edits):
            place = repairs.index(rivals[0])
            repairs[place] = _FindingRepair(rivals[0].finding, rivals[0].edits, (*rivals[0].also, finding))
        else:
            other = rivals[0].finding
            reason = f"its fix touches the same lines as that of {other.obligation.short} in {other.function}()"
            dropped.append(LeftOut(finding, f"{reason}; scan again once that one is applied"))
    return repairs, dropped


def _same_change(one: _FindingRepair, other: _FindingRepair) -> bool:
    """Whether two findings of one function and kind have the very same fix: it is made once, and told of both."""
    here, there = one.finding, other.finding
    alike = (here.function, here.obligation.kind) == (there.function, there.obligation.kind)
    return alike and one.edits == other.edits


def _unusable(path: str, fix: Fix, base: bytes) -> str:
    """Why a fix cannot be mailed as a patch of this text; empty where it can."""
    if not path.isprintable():  # surrogates, which stand for bytes that are not UTF-8, are not printable either
        return "the patch cannot be mailed: its path holds control characters or is not UTF-8"
    try:
        apply_edits(base, fix.edits)
    except FixDoesNotApply as error:
        return f"the fix does not apply: {error}"
    lines = split_lines(base)
    near = b"".join(
        b"".join((*lines[max(edit.line - 1 - _CONTEXT, 0) : edit.line - 1 + len(edit.old) + _CONTEXT], *edit.new))
        for edit in fix.edits
    )
    if b"\r" in near:
        return "the patch cannot be mailed: carriage returns, which git am removes or mail programs add"
    if b"\0" in near:
        return "the patch cannot be mailed: it would be a binary one"
    if any(len(line) > 997 for line in near.split(b"\n")):
        return "the patch cannot be mailed: a line of more than 998 bytes, which mail servers may break"
    return ""


def _touch(some: Iterable[Edit], others: Sequence[Edit]) -> bool:
    """Whether any edit of one fix meets one of another: the same place, overlapping or side by side."""
    return any(
        one.line <= other.line + len(other.old) and other.line <= one.line + len(one.old)
        for one in some
        for other in others
    )


def _covers(wide: Sequence[Edit], narrow: Sequence[Edit]) -> bool:
    """Whether one fix does all that another does: each of its edits stands within one of the first, which has all that it adds
    and takes away, in the order in which it does."""
    around = [_around(edit, wide) for edit in narrow]
    if None in around:
        return False
    parts = {one: [edit for edit, other in zip(narrow, around, strict=True) if other == one] for one in wide}
    return all(_does_all(one, part) for one, part in parts.items() if part)


def _around(edit: Edit, wide: Sequence[Edit]) -> Edit | None:
    """The edit that touches all that another does: what replaces the very same lines, else what replaces them among others."""
    last = edit.line + len(edit.old)
    every = [one for one in wide if one.line <= edit.line and last <= one.line + len(one.old)]
    return min(every, key=lambda one: (one.line, one.old) != (edit.line, edit.old), default=None)


def _does_all(wide: Edit, narrow: Sequence[Edit]) -> bool:
    """Whether an edit does what others do within its place, but for lines that it alone takes away."""
    moved = [replace(edit, line=edit.line - wide.line + 1) for edit in narrow]
    try:
        alone = split_lines(apply_edits(b"".join(wide.old), moved))
    except FixDoesNotApply:
        return False
    gone = {line for edit in narrow for line in edit.old} - {line for edit in narrow for line in edit.new}
    new, taken = {line.strip() for line in wide.new}, {line for line in wide.old if line not in wide.new}
    keeps_gone = any(line.strip() in new for line in gone)
    return not keeps_gone and _contains(wide.new, [line for line in alone if line not in taken])


def _contains(lines: Iterable[bytes], wanted: Iterable[bytes]) -> bool:
    """Whether the wanted lines stand among the lines, in their order, blanks aside."""
    remaining = iter([line.strip() for line in lines])
    return all(line.strip() in remaining for line in wanted)


def _mended_too(finding: Finding, repairs: Iterable[_FindingRepair]) -> bool:
    """Whether the repair of another breach at the same exit makes a call that this one lacks."""
    here = (
        repair
        for repair in repairs
        if (repair.finding.function, repair.finding.line) == (finding.function, finding.line)
    )
    added = b"".join(line for repair in here for edit in repair.edits for line in edit.new)
    if not finding.breach.missing:  # it tells what is still held, and not by which call that is given back
        held = re.escape(finding.breach.resource_name.encode("utf-8", "surrogateescape"))
        return re.search(rb"\w*(?:put|release|relse|unlock|free)\w*\(" + held + rb"\)", added) is not None
    return any(f"{name}(".encode() in added for name in finding.breach.missing)


def _file_patches(
    path: str, repairs: Sequence[_FindingRepair], left: Sequence[Finding], base: bytes
) -> list[PatchPlan]:
    """The repairs of one file -> one patch per change, each on top of the one before; `left` is what none of them mends."""
    patches, done, before, changed = list[PatchPlan](), list[Edit](), base, set[str]()
    apart = [part for repair in repairs for part in _moves_apart(repair)]
    for group in _changes(sorted(apart, key=lambda repair: _position(repair.finding))):
        edits = tuple(dict.fromkeys(edit for repair in group for edit in repair.edits if edit not in done))
        done += edits
        after = apply_edits(base, done)
        findings = tuple(repair.finding for repair in group)
        also = tuple(other for repair in group for other in repair.also)
        kind = findings[0].obligation.kind
        names = {finding.function for finding in findings}
        plan = PatchPlan(kind, findings, also, ((path, edits),), (FilePlan(path, base, before, after),))
        left_here = tuple(one for one in left if one.function in names)
        others = (one.finding for one in repairs if one.finding.function in names and one.finding not in findings)
        follows = not changed.isdisjoint(names)
        patches.append(replace(plan, left=left_here, beside=tuple(others), follows=follows))
        before, changed = after, changed | names
    return patches


def _changes(repairs: Sequence[_FindingRepair]) -> list[list[_FindingRepair]]:
    """What belongs into one patch: all that one function does wrong of one kind, and other functions that do the very same;
    two that break a rule for two reasons have two histories.  A document is one, but for the sections that methods move from:
    what is moved is read otherwise than what is corrected."""
    parts: dict[tuple[str, str], list[_FindingRepair]] = defaultdict(list)
    moving = {repair.edits for repair in repairs if any(map(_moves, (repair.finding, *repair.also)))}
    for repair in repairs:
        kind = repair.finding.obligation.kind
        section = "moved" if repair.edits in moving else ""
        parts[kind, section if kind in WITHOUT_TEMPLATE else repair.finding.function].append(repair)
    alike: dict[tuple[str, frozenset[tuple[object, ...]]], list[_FindingRepair]] = defaultdict(list)
    for (kind, _), part in parts.items():
        alike[kind, frozenset(map(_done, part))] += part
    return [alike[key] for key in sorted(alike, key=lambda key: (key[0], _position(alike[key][0].finding)))]


def _moves_apart(repair: _FindingRepair) -> list[_FindingRepair]:
    """A repair of a document that moves methods and corrects others beside them -> the corrections that are edits of their own,
    which are read with those of other sections, and the move."""
    every = (repair.finding, *repair.also)
    own = {
        one: edits
        for one in every
        if not _moves(one) and (edits := tuple(e for e in repair.edits if e.line == one.line and e.old and e.new))
    }
    movers = [one for one in every if one not in own]
    if not own or not any(map(_moves, movers)):
        return [repair]
    taken = {edit for edits in own.values() for edit in edits}
    rest = tuple(edit for edit in repair.edits if edit not in taken)
    return [
        *(_FindingRepair(one, edits) for one, edits in own.items()),
        _FindingRepair(movers[0], rest, tuple(movers[1:])),
    ]


def _moves(finding: Finding) -> bool:
    """Whether a finding of a document tells of a method that another structure has now."""
    return finding.obligation.kind in WITHOUT_TEMPLATE and finding.breach.resource_name == MOVED


def _done(repair: _FindingRepair) -> tuple[object, ...]:
    """The exit that a repair is made for, and what it adds."""
    added = tuple(line.strip() for edit in repair.edits for line in edit.new if line.strip() != b"}")
    return " ".join(repair.finding.breach.statement.split()), added


def _parts(patches: Sequence[PatchPlan]) -> list[tuple[str, tuple[PatchPlan, ...]]]:
    """The patches of a section -> series of bearable length, with what is added to the folder names of all but one."""
    if len(patches) <= MOST_PATCHES:
        return [("", tuple(patches))]
    parts: list[list[PatchPlan]] = [[]]
    for patch in patches:
        # A file is never split between two series, so that they apply in any order.
        same_file = parts[-1] and parts[-1][-1].files[0].path == patch.files[0].path
        if len(parts[-1]) >= MOST_PATCHES and not same_file:
            parts.append([])
        parts[-1].append(patch)
    return [(f"-part-{number}", tuple(part)) for number, part in enumerate(parts, 1)]


def _slugs(titles: Iterable[str]) -> dict[str, str]:
    """Titles of sections -> names for folders and refs, each used once."""
    slugs: dict[str, str] = {}
    for title in sorted(titles):
        plain = re.sub(r"[^a-z0-9]+", "-", title.lower())[:60].strip("-") or "section"
        slug, number = plain, 1
        while slug in slugs.values():
            number += 1
            slug = f"{plain}-{number}"
        slugs[title] = slug
    return slugs
