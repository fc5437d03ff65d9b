"""FormerSeries, branches -> OwnWork: what people have made of the patches that were mailed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.rerolls.former import FormerPatch, FormerSeries
from cocci_gen.series.rerolls.merges import split_tags
from cocci_gen.series.rerolls.own_commits import OwnCommit, Text, matched, read_branch, read_commit
from cocci_gen.series.rerolls.revisions import without_history

_URL = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class RerollRequest:
    """What the user asked for: the series that were mailed, the branches with own edits, and where the mails can be read
    (by folder name, or under "" for the only one); `why` says what became of a patch that is not made any more, `tags` are
    the trailers that people gave, by change id of the patch."""

    former: tuple[FormerSeries, ...] = ()
    branches: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    why: Callable[[FormerPatch], str] = lambda patch: "no longer found"
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class OwnWork:
    """By change id: the commit that was mailed (`mailed`), the one that holds what the user made of it (`own`), and why a
    patch is not wanted any more (`taken_out`); by change id of a series its letter (`covers`); old names of files
    (`renamed`)."""

    def __init__(self, tree: KernelTree, request: RerollRequest) -> None:
        """Read what was mailed and what the branches hold; UsageProblem and NotCarried say what cannot be used."""
        _check_links(request)
        self._tree = tree
        self._former = request.former
        self.taken_out: dict[str, str] = {}
        self.covers: dict[str, str] = {}
        self.remarks: tuple[str, ...] = ()
        self.renamed = self._renames()
        self.mailed = {patch.change_id: self._read_mailed(patch) for series in self._former for patch in series.patches}
        self.own = dict(self.mailed)
        for branch in request.branches:
            self._read_branch(branch)
        for change_id, tags in request.tags.items():
            if change_id in self.own:
                self.own[change_id] = _tagged(self.own[change_id], tags)

    @property
    def paths(self) -> frozenset[str]:
        """The files that any of the patches changes, under the names that they have now."""
        return frozenset(self.renamed.get(path, path) for own in self.own.values() for path in own.paths)

    def moved(self, texts: Iterable[Text]) -> list[Text]:
        """Texts under the names that their files have now."""
        return [replace(text, path=self.renamed.get(text.path, text.path)) for text in texts]

    def _read_mailed(self, patch: FormerPatch) -> OwnCommit:
        ended = self._tree.run_git("cat-file", "-e", f"{patch.commit}^{{commit}}")
        if getattr(ended, "returncode", 1):
            raise UsageProblem(
                f"{self._tree.root} lacks the commit {patch.commit[:12]} ({patch.subject}) of the former series; give "
                f"--kernel the repository where it was made"
            )
        return read_commit(self._tree, patch.commit)

    def _renames(self) -> dict[str, str]:
        """Old name -> new name of the files of the former series that are not there any more."""
        renamed: dict[str, str] = {}
        for series in self._former:
            gone = {path for patch in series.patches for path in patch.paths} - set(self._tree.blobs())
            if gone:
                words = (
                    "diff-tree",
                    "-r",
                    "-z",
                    "-M",
                    "--diff-filter=R",
                    "--name-status",
                    series.base,
                    self._tree.commit,
                )
                names = self._tree.git(*words).decode("utf-8", "surrogateescape").split("\0")
                renamed |= {old: new for old, new in zip(names[1::3], names[2::3], strict=False) if old in gone}
        return renamed

    def _read_branch(self, branch: str) -> None:
        """Take over what one branch holds."""
        former = self._former
        commits = read_branch(self._tree, branch, [*(series.base for series in former), self._tree.commit])
        patches = [patch for series in former for patch in series.patches]
        found, strangers = matched(patches, self.mailed, commits)
        if not found:
            raise UsageProblem(f"no commit of {branch} is a patch of the former series; is it another branch?")
        self.own |= found
        mine = [series for series in former if any(patch.change_id in found for patch in series.patches)]
        for series in mine:
            for patch in series.patches:
                if patch.change_id not in found:
                    self.taken_out[patch.change_id] = f"taken out of {branch}"
        known = {self._tree.identity(), *(one.author for one in self.mailed.values())}
        remarks = [
            f"{one.oid[:12]} of {branch} ({one.subject}) is by {one.author.name}; the new version names you as its author"
            for one in found.values()
            if one.author not in known
        ]
        remarks += [
            f"{one.oid[:12]} of {branch} ({one.subject}) is no patch of cocci-gen; it is not taken along"
            for one in strangers
        ]
        text = self._tree.branch_description(branch)
        if text and len(mine) == 1:
            self.covers[mine[0].change_id] = without_history(text)
        self.remarks += tuple(remarks)


def _tagged(own: OwnCommit, tags: Iterable[str]) -> OwnCommit:
    """A commit with the trailers that it has not yet, behind those that it has."""
    body, had = split_tags(own.message)
    new = [tag for tag in tags if tag not in had]
    return replace(own, message="\n\n".join((body, "\n".join((*had, *new))))) if new else own


def _check_links(request: RerollRequest) -> None:
    """UsageProblem for a link that is none or belongs to no series."""
    known = {series.folder for series in request.former}
    for folder, link in request.links.items():
        if not _URL.fullmatch(link):
            raise UsageProblem(f"{link!r} is no address of a mail; --link takes https://...")
        if folder and folder not in known:
            raise UsageProblem(f"no series before was called {folder!r}: {', '.join(sorted(known)) or 'there is none'}")
        if not folder and len(known) > 1:
            raise UsageProblem("there are several series; say --link FOLDER=URL for each, as in series/index.md")
