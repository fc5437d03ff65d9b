"""Commits of a repository -> OwnCommit: their message and the files they change, and which patch each one is.

Somebody may have amended what cocci-gen had made, reordered it, or rebased it; the code, the subject or the files tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.errors import CocciGenError, UsageProblem
from cocci_gen.findings.edits import edits_between
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.rerolls.former import FormerPatch

#: A branch with more commits than this is no series.
_MOST_COMMITS = 500


class NotCarried(CocciGenError):
    """Something of the user's cannot be taken over as it is; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """One file before and after one commit."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class OwnCommit:
    """One commit: who wrote it, its message without blank lines at the end, and the files that it changes."""

    oid: str
    author: Person
    message: str
    texts: tuple[Text, ...]
    code: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0]

    @property
    def paths(self) -> frozenset[str]:
        """The files that it changes."""
        return frozenset(text.path for text in self.texts)


def code_of(texts: Iterable[Text]) -> str:
    """Files before and after -> a name for what changes between them, whatever the lines around and their numbers."""
    digest = hashlib.sha256()
    for text in sorted(texts, key=lambda text: text.path):
        digest.update(text.path.encode("utf-8", "surrogateescape") + b"\0\0")
        for edit in edits_between(text.before, text.after):
            digest.update(b"".join((b"-", *edit.old, b"\0+", *edit.new, b"\0")))
    return digest.hexdigest()[:16]


def read_commit(tree: KernelTree, oid: str) -> OwnCommit:
    """A commit -> its words and texts; NotCarried where it does more than change the content of plain files."""
    raw = tree.git("cat-file", "commit", oid)
    head, _, body = raw.partition(b"\n\n")
    fields = dict(line.partition(b" ")[::2] for line in reversed(head.split(b"\n")))
    encoding = fields.get(b"encoding", b"utf-8").decode("ascii", "replace")
    try:
        message, who = body.decode(encoding), fields[b"author"].decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise NotCarried(f"the message of {oid[:12]} is not in {encoding}; amend the commit") from error
    name, _, rest = who.partition(" <")
    listing = tree.git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--abbrev=40", f"{oid}^", oid)
    words = iter(listing.decode("utf-8", "surrogateescape").split("\0"))
    changed = [(word[1:].split(" "), next(words)) for word in words if word.startswith(":")]
    for (old_mode, new_mode, _, _, _), path in changed:
        if old_mode != new_mode or not old_mode.startswith("100"):
            raise NotCarried(
                f"the commit {oid[:12]} adds, removes or renames {path}, or changes its mode; a series of cocci-gen only "
                f"changes the text of files, so leave that to a commit of its own outside of the branch"
            )
    oids = [oid for (_, _, old, new, _), _ in changed for oid in (old, new)]
    blobs = iter([text for _, text in tree.read_blobs(oids)])
    texts = tuple(Text(path, next(blobs), next(blobs)) for _, path in changed)
    return OwnCommit(oid, Person(name, rest.partition(">")[0]), message.strip("\n"), texts, code_of(texts))


def read_branch(tree: KernelTree, branch: str, bases: Iterable[str]) -> tuple[OwnCommit, ...]:
    """A branch and the commits that the series were or will be based on -> the commits that it adds, oldest first."""
    revision = f"{branch}^{{commit}}"
    found = getattr(tree.run_git("rev-parse", "--verify", "--quiet", "--end-of-options", revision), "stdout", b"")
    tip = found.decode().strip()
    if not tip:
        raise UsageProblem(f"there is no branch {branch} in {tree.root}")
    ancestors = [base for base in dict.fromkeys(bases) if _is_ancestor(tree, base, tip)]
    if not ancestors:
        raise UsageProblem(
            f"{branch} is on top of neither the commit of the old run nor of {tree.commit[:12]}; rebase it onto one of them"
        )
    limit = f"--max-count={_MOST_COMMITS + 1}"
    words = ("rev-list", "--reverse", "--topo-order", "--no-merges", limit, tip, *(f"^{base}" for base in ancestors))
    oids = tree.git(*words).decode().split()
    if len(oids) > _MOST_COMMITS:
        raise UsageProblem(f"{branch} has more than {_MOST_COMMITS} commits on top of the base; that is no series")
    commits = (read_commit(tree, oid) for oid in oids)
    return tuple(commit for commit in commits if commit.texts)  # b4 keeps its cover letter in an empty commit


def _is_ancestor(tree: KernelTree, base: str, tip: str) -> bool:
    """Whether a commit is there and below another."""
    return getattr(tree.run_git("merge-base", "--is-ancestor", base, tip), "returncode", 1) == 0


def matched(
    patches: Sequence[FormerPatch], mailed: Mapping[str, OwnCommit], commits: Sequence[OwnCommit]
) -> tuple[dict[str, OwnCommit], tuple[OwnCommit, ...]]:
    """Patches, what was mailed (by change id), commits -> the commit that is each patch now, and those that are none."""
    found: dict[str, OwnCommit] = {}
    free = list(commits)
    for alike in (_same, _same_code, _same_subject, _same_paths, _same_file):
        for patch in patches:
            if patch.change_id not in found:
                fitting = [one for one in free if alike(patch, mailed[patch.change_id], one)]
                if fitting:
                    found[patch.change_id] = fitting[0]
                    free.remove(fitting[0])
    return found, tuple(free)


def _same(patch: FormerPatch, _mailed: OwnCommit, commit: OwnCommit) -> bool:
    return commit.oid == patch.commit


def _same_code(patch: FormerPatch, mailed: OwnCommit, commit: OwnCommit) -> bool:
    return commit.code in (mailed.code, patch.made_code)


def _same_subject(patch: FormerPatch, _mailed: OwnCommit, commit: OwnCommit) -> bool:
    return commit.subject == patch.subject


def _same_paths(patch: FormerPatch, _mailed: OwnCommit, commit: OwnCommit) -> bool:
    return commit.paths == set(patch.paths)


def _same_file(patch: FormerPatch, _mailed: OwnCommit, commit: OwnCommit) -> bool:
    return bool(commit.paths & set(patch.paths))
