"""SectionPlan -> Revision: which version of which series it is, and what changed since the one before."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.series.plans import PatchPlan, SectionPlan
from cocci_gen.series.rerolls.own_commits import Text, code_of

_COLUMNS = 72
_HISTORY = re.compile(r"(?:\A|\n\n)Changes in v\d+:\n.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PatchRevision:
    """One patch of this version: its message, and what cocci-gen made before anybody's own edits were put in.

    `history` holds a paragraph per version since the first, the newest first.
    """

    change_id: str
    subject: str
    body: str
    made_message: str
    made_code: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One series of this version; `former` is the range of commits that was mailed before, empty for a first version."""

    section: SectionPlan
    version: int
    change_id: str
    former: str
    cover: str
    made_cover: str
    history: tuple[str, ...]
    patches: tuple[PatchRevision, ...]

    @property
    def cover_text(self) -> str:
        """The cover letter with the history of versions at its end."""
        return "\n\n".join((self.cover.strip("\n"), *self.history)) + "\n"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A patch that was mailed and is not in the new version; `series` is the title of the one that it was in."""

    series: str
    subject: str
    reason: str


def key_of(plan: PatchPlan) -> tuple[str, str, str]:
    """What no two patches of a run share, though they change one file for one sort of breach; equal runs give equal ones."""
    return plan.kind, plan.files[0].path, plan.findings[0].fingerprint


def made_code(plan: PatchPlan) -> str:
    """The name of what a patch changes."""
    return code_of(Text(file.path, file.before, file.after) for file in plan.files)


def new_change_id(series: str, plan: PatchPlan) -> str:
    """What later versions of a patch are known by."""
    seed = "\0".join([series, *key_of(plan)])
    return hashlib.sha256(seed.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def paragraph(version: int, items: Iterable[str]) -> str:
    """`Changes in v2:` and a line for each."""
    lines = [f"Changes in v{version}:"]
    for item in items:
        plain = "".join(character if character.isprintable() else "?" for character in item)
        lines += textwrap.wrap(
            plain, _COLUMNS, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines)


def without_history(cover: str) -> str:
    """A cover letter without the history of versions at its end."""
    return _HISTORY.sub("", cover.strip("\n")).strip("\n")


def first_revision(
    section: SectionPlan, messages: Sequence[tuple[str, str]], cover: str, change_id: str, codes: Sequence[str]
) -> Revision:
    """A series that was never mailed."""
    patches = tuple(
        PatchRevision(new_change_id(change_id, plan), subject, body, f"{subject}\n\n{body}", code, ())
        for plan, (subject, body), code in zip(section.patches, messages, codes, strict=True)
    )
    text = cover.strip("\n")
    return Revision(section, 1, change_id, "", text, text, (), patches)
