"""SectionPlan, FormerSeries -> Revision.

The next version of what was mailed: the same change ids, the user's own edits put on top of what is made anew, what
changed said per patch.  A patch is known again by its findings, else by its kind and file; the user's commits by what
`own_commits` says.  What cocci-gen had made is remembered in series.json, so an edit survives any number of versions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.plans import FilePlan, PatchPlan, SectionPlan
from cocci_gen.series.rerolls.former import FormerPatch, FormerSeries
from cocci_gen.series.rerolls.merges import Conflict, merge, merge_messages, split_tags
from cocci_gen.series.rerolls.own_commits import NotCarried, OwnCommit, Text, code_of
from cocci_gen.series.rerolls.own_work import OwnWork, RerollRequest
from cocci_gen.series.rerolls.revisions import (
    Dropped,
    PatchRevision,
    Revision,
    first_revision,
    key_of,
    made_code,
    new_change_id,
    paragraph,
)
from cocci_gen.series.words.lint import lint_body, lint_subject

#: What the linter asks of our own texts and no one may ask of the user's.
_MATTER_OF_TASTE = re.compile(r"columns|ends in blanks|only a person|no reason for stable|full stop|name of a tool")

_REVIEWED = re.compile(r"(?:Reviewed|Tested|Acked)-by: ")


@dataclass(frozen=True, slots=True)
class Carried:
    """Sections with the user's code in them, which patch of before each patch is, and the code as it was made."""

    sections: tuple[SectionPlan, ...]
    partners: Mapping[tuple[str, str, str], FormerPatch]
    codes: Mapping[tuple[str, str, str], str]


class Reroll:
    """The former version of all series of a run; without one, everything is a first version."""

    def __init__(self, tree: KernelTree, request: RerollRequest) -> None:
        """Read what was mailed and what the branches hold; UsageProblem and NotCarried say what cannot be used."""
        self._tree = tree
        self._request = request
        self._work = OwnWork(tree, request)
        self._remarks: list[str] = []

    @property
    def paths(self) -> frozenset[str]:
        """The files of this tree that any of the patches before changed."""
        return self._work.paths & frozenset(self._tree.blobs())

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user should know of the own edits."""
        return (*self._work.remarks, *self._remarks)

    @property
    def seed(self) -> tuple[str, ...]:
        """What keeps the commits of this version apart from those of the one before."""
        return tuple(f"{series.change_id} v{series.version} {series.tip}" for series in self._request.former)

    def carried(self, sections: Sequence[SectionPlan]) -> Carried:
        """New plans -> the same with the user's code; NotCarried names every place where it does not fit any more."""
        partners = self._partners(sections)
        codes = {key_of(plan): made_code(plan) for section in sections for plan in section.patches}
        problems: list[str] = []
        result = []
        for section in sections:
            current: dict[str, bytes] = {}
            patches = []
            for plan in section.patches:
                former = partners.get(key_of(plan))
                if former is None or former.change_id not in self._work.taken_out:
                    patches.append(self._with_code(plan, former, current, problems))
            if patches:
                result.append(replace(section, patches=tuple(patches)))
        if problems:
            raise NotCarried("; ".join(problems))
        return Carried(tuple(result), partners, codes)

    def revisions(
        self,
        carried: Carried,
        texts: Sequence[tuple[Sequence[tuple[str, str]], str, str]],
        left_out: Mapping[str, str],
    ) -> tuple[tuple[Revision, ...], tuple[Dropped, ...]]:
        """Sections, and per section its messages, cover letter and change id -> their revisions, and what was dropped.

        `left_out` has, by fingerprint, why a finding of this run is in no series.
        """
        formers = self._series_of(carried)
        homes = {
            patch.change_id: section
            for section in carried.sections
            for plan in section.patches
            if (patch := carried.partners.get(key_of(plan)))
        }
        dropped = {
            series.change_id: tuple(self._dropped(series, homes, left_out, formers)) for series in self._request.former
        }
        made = []
        for section, (messages, cover, change_id) in zip(carried.sections, texts, strict=True):
            codes = [carried.codes[key_of(plan)] for plan in section.patches]
            former = formers.get(section.slug)
            first = first_revision(section, messages, cover, change_id, codes)
            made.append(first if former is None else self._next(first, former, carried, dropped[former.change_id]))
        return tuple(made), tuple(one for ones in dropped.values() for one in ones)

    def _partners(self, sections: Sequence[SectionPlan]) -> dict[tuple[str, str, str], FormerPatch]:
        """Which patch of before each new one is."""
        free = [patch for series in self._request.former for patch in series.patches]
        plans = [plan for section in sections for plan in section.patches]
        found: dict[tuple[str, str, str], FormerPatch] = {}
        for alike in (_same_findings, _same_place):
            for plan in plans:
                fitting = [
                    patch for patch in free if key_of(plan) not in found and alike(plan, patch, self._work.renamed)
                ]
                if fitting:
                    found[key_of(plan)] = fitting[0]
                    free.remove(fitting[0])
        return found

    def _series_of(self, carried: Carried) -> dict[str, FormerSeries]:
        """Which series of before each new one continues: that with which it shares most patches, else its title."""
        owner = {patch.change_id: series for series in self._request.former for patch in series.patches}
        votes: Counter[tuple[str, str]] = Counter()
        for section in carried.sections:
            for plan in section.patches:
                if former := carried.partners.get(key_of(plan)):
                    votes[section.slug, owner[former.change_id].change_id] += 1
            for series in self._request.former:
                votes[section.slug, series.change_id] += 0
        by_id = {series.change_id: series for series in self._request.former}
        titles = {section.slug: section.title for section in carried.sections}
        found: dict[str, FormerSeries] = {}
        for (slug, change_id), count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            series = by_id[change_id]
            if slug not in found and series not in found.values() and (count or series.title == titles[slug]):
                found[slug] = series
        return found

    def _dropped(
        self,
        series: FormerSeries,
        homes: Mapping[str, SectionPlan],
        left_out: Mapping[str, str],
        formers: Mapping[str, FormerSeries],
    ) -> Iterator[Dropped]:
        """The patches of one series of before that its new version does not have."""
        for patch in series.patches:
            home = homes.get(patch.change_id)
            if home is not None and formers.get(home.slug) != series:
                yield Dropped(series.title, patch.subject, f"it is in the series to {home.title} now")
            elif home is None:
                reasons = [left_out[one] for one in patch.fingerprints if one in left_out]
                known = self._work.taken_out.get(patch.change_id) or "; ".join(dict.fromkeys(reasons))
                yield Dropped(series.title, patch.subject, known or self._request.why(patch))

    def _with_code(
        self, plan: PatchPlan, former: FormerPatch | None, current: dict[str, bytes], problems: list[str]
    ) -> PatchPlan:
        """One patch on top of the `current` texts, with the user's code where it is not the one that was made."""
        own = self._work.own[former.change_id] if former else None
        by_hand = own is not None and former is not None and own.code != former.made_code
        wanted = [Text(file.path, file.before, file.after) for file in plan.files]
        if by_hand and own is not None:
            order = {file.path: place for place, file in enumerate(plan.files)}
            moved = self._work.moved(own.texts)
            wanted = sorted(moved, key=lambda text: (order.get(text.path, len(order)), text.path))
        files = []
        for text in wanted:
            if text.path not in self._tree.blobs():
                problems.append(_conflict(own, text.path, "the file is not there any more", self._tree))
                continue
            base = self._tree.read(text.path)
            before = current.get(text.path, base)
            merged = merge(text.before, before, text.after)
            if isinstance(merged, Conflict):
                problems.append(_conflict(own, text.path, "the code around has changed", self._tree))
                continue
            current[text.path] = merged.text
            files.append(FilePlan(text.path, base, before, merged.text))
        return replace(plan, files=tuple(files) or plan.files, by_hand=by_hand)

    def _next(self, first: Revision, former: FormerSeries, carried: Carried, dropped: Sequence[Dropped]) -> Revision:
        """A series as it would be made for the first time -> the version after `former`."""
        version = former.version + 1
        rebased = former.base != self._tree.commit
        patches, lines = [], []
        for plan, made in zip(first.section.patches, first.patches, strict=True):
            patch = carried.partners.get(key_of(plan))
            revised, changes = self._revised(plan, made, patch, version, former.change_id)
            lines.append(f'"{revised.subject}": {"; ".join(changes)}')
            patches.append(revised)
        if all(line.endswith(": unchanged") for line in lines):
            lines = ["no patch changed"]
        items = [f"rebased onto {self._tree.commit[:12]}"] if rebased else []
        items += [*lines, *(f'dropped "{one.subject}": {one.reason}' for one in dropped)]
        link = self._request.links.get(former.folder) or self._request.links.get("")
        items += [f"Link to v{former.version}: {link}"] if link else []
        cover, problem = _merged(former.made_cover, first.cover, self._work.covers.get(former.change_id, former.cover))
        if problem:
            self._remarks.append(f"the cover letter of {first.section.title} is yours as it was: {problem}")
        return Revision(
            section=first.section,
            version=version,
            change_id=former.change_id,
            former=f"{former.base}..{former.tip}",
            cover=cover,
            made_cover=first.made_cover,
            history=(paragraph(version, items), *former.history),
            patches=tuple(patches),
        )

    def _revised(
        self, plan: PatchPlan, made: PatchRevision, former: FormerPatch | None, version: int, series: str
    ) -> tuple[PatchRevision, list[str]]:
        """One patch as it is made now -> the same with the user's words, and what changed."""
        if former is None:
            history = (paragraph(version, ["new"]),)
            return replace(made, change_id=new_change_id(series, plan), history=history), ["new"]
        own, mailed = self._work.own[former.change_id], self._work.mailed[former.change_id]
        text, problem = _merged(former.made_message, made.made_message, own.message)
        if problem:
            self._remarks.append(f"the message of {own.oid[:12]} ({own.subject}) is yours as it was: {problem}")
        subject, _, body = text.partition("\n")
        body = body.strip("\n")
        if text != made.made_message:
            _check_words(own, subject, body)
        changes = []
        if made_code(plan) != code_of(self._work.moved(mailed.texts)):
            if tags := [line for line in body.split("\n") if _REVIEWED.match(line)]:
                self._remarks.append(f"the code of {subject!r} changed, and it still carries {', '.join(tags)}")
            changes.append("the code changed, edited by hand" if plan.by_hand else "the code changed")
        if split_tags(text)[0] != split_tags(mailed.message)[0]:
            changes.append("the message changed")
        elif text != mailed.message:
            changes.append("tags changed")
        revised = PatchRevision(
            change_id=former.change_id,
            subject=subject,
            body=body,
            made_message=made.made_message,
            made_code=made.made_code,
            history=(paragraph(version, changes or ["unchanged"]), *former.history),
        )
        return revised, changes or ["unchanged"]


def _same_findings(plan: PatchPlan, patch: FormerPatch, _renamed: Mapping[str, str]) -> bool:
    found = {finding.fingerprint for finding in (*plan.findings, *plan.also)}
    return plan.kind == patch.kind and bool(found & set(patch.fingerprints))


def _same_place(plan: PatchPlan, patch: FormerPatch, renamed: Mapping[str, str]) -> bool:
    return (plan.kind, plan.files[0].path) == (patch.kind, renamed.get(patch.paths[0], patch.paths[0]))


def _merged(common: str, mine: str, theirs: str) -> tuple[str, str]:
    """What was made before, what is made now, what the user has -> the text to use, and what the user should know."""
    if common == theirs:
        return mine, ""
    merged = merge_messages(common, mine, theirs)
    if isinstance(merged, Conflict):
        return theirs, "what cocci-gen would write there now has changed at the same places; see that it is still true"
    return merged, ""


def _check_words(own: OwnCommit, subject: str, body: str) -> None:
    """NotCarried where the user's words would not survive the mail; what is a matter of taste is the user's."""
    complaints: Iterable[str] = (*lint_subject(subject), *lint_body(body, signed=True))
    if serious := [what for what in complaints if not _MATTER_OF_TASTE.search(what)]:
        raise NotCarried(f"the message of {own.oid[:12]} ({subject}) cannot be mailed: {'; '.join(serious)}; amend it")


def _conflict(own: OwnCommit | None, path: str, what: str, tree: KernelTree) -> str:
    """One place where the user's code does not fit."""
    commit = f"your commit {own.oid[:12]} ({own.subject})" if own else "a patch"
    return (
        f"{commit} does not apply to {path} of {tree.commit[:12]}: {what}; rebase the branch onto that commit, solve the "
        f"conflict there, and run this again with --branch"
    )
