"""The files of patches -> whom each mail of a series goes to, and what is odd about that.

Maintainers get a patch (To:), reviewers and lists a copy.  Every list of the series gets all of it, as subsystems ask
for (xfs-maintainer-entry-profile.rst); people get the patches to their own files and the cover letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cocci_gen.kernel.mailboxes import Mailbox, address_header
from cocci_gen.kernel.maintainers import Maintainers, Recipient

#: More recipients than this make a mail look like spam; a cover letter then goes to the lists alone.
MOST_RECIPIENTS = 20
#: SMTP servers need not take more (RFC 5321).
_LIMIT = 100
#: The header limit of the old list server of the kernel.
_HEADER_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where one mail goes: each address with its role and the reason, and what a person should look at."""

    to: tuple[Recipient, ...]
    cc: tuple[Recipient, ...]
    warnings: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many recipients there are."""
        return len(self.to) + len(self.cc)


def envelopes(
    maintainers: Maintainers,
    patches: Sequence[Sequence[str]],
    above: Sequence[str] = (),
    further: Sequence[Sequence[Recipient]] = (),
) -> tuple[Envelope, tuple[Envelope, ...]]:
    """The changed files of each patch of one series -> the envelope of the cover letter and those of the patches; the lists
    that look after the files `above` get a copy of everything, `further` people the patch with their number."""
    known = ([r for path in paths for r in maintainers.recipients(path)] for paths in patches)
    per_patch = [_unique([*found, *more]) for found, more in zip_longest(known, further, fillvalue=())]
    over = [recipient for path in above for recipient in maintainers.recipients(path)]
    lists = [r for r in _unique([*(r for found in per_patch for r in found), *over]) if r.is_list]
    people = _unique(r for found in per_patch for r in found if not r.is_list)
    everybody = [*people, *lists] if len(people) + len(lists) <= MOST_RECIPIENTS else lists
    warnings = [_warnings(maintainers, paths) for paths in patches]
    cover = _envelope(everybody, sorted({warning for found in warnings for warning in found}))
    return cover, tuple(
        _envelope([*(r for r in found if not r.is_list), *lists], warned)
        for found, warned in zip(per_patch, warnings, strict=True)
    )


def _envelope(recipients: Sequence[Recipient], warnings: Sequence[str]) -> Envelope:
    """Recipients, people first -> the envelope, without what cannot stand in a header."""
    good = [recipient for recipient in recipients if recipient.mailbox.mailable]
    found = [f"{r.mailbox.address!r} is no mail address ({r.reason})" for r in recipients if not r.mailbox.mailable]
    to = [r for r in good if not r.is_list and not r.is_reviewer] or good[:1]
    cc = [r for r in good if r not in to]
    if len(good) > MOST_RECIPIENTS:
        found.append(f"{len(good)} recipients: more than {MOST_RECIPIENTS} look like spam")
    if len(good) > _LIMIT:
        found.append(f"{len(good)} recipients: servers may refuse more than {_LIMIT}, so the last ones are left out")
        cc = cc[: max(0, _LIMIT - len(to))]
        to = to[:_LIMIT]
    for name, mailboxes in (("To", to), ("Cc", cc)):
        size = len(address_header(name, [recipient.mailbox for recipient in mailboxes]))
        if size > _HEADER_LIMIT:
            found.append(f"the {name}: header has {size} characters; list servers may hold mails with more than 1000")
    return Envelope(tuple(to), tuple(cc), (*warnings, *found))


def _warnings(maintainers: Maintainers, paths: Iterable[str]) -> list[str]:
    """What a person should know about the sections of these files."""
    found = []
    for path in paths:
        matches = maintainers.matches(path)
        if matches and matches[0].section.orphaned:
            section = matches[0].section
            found.append(f"{path}: {section.title} is {section.status!r}; nobody may look at the patch")
        if not any(not r.is_list for r in maintainers.recipients(path)):
            found.append(f"{path}: {maintainers.source} names no person{maintainers.advice}")
    return found


def _unique(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Each address once, the first mention counts."""
    found: dict[str, Recipient] = {}
    for recipient in recipients:
        found.setdefault(recipient.mailbox.address.lower(), recipient)
    return list(found.values())


def mailboxes(recipients: Iterable[Recipient]) -> list[Mailbox]:
    """Recipients -> their mailboxes."""
    return [recipient.mailbox for recipient in recipients]
