"""The text of a patch mail -> what a mail program, git am or checkpatch would do wrong with it.

Each rule stands for something measured: git am splits a mail at `From <hex>`, cuts it at `---`, reads `From:` at the
start of the body as the author, and so on.  A text without complaints survives format-patch and git am byte for byte
(tests/test_message_lint.py fuzzes that).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SUBJECT_COLUMNS = 75
BODY_COLUMNS = 75

#: What a line of the body must not begin with, and why.
_AT_LINE_START = (
    (re.compile(r">?From "), "git am splits the mail there"),
    (re.compile(r"---"), "git am cuts the message there"),
    (re.compile(r"\+\+\+ "), "it looks like a diff"),
    (re.compile(r"diff -"), "git am cuts the message there"),
    (re.compile(r"Index: "), "git am cuts the message there"),
    (re.compile(r"-- ?$"), "mail programs cut the message there"),
    (re.compile(r"#"), "an editor session of git deletes the line"),
    (re.compile(r"-*\s*(?:>8|8<|%<|>%)"), "git am --scissors cuts the message there"),
    (re.compile(r"\* .*>8|.*-- >8 --"), "git am --scissors cuts the message there"),
    (
        re.compile(
            r"(?:to|cc|bcc|from|subject|date|sender|reply-to|message-id|in-reply-to|references): ?", re.IGNORECASE
        ),
        "mail header",
    ),
    (re.compile(r"(?:mime-version|content-[a-z-]+|x-[a-z-]+): ?", re.IGNORECASE), "mail header"),
    (re.compile(r"(?:generated|found|reported-and-\w+)-by:", re.IGNORECASE), "checkpatch knows no such tag"),
    (re.compile(r"change-id: ?", re.IGNORECASE), "checkpatch takes it for Gerrit's"),
    (re.compile(r"v\d+: *https?:", re.IGNORECASE), "history of versions belongs below the cut"),
    (re.compile(r"\[PATCH"), "git am takes it for a subject"),
)
#: What must not stand anywhere, indented or not.
_ANYWHERE = (
    (re.compile(r"^\s*(?:--- a/|\+\+\+ b/)"), "checkpatch takes it for a diff"),
    (re.compile(r"^\s*@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@"), "checkpatch takes it for a diff"),
    (re.compile(r"^\s*diff\b.*\ba/\S+ .*\bb/\S+"), "checkpatch takes it for a diff"),
)
_LONG_LINE_ALLOWED = re.compile(r"\s*(?:Fixes: |Link: |Closes: |https?://\S+$|[\w./-]+\.[chSs]:\d+)|[A-Z][\w-]+-by: ")
_FIXES = re.compile(r'Fixes: [0-9a-f]{12} \("[^"\n].*"\)')
_STABLE = re.compile(r"stable@(?:vger\.)?kernel\.org", re.IGNORECASE)
_SIGNED = re.compile(r"Signed-off-by:", re.IGNORECASE)
_TOOLS = re.compile(r"\b(?:checkpatch|sparse|smatch|coccinelle|spatch|cocci[-_]gen)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def lint_subject(subject: str) -> tuple[str, ...]:
    """A subject -> complaints."""
    complaints = []
    if not subject.strip() or subject != subject.strip() or "  " in subject:
        complaints.append("the subject is empty or has stray blanks")
    if _CONTROL.search(subject) or "\t" in subject:
        complaints.append("the subject holds a control character")
    if len(subject) > SUBJECT_COLUMNS:
        complaints.append(f"the subject has {len(subject)} columns, {SUBJECT_COLUMNS} are allowed")
    if subject.startswith("["):
        complaints.append("git am strips what stands in [brackets] at the start of a subject")
    if re.match(r"(?:re|fwd?|aw): ?", subject, re.IGNORECASE):
        complaints.append("git am strips Re: and its like from a subject")
    if re.match(r"\S*\.[chS]: ", subject):
        complaints.append("a file name is no subject prefix")
    if _TOOLS.search(subject):
        complaints.append("the name of a tool does not belong in a subject")
    if subject.endswith("."):
        complaints.append("a subject does not end in a full stop")
    return tuple(complaints)


def lint_body(body: str, *, signed: bool = False) -> tuple[str, ...]:
    """The body of a message, without a newline at its end -> complaints; `signed` allows one Signed-off-by."""
    complaints = []
    if not body.strip():
        return ("the message has no body",)
    if body != body.strip("\n") or "\n\n\n" in body:
        complaints.append("the body has blank lines to spare")
    for number, line in enumerate(body.split("\n"), 1):
        complaints += [f"line {number} of the body: {what}" for what in _lint_line(line)]
    if _STABLE.search(body):
        complaints.append("a rule of locking.rst alone is no reason for stable")
    if len(_SIGNED.findall(body)) > signed:
        complaints.append("only a person can sign off")
    if re.match(r"\s", body):
        complaints.append("git am strips blanks at the start of the body")
    return tuple(complaints)


def lint_notes(notes: str) -> tuple[str, ...]:
    """What stands below the cut -> complaints: nothing there may look like the beginning of a diff or of a mail."""
    complaints = []
    for number, line in enumerate(notes.split("\n"), 1):
        if _CONTROL.search(line):
            complaints.append(f"line {number} of the notes holds a control character")
        if re.match(r"(?:>?From |---|\+\+\+ |diff |Index: |@@ |-- ?$|GIT binary)", line):
            complaints.append(f"line {number} of the notes looks like a diff or a mail: {line[:30]!r}")
    return tuple(complaints)


def _lint_line(line: str) -> Iterator[str]:
    """Complaints about one line."""
    if _CONTROL.search(line):
        yield "it holds a control character"
    if line != line.rstrip():
        yield "it ends in blanks"
    if len(line) > BODY_COLUMNS and not _LONG_LINE_ALLOWED.match(line):
        yield f"it has {len(line)} columns, {BODY_COLUMNS} are allowed"
    for pattern, why in _AT_LINE_START:
        if pattern.match(line):
            yield f"it begins with {line[:20]!r}: {why}"
    for pattern, why in _ANYWHERE:
        if pattern.search(line):
            yield f"{line.strip()[:20]!r}: {why}"
    if line.startswith("Fixes:") and not _FIXES.fullmatch(line):
        yield 'a Fixes: tag has 12 hex digits and ("title")'
