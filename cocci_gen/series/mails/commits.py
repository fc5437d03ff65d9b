"""Messages and changed files -> commits in the user's repository, without touching HEAD, index or work tree.

`git fast-import` writes them below refs/cocci-gen/ in one go (1.2 ms per commit) and starts no hook but
reference-transaction, which is switched off.  Only files of the base tree can be changed, as fast-import itself would
take any path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.errors import CocciGenError, UsageProblem
from cocci_gen.kernel.import_stream import commit, entry, removal
from cocci_gen.kernel.mailboxes import Mailbox, parse_mailboxes
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person

REFS = "refs/cocci-gen"
#: `git --date=SECONDS` takes less for no date.
_FIRST_DATE = 100_000_000


@dataclass(frozen=True, slots=True)
class FileChange:
    """The new content of one file."""

    path: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit to be: the whole message and the files it changes."""

    message: str
    changes: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that was written."""

    oid: str
    tree: str


@dataclass(frozen=True, slots=True)
class State:
    """A state of a tree as a commit to be: its message, who made it, and all in which it differs from the tree's commit."""

    message: str
    sender: str
    files: Mapping[str, bytes]
    gone: frozenset[str]


def base_date(tree: KernelTree) -> int:
    """The date of all commits of a series: that of the base commit, so that equal findings give equal commits.

    A commit whose line of the committer is no such line has none, and counts as made on the first day that git takes.
    """
    said = tree.git("rev-list", "--max-count=1", "--no-commit-header", "--format=%ct", tree.commit).strip()
    return int(said) if re.fullmatch(rb"\d{1,10}", said) else _FIRST_DATE


def write_commits(tree: KernelTree, ref: str, drafts: Sequence[Draft], person: Person, date: int) -> tuple[Commit, ...]:
    """Drafts, each on top of the one before, the first on the tree's commit -> the commits, kept under `ref`."""
    who, pieces = _who(person.name, person.email, date), list[bytes]()
    for draft in drafts:
        pieces.append(commit(ref, who, draft.message.encode()))
        for change in draft.changes:
            pieces.append(entry(_mode(tree, change.path), change.path, change.text))
        pieces.append(b"\n")
    _import(tree, ref, pieces)
    listing = tree.git("log", "--reverse", "--no-show-signature", "--format=%H %T", f"{tree.commit}..{ref}").decode()
    commits = tuple(Commit(*line.split()) for line in listing.splitlines())
    if len(commits) != len(drafts):
        raise CocciGenError(f"{ref} has {len(commits)} commits where {len(drafts)} were written; please report it")
    return commits


def write_states(tree: KernelTree, ref: str, states: Sequence[State]) -> str:
    """States, one after the other, the first on top of the tree's commit -> the last commit, kept under `ref`.

    Unlike drafts they may bring files and take them away: they are what somebody else has changed, as git has applied it.
    """
    tree.check_writable()
    date, pieces = base_date(tree), list[bytes]()
    before: dict[str, bytes | None] = {}
    for state in states:
        [person, *_] = [*parse_mailboxes(state.sender), Mailbox("nobody", "")]
        who, message = _who(person.plain_name, person.address, date), state.message.encode("utf-8", "replace")
        pieces.append(commit(ref, who, message))
        after: dict[str, bytes | None] = {**state.files, **dict.fromkeys(state.gone)}
        for path in sorted(before.keys() | after.keys()):
            text = after[path] if path in after else tree.text_of(path)
            if text != before.get(path, tree.text_of(path)):
                mode = tree.blobs()[path].mode if path in tree.blobs() else "100644"
                pieces.append(removal(path) if text is None else entry(mode, path, text))
        before = after
        pieces.append(b"\n")
    _import(tree, ref, pieces)
    return tree.git("rev-parse", "--verify", ref).decode().strip()


def make_branch(tree: KernelTree, name: str, tip: str, description: str) -> None:
    """A branch name and a commit -> the branch, with its description (the cover letter); never over an existing one."""
    ref = f"refs/heads/{name}"
    if name.startswith("-") or not _succeeds(tree, "check-ref-format", ref):
        raise UsageProblem(f"{name!r} cannot be the name of a branch")
    if _succeeds(tree, "rev-parse", "--verify", "--quiet", ref):
        raise UsageProblem(f"the branch {name} exists already in {tree.root}; choose another name, or delete it first")
    tree.git("update-ref", "-m", "cocci-gen series", ref, tip, "0" * 40)
    tree.describe_branch(name, description)


def _succeeds(tree: KernelTree, *args: str) -> bool:
    """Whether a git command ends well."""
    return getattr(tree.run_git(*args), "returncode", 1) == 0


def _import(tree: KernelTree, ref: str, pieces: Sequence[bytes]) -> None:
    """Give git fast-import the commits for a ref; CocciGenError for a ref that is not ours."""
    if not ref.startswith(f"{REFS}/"):
        raise CocciGenError(f"{ref} is not below {REFS}/")
    start = f"reset {ref}\nfrom {tree.commit}\n\n".encode()
    # A commit id must not depend on what the ref was before, hence --force; it is ours alone.
    words = ("fast-import", "--quiet", "--force", "--done", "--date-format=raw")
    tree.git(*words, stdin=b"".join([start, *pieces, b"done\n"]))


def _who(name: str, address: str, date: int) -> bytes:
    """A person and a date, for the author and the committer."""
    return f"{_ident(name) or 'nobody'} <{_ident(address)}> {date} +0000".encode("utf-8", "replace")


def _mode(tree: KernelTree, path: str) -> str:
    """The mode of a plain file of the base tree; anything else is not ours to change."""
    blob = tree.blobs().get(path)
    if blob is None or blob.mode not in ("100644", "100755"):
        raise CocciGenError(f"{path!r} is no plain file of {tree.revision}, so it is not changed")
    return blob.mode


def _ident(text: str) -> str:
    """A name or address as git stores it."""
    return re.sub(r"[\x00-\x1f<>]+", " ", text).strip()
