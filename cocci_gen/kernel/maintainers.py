"""MAINTAINERS -> who is to be told about a file, in which role and why.

The reading is that of `scripts/get_maintainer.pl --no-git-fallback --no-rolestats --no-keywords -f FILE`
(tests/kernel/test_maintainers.py compares the two); the script itself is not run.  Sections of equal depth come in the
order of the file here and in that of a Perl hash there, where who stands in two of them under two addresses is named by
either, run by run.  What is hostile or broken in the file is left out and named in `warnings`, never passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cocci_gen.kernel.mailboxes import Mailbox, Mailmap, parse_mailbox, parse_mailboxes, quoted, read_mailmap
from cocci_gen.kernel.path_patterns import PatternTable, PatternUnfit, name_meets, name_regex

_FIELD = re.compile(r"([A-Z]):\s*(.*)", re.DOTALL)
#: Longer lines are no entries of a person's making, and some patterns of this module would be slow on them.
_LONGEST_LINE = 1000
#: get_maintainer.pl never names him unless asked to.
_CHIEF = "Linus Torvalds <torvalds@linux-foundation.org>"
_ROLES = {
    "supported": "supporter",
    "maintained": "maintainer",
    "odd fixes": "odd fixer",
    "orphan": "orphan minder",
    "obsolete": "obsolete minder",
    "buried alive in reporters": "chief penguin",
}
_SHOWN_TITLE = 50


@dataclass(frozen=True, slots=True)
class SectionField:
    """One `X: value` line."""

    letter: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its title (the last line before its fields) and its fields in order."""

    title: str
    line: int
    fields: tuple[SectionField, ...]

    def values(self, letters: str) -> tuple[str, ...]:
        """The values of all fields with one of these letters."""
        return tuple(entry.value for entry in self.fields if entry.letter in letters)

    @property
    def status(self) -> str:
        """The last S: value, or `unknown`."""
        return (self.values("S") or ("unknown",))[-1]

    @property
    def orphaned(self) -> bool:
        """Whether nobody looks after it."""
        return any(word in self.status.lower() for word in ("orphan", "obsolete"))

    @property
    def shown_title(self) -> str:
        """The title, cut as in the roles of get_maintainer.pl."""
        if len(self.title) <= _SHOWN_TITLE:
            return self.title
        return self.title[: _SHOWN_TITLE - 3].rstrip() + "..."


@dataclass(frozen=True, slots=True)
class Match:
    """A section that covers a path, how deep its pattern reaches, and the field that said so."""

    section: Section
    depth: int
    by: SectionField


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell, in which role (the words of get_maintainer.pl) and why."""

    mailbox: Mailbox
    role: str
    reason: str

    @property
    def is_list(self) -> bool:
        """Whether this is a mailing list."""
        return self.role.split(":")[0] in ("open list", "moderated list", "subscriber list")

    @property
    def is_reviewer(self) -> bool:
        """Whether this is a reviewer, who gets a copy."""
        return self.role.startswith("reviewer")


@dataclass(frozen=True, slots=True)
class Maintainers:
    """The whole of MAINTAINERS, .mailmap and .get_maintainer.ignore of one tree."""

    sections: tuple[Section, ...]
    mailmap: Mailmap
    ignored: frozenset[str]
    warnings: tuple[str, ...]
    _table: PatternTable[SectionField] = field(repr=False)
    _names: tuple[tuple[int, SectionField, re.Pattern[str]], ...] = field(repr=False)

    @classmethod
    def parse(
        cls, maintainers: bytes, directories: Iterable[str], mailmap: bytes = b"", ignore: bytes = b""
    ) -> Maintainers:
        """The three files and the folders of the tree -> Maintainers.

        A folder in an F: line counts as such also without its slash, as in the script; hence `directories`.
        """
        warnings: list[str] = []
        sections = tuple(_sections(_lines(_decoded(maintainers), warnings)))
        table = PatternTable[SectionField](frozenset(directories))
        names: list[tuple[int, SectionField, re.Pattern[str]]] = []
        for number, section in enumerate(sections):
            for entry in section.fields:
                try:
                    if entry.letter in "FX":
                        table.add(entry.value, number, entry)
                    elif entry.letter == "N":
                        names.append((number, entry, name_regex(entry.value)))
                except PatternUnfit as problem:
                    warnings.append(f"MAINTAINERS:{entry.line}: {problem}; the line is not used")
        readable = "\n".join(line for line in _decoded(mailmap).split("\n") if len(line) <= _LONGEST_LINE)
        return cls(sections, read_mailmap(readable), _ignored(ignore), tuple(warnings), table, tuple(names))

    @property
    def source(self) -> str:
        """Where the people are named."""
        return "MAINTAINERS"

    @property
    def advice(self) -> str:
        """What can be done where it names nobody."""
        return "; ask on the list who takes the patch"

    def matches(self, path: str) -> tuple[Match, ...]:
        """The sections that cover a path, the deepest pattern first, equal ones in the order of the file."""
        found: dict[int, tuple[int, SectionField]] = {}
        excluded: set[int] = set()
        hits = [(number, entry, depth) for number, entry, depth in self._table.hits(path)]
        hits += [(number, entry, 0) for number, entry, regex in self._names if name_meets(regex, path)]
        for number, entry, depth in sorted(hits, key=lambda hit: hit[1].line):
            if entry.letter == "X":
                excluded.add(number)
            else:
                found[number] = (depth, entry)
        matches = (Match(self.sections[n], *found[n]) for n in sorted(found) if n not in excluded)
        return tuple(sorted(matches, key=lambda match: -match.depth))

    def leading_section(self, path: str) -> Section | None:
        """The section that a patch to this path belongs to: the deepest one that has anybody or any list to tell."""
        matches = self.matches(path)
        return next((match.section for match in matches if match.section.values("ML")), None)

    def recipients(self, path: str, *, subscriber_lists: bool = False) -> tuple[Recipient, ...]:
        """Whom get_maintainer.pl would name for this path, people first, then lists."""
        return _Collection(self.mailmap, subscriber_lists).collect(self.matches(path))


@dataclass(slots=True)
class _Collection:
    """People and lists as they are gathered from one section after another, each of them once."""

    mailmap: Mailmap
    subscriber_lists: bool
    people: list[Recipient] = field(default_factory=list)
    lists: list[Recipient] = field(default_factory=list)
    in_use: set[str] = field(default_factory=set)
    by_name: dict[str, Mailbox] = field(default_factory=dict)
    by_address: dict[str, Mailbox] = field(default_factory=dict)

    def collect(self, matches: Iterable[Match]) -> tuple[Recipient, ...]:
        """All recipients of the matching sections."""
        for match in matches:
            for entry in match.section.fields:
                if entry.letter in "MR":
                    self._add_people(match, entry)
                elif entry.letter == "L":
                    self._add_list(match, entry)
        mapped = [self._merged(recipient) for recipient in (*self.people, *self.lists)]
        unique = {str(recipient.mailbox): recipient for recipient in reversed(mapped)}
        firsts = (recipient for recipient in mapped if unique[str(recipient.mailbox)] is recipient)
        return tuple(recipient for recipient in firsts if _CHIEF not in str(recipient.mailbox))

    def _add_people(self, match: Match, entry: SectionField) -> None:
        """An M: or R: line."""
        status = match.section.status.lower()
        role = "reviewer" if entry.letter == "R" else _ROLES.get(status, status)
        for mailbox in parse_mailboxes(entry.value):
            keys = {f"name {mailbox.name.lower()}", f"mail {mailbox.address.lower()}"} - {"name "}
            if not keys & self.in_use:
                self.in_use |= keys
                self.people.append(Recipient(mailbox, f"{role}:{match.section.shown_title}", _reason(match, entry)))

    def _add_list(self, match: Match, entry: SectionField) -> None:
        """An L: line: address, then perhaps a remark on who may post."""
        address, *remarks = entry.value.split(None, 1) or [""]
        remark = "".join(remarks)
        if f"list {address.lower()}" in self.in_use:
            return
        kind = "moderated list" if "moderated" in remark else "open list"
        if "subscribers-only" in remark:
            if not self.subscriber_lists:
                return
            kind = "subscriber list"
        self.in_use.add(f"list {address.lower()}")
        title = match.section.shown_title
        role = kind if title == "THE REST" else f"{kind}:{title}"
        self.lists.append(Recipient(Mailbox("", address), role, _reason(match, entry)))

    def _merged(self, recipient: Recipient) -> Recipient:
        """The recipient under the real name and address, the same person always under the same one."""
        box = self.mailmap.real(parse_mailbox(str(recipient.mailbox)))
        name, address = box.name.lower(), box.address.lower()
        known = (self.by_name.get(name) if name else None) or self.by_address.get(address)
        if known is None:
            self.by_name[name] = self.by_address[address] = box
        return Recipient(self.mailmap.real(known or box), recipient.role, recipient.reason)


def _reason(match: Match, entry: SectionField) -> str:
    """Why somebody is told, for a person to check."""
    return f"MAINTAINERS:{entry.line}, {match.section.title}, by {match.by.letter}: {match.by.value}"


def _decoded(data: bytes) -> str:
    """UTF-8, or Latin-1 for the lines that are not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(_decoded_line(line) for line in data.split(b"\n"))


def _decoded_line(line: bytes) -> str:
    """One line as UTF-8, else as Latin-1."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _lines(text: str, warnings: list[str]) -> Iterator[tuple[int, str]]:
    """The numbered lines that are neither empty nor comments nor absurd."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            warnings.append(f"MAINTAINERS:{number}: the line has {len(line)} characters; it is not used")
        elif line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _sections(lines: Iterable[tuple[int, str]]) -> Iterator[Section]:
    """Numbered lines -> sections: runs of fields, each titled by the line before it."""
    title, title_line, fields = "", 0, list[SectionField]()
    for number, line in lines:
        if found := _FIELD.match(line):
            fields.append(SectionField(found[1], found[2].rstrip("\r"), number))
            continue
        if fields:
            yield Section(title, title_line, tuple(fields))
        title, title_line, fields = line.strip(), number, []
    if fields:
        yield Section(title, title_line, tuple(fields))


def _ignored(ignore: bytes) -> frozenset[str]:
    """`.get_maintainer.ignore` -> the addresses (lower case) that must not be added from the history of a file."""
    lines = (re.sub(r"#.*", "", line).strip() for line in _decoded(ignore).split("\n") if len(line) <= _LONGEST_LINE)
    return frozenset(parse_mailbox(quoted(line) if "<" not in line else line).address.lower() for line in lines if line)
