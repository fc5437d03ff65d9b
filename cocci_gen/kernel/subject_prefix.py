"""Paths of a tree -> the subject prefix that patches to them carry: from their history, else by convention.

The history speaks first: of the file, then of its neighbours.  Commits at the boundary of the history (the first one,
the border of a shallow clone, Debian's import) touch everything and prove nothing; merges and reverts prove no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen import programs
from cocci_gen.kernel.tree import KernelTree

#: So many of the latest commits to a path are asked.
_RECENT = 40
#: A prefix counts as used when this many subjects carry it.
_FEWEST = 2
_TIMEOUT = 60.0
#: The source of a prefix that no history shows.
BY_PLACE = "its place in the tree"
_PARTS = re.compile(r"(?:[A-Za-z0-9_][\w.,+/()*-]{0,30}: ?)*[A-Za-z0-9_][\w.,+/()*-]{0,30}: (?=\S)")
_TREEWIDE = frozenset({"treewide", "tree-wide", "all", "kernel", "scripts", "merge", "revert", "fixup", "squash"})
#: What people write where a folder is named otherwise: path prefix -> prefix of the subject, in which {1} is the next
#: folder or file stem below it; the longest one that fits is taken.
_CONVENTIONS = {
    "": "{1}: ",
    "Documentation/": "docs: {1}: ",
    "arch/": "{1}: ",
    "arch/arm/mach-": "ARM: {1}: ",
    "arch/arm/": "ARM: {1}: ",
    "arch/x86/": "x86/{1}: ",
    "arch/powerpc/": "powerpc/{1}: ",
    "arch/s390/": "s390/{1}: ",
    "block/": "block: ",
    "drivers/": "{1}: ",
    "drivers/block/": "{1}: ",
    "drivers/char/": "{1}: ",
    "drivers/gpu/drm/": "drm/{1}: ",
    "drivers/infiniband/hw/": "RDMA/{1}: ",
    "drivers/infiniband/": "RDMA/{1}: ",
    "drivers/input/": "Input: {1} - ",
    "drivers/media/": "media: {1}: ",
    "drivers/misc/": "{1}: ",
    "drivers/net/": "net: {1}: ",
    "drivers/net/ethernet/": "{2}: ",
    "drivers/net/wireless/": "wifi: {2}: ",
    "drivers/scsi/": "scsi: {1}: ",
    "drivers/staging/": "staging: {1}: ",
    "drivers/usb/": "usb: {1}: ",
    "fs/": "{1}: ",
    "fs/smb/": "smb: {1}: ",
    "fs/notify/": "{1}: ",
    "include/": "{1}: ",
    "include/linux/": "{1}: ",
    "kernel/": "{1}: ",
    "mm/": "mm/{1}: ",
    "net/": "{1}: ",
    "sound/": "ALSA: {1}: ",
    "sound/soc/": "ASoC: {1}: ",
}


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix with its last blank, whether the word after it begins with a capital, and where both come from."""

    text: str
    capital: bool
    source: str

    def apply(self, subject: str) -> str:
        """A subject without prefix -> with it."""
        return self.text + (subject[:1].upper() + subject[1:] if self.capital else subject)


def find_prefixes(tree: KernelTree, paths: Iterable[str]) -> dict[str, Prefix]:
    """Paths of the tree -> the prefix of each; two walks through the history at most, whatever the number of paths."""
    wanted = sorted(set(paths))
    has_history = bool(wanted) and _has_history(tree)
    own = _subjects(tree, wanted) if has_history else {}
    found = {path: prefix for path in wanted if (prefix := _majority(path, own.get(path, ()), "its history"))}
    left = [path for path in wanted if path not in found and "/" in path]
    folders = sorted({str(PurePosixPath(path).parent) for path in left})
    beside = _subjects(tree, folders) if left and has_history else {}
    for path in left:
        neighbours = [
            subject
            for other, subjects in beside.items()
            if PurePosixPath(other).parent == PurePosixPath(path).parent
            for subject in subjects
        ]
        if prefix := _majority(path, neighbours, "the history of its neighbours"):
            found[path] = prefix
    return {path: found.get(path) or _conventional(path) for path in wanted}


def _has_history(tree: KernelTree) -> bool:
    """Whether there is any commit above the boundary."""
    return bool(tree.git("rev-list", "--max-count=1", "--min-parents=1", "--max-parents=1", tree.commit).strip())


def _subjects(tree: KernelTree, paths: Sequence[str]) -> Mapping[str, list[str]]:
    """Paths or folders -> for each changed file the subjects of its latest commits, the latest first.

    Nothing where git takes too long: the convention is good enough then.
    """
    limit = str(_RECENT * len(paths))
    what = ("--no-renames", "--name-only", "-z", "--format=%x01%s", "--no-show-signature", "--no-notes", "--no-color")
    which = (f"--max-count={limit}", "--min-parents=1", "--max-parents=1", tree.commit)
    ended = tree.run_git("--literal-pathspecs", "log", *what, *which, "--", *paths, timeout=_TIMEOUT)
    if not isinstance(ended, programs.Completed) or ended.returncode:
        return {}
    subjects: dict[str, list[str]] = {}
    for record in ended.stdout.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        subject, *names = record.replace("\n", "\0").split("\0")
        for name in filter(None, names):
            if len(subjects.setdefault(name, [])) < _RECENT:
                subjects[name].append(subject)
    return subjects


def _majority(path: str, subjects: Sequence[str], source: str) -> Prefix | None:
    """The prefix that most of the subjects carry, or the most frequent one that names a part of the path."""
    carried = [(match[0], subject[match.end() :]) for subject in subjects if (match := _PARTS.match(subject))]
    carried = [(text, rest) for text, rest in carried if text.split(":")[0].lower() not in _TREEWIDE]
    votes: Counter[str] = Counter()
    for text, _ in carried:
        parts = [part + ": " for part in text.rstrip(": ").split(": ")]
        votes.update("".join(parts[: count + 1]) for count in range(len(parts)))
    strong = [text for text, count in votes.items() if count >= _FEWEST and 2 * count > len(subjects)]
    words = set(re.split(r"[/._-]", path.lower()))
    frequent = [text for text, count in votes.items() if count >= _FEWEST]
    related = [text for text in frequent if words & set(re.split(r"\W+", text.lower()))]
    for candidates in (strong, related):
        if candidates:
            best = max(candidates, key=lambda text: (text in strong, text.count(":") * (text in strong), votes[text]))
            rest = [rest for text, rest in carried if text.startswith(best)]
            return Prefix(best, 2 * sum(word[:1].isupper() for word in rest) > len(rest), source)
    return None


def _conventional(path: str) -> Prefix:
    """The prefix by the place of the file alone."""
    base = max((base for base in _CONVENTIONS if path.startswith(base)), key=len)
    below = [re.sub(r"\.[^.]*$", "", part) for part in path[len(base) :].split("/")]
    safe = [re.sub(r"[^\w.+-]", "_", part, flags=re.ASCII)[:40].strip("._-") or "kernel" for part in below]
    words = {str(number): safe[min(number, len(safe)) - 1] for number in (1, 2)}
    text = re.sub(r"\{(\d)\}", lambda found: words[found[1]], _CONVENTIONS[base])
    return Prefix(text, capital=False, source=BY_PLACE)
