"""PortRule, one semantic patch with what it is made from and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.coccinelle.script_free import refuse_scripts
from cocci_gen.coccinelle.smpl import lint


@dataclass(frozen=True, slots=True)
class Declarations:
    """The headers alone decide: nothing was learned."""


@dataclass(frozen=True, slots=True)
class Learned:
    """`shown` of `of` places in `groups` bodies of code of the tree changed so; `others` are places that did not.  In `mostly` of
    `parts` bodies of code most places did (0 of 0 where nobody counted).  `instead` is what most others give, where that stands
    for what the caller does not have."""

    shown: int
    of: int
    groups: int
    examples: tuple[str, ...]
    others: tuple[str, ...]
    mostly: int = 0
    parts: int = 0
    instead: str = ""

    @property
    def share(self) -> float:
        """How many of the places agree."""
        return self.shown / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class ByPerson:
    """A person wrote it, and it wins."""

    file: str


@dataclass(frozen=True, slots=True)
class Said:
    """A document of the new kernel says so, at this `path:line`."""

    where: str


Ground = Declarations | Learned | ByPerson | Said


@dataclass(frozen=True, slots=True)
class PortRule:
    """One semantic patch: the evolution that it follows, its text, what it rests on, and the words without any of which it
    can change nothing in a file (one word of each set); the files that it is for, none for all; and the macros behind which
    no `;` stands, though SmPL cannot add one without it."""

    id: str
    evolution: str
    title: str
    text: str
    ground: Ground
    words: tuple[frozenset[str], ...]
    paths: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()

    @property
    def stem(self) -> str:
        """The name of its file."""
        return re.sub(r"[^A-Za-z0-9_.]+", "_", self.id).strip("_.")[:100]

    def may_change(self, words: Collection[bytes], path: str = "") -> bool:
        """Whether a file (or part of one) with these identifiers can be changed by it."""
        if path and self.paths and path not in self.paths:
            return False
        return all(any(word.encode() in words for word in some) for some in self.words)


def told(ground: Ground) -> str:
    """What a rule rests on, for a person."""
    match ground:
        case Declarations():
            return "from the declarations of both kernels"
        case ByPerson(file=file):
            return f"your rule {file}"
        case Said(where=where):
            return f"{where} says so"
        case Learned(shown=shown, of=of, groups=groups, instead=instead) if instead:
            rest = f"most of the other {of - shown} give {instead}"
            return f"{shown} of {of} places in {_parts(groups)} of the tree changed so; {rest}"
        case Learned(shown=shown, of=of, groups=groups, others=others, mostly=mostly, parts=parts):
            rest = f"; {_did_not(of - shown, others)}" if of > shown else ""
            most = f", most of them in {mostly} of {parts} parts" if mostly and of > shown else ""
            return f"{shown} of {of} places in {_parts(groups)} of the tree changed so{most}{rest}"


def _parts(groups: int) -> str:
    return "1 part" if groups == 1 else f"{groups} parts"


def _did_not(count: int, others: tuple[str, ...]) -> str:
    """The places that did not change so: some of them, where they are known by name."""
    if not others:
        return f"the other {count} did not"
    return f"the other {count}: {', '.join(others[:4])}{' ...' if count > 4 else ''}"


def problems_of(text: str) -> tuple[str, ...]:
    """What keeps a semantic patch from being used, in words; scripts raise SemanticPatchRefused."""
    refuse_scripts(text)
    return lint(text)


def headed_by(rules: Iterable[PortRule]) -> dict[str, set[str]]:
    """Rules -> by evolution, the functions to which they give a new head."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for names in rule.words if rule.id.startswith(f"{rule.evolution}.head") else ():
            found.setdefault(rule.evolution, set()).update(names)
    return found
