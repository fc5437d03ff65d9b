"""Leaf `message_lint`: what passes it survives format-patch and git am, and pleases checkpatch."""

import random

import pytest

from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.mails.commits import REFS, Draft, FileChange, write_commits
from cocci_gen.series.mails.mail import Expected, MailRoom
from cocci_gen.series.words.lint import lint_body, lint_notes, lint_subject

PERSON = Person("Jérôme Tester", "tester@test.example")
DATE = 1700000000
#: What semantic patches, reports and people put at the start of lines, and what mail programs make of it.
HAZARDS = (
    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
    "From the docs",
    ">From the docs",
    "---",
    "--- a/fs/demo/file.c",
    "+++ b/fs/demo/file.c",
    "diff -u -p a/x b/x",
    "diff --git a/x b/x",
    "Index: x",
    "From: Evil <evil@example.org>",
    "Subject: evil",
    "Date: Thu, 1 Jan 1970 00:00:00 +0000",
    "Bcc: victim@example.org",
    "Cc: stable@vger.kernel.org",
    "Content-Type: text/html",
    "X-Evil: 1",
    "-- >8 --",
    "-- ",
    "--",
    "# include",
    "#spatch --very-quiet",
    "@@ -1,2 +1,2 @@",
    "[PATCH] evil",
    "Signed-off-by: Evil <evil@example.org>",
    "Generated-by: tool",
    "change-id: 20200101-x-0123456789ab",
    "v2: https://example.org",
    "Fixes: 123 (title)",
    "two\rlines",
    "bell\a",
    "\u202ereversed",
    "blank at the end ",
    "x" * 76,
)
HARMLESS = (
    "Text about ->writepage() and fs/demo/file.c:12.",
    "  @@",
    "  - return -EIO;",
    "  --- not a diff",
    "  From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
    "  From: Evil <evil@example.org>",
    "  #include <linux/fs.h>",
    "  ... when != \\(unlock_page(...)\\|folio_unlock(...)\\)",
    "Jérôme, 中村 and \U0001f427 wrote = signs =20 and =?UTF-8?q?words?=",
    "'quotes' \"double\" `back` $(dollar) %s \\n",
    ". a dot",
    "* a star",
    "\tindented by a tab",
    "",
    "+ plus",
    "- minus",
    "> quoted",
    "a: b",
    "https://example.org/" + "x" * 80,
)


@pytest.mark.parametrize("line", HAZARDS)
def test_every_hazard_is_seen(line):
    """Each of these was measured to lose or change a message, or to make checkpatch complain."""
    assert lint_body(f"text\n\n{line}\n\ntext")
    if not line.startswith(
        ("two", "bell", "\u202e", "blank", "x", "Cc: stable", "Signed", "@@", "+++", "---", "diff", "-- >8")
    ):
        assert not lint_body(f"text\n\n  {line}\n\ntext".replace(" \n", "\n")), "indented it is harmless"


@pytest.mark.parametrize("line", [line for line in HARMLESS if line])
def test_what_is_harmless_passes(line):
    """A linter that refuses honest text stops the whole series."""
    assert lint_body(f"text\n\n{line}\n\ntext") == ()


@pytest.mark.parametrize(
    "subject",
    ["", " demo: x", "demo:  x", "[demo] x", "demo: x.", "fs/demo/file.c: x", "demo: found by coccinelle", "Re: x", "a\nBcc: x@y",
     "demo: " + "x" * 80, "demo: \u202ex", "demo: a\tb"],
)  # fmt: skip
def test_bad_subjects(subject):
    """A subject that git am, a mail program or a maintainer's script changes cannot be found again."""
    assert lint_subject(subject)


def test_a_good_message_passes():
    """The linter must not be a wall."""
    assert lint_subject("demo: unlock the page when demo_writepage() returns -EIO") == ()
    assert lint_body("Text.\n\nSigned-off-by: A <a@b.org>", signed=True) == ()
    assert lint_body('Text.\n\nFixes: 0123456789ab ("demo: a title")') == ()


def test_a_body_must_not_begin_like_headers():
    """git am reads From: and Subject: at the start of a body as the author and the subject."""
    for first in ("From: Evil <e@x>", "Subject: evil", "from: evil", "  leading blanks"):
        assert lint_body(f"{first}\n\ntext")


@pytest.mark.parametrize(
    "line", ["--- a/x", "diff --git a/x b/x", "Index: x", "@@ -1 +1 @@", "From x", "-- ", "+++ b/x", "a\rb"]
)
def test_notes_must_not_look_like_diffs(line):
    """What stands below the cut is searched for the beginning of the diff."""
    assert lint_notes(f"text\n{line}\n")
    assert not lint_notes(f"text\n  {line}\n".replace("\r", ""))


def test_whatever_passes_survives(demo_kernel):
    """Random messages made of hazards and harmless lines: those that the linter passes come back byte for byte."""
    draw = random.Random(2611)
    bodies = []
    while len(bodies) < 60:
        lines = [draw.choice(HARMLESS) if draw.random() < 0.9 else noisy(draw) for _ in range(draw.randint(1, 12))]
        body = "\n".join(lines)
        if not lint_body(body):
            bodies.append(body)
    with KernelTree.open(demo_kernel) as tree, MailRoom(tree) as room:
        text = tree.read("fs/demo/file.c")
        drafts = [
            Draft(f"demo: change {number}\n\n{body}\n", (FileChange("fs/demo/file.c", text + b"/* %d */\n" % number),))
            for number, body in enumerate(bodies)
        ]
        commits = write_commits(tree, f"{REFS}/fuzz/x", drafts, PERSON, DATE)
        _, *mails = room.format(commits[-1].oid, "demo: cover\n\nbody\n", PERSON)
        expected = [Expected(PERSON, f"demo: change {n}", body, commits[n].oid) for n, body in enumerate(bodies)]
        problems = room.check(mails, expected)

    assert [(bodies[n], found) for n, found in enumerate(problems) if found] == []


def noisy(draw):
    """A hazard, or random characters that are likely to make one."""
    if draw.random() < 0.5:
        return draw.choice(HAZARDS)
    return "".join(draw.choice("-+@#>= :.FromSubjectDate\\(é\u00a0\u3000") for _ in range(draw.randint(1, 20)))


def test_the_self_test_sees_what_the_linter_forbids(demo_kernel):
    """The second net: were a hazard to pass the linter, the mail would still not be handed out."""
    dangerous = ["--- a/x\n\nlost", "From: Evil <e@x.org>\n\ntext", "text\n\ndiff --git a/x b/x\n\nlost"]
    with KernelTree.open(demo_kernel) as tree, MailRoom(tree) as room:
        text = tree.read("fs/demo/file.c")
        for number, body in enumerate(dangerous):
            change = FileChange("fs/demo/file.c", text + b"/* x */\n")
            [commit] = write_commits(
                tree, f"{REFS}/evil/{number}", [Draft(f"demo: x\n\n{body}\n", (change,))], PERSON, DATE
            )
            _, mail = room.format(commit.oid, "demo: cover\n\nbody\n", PERSON)
            assert room.check([mail], [Expected(PERSON, "demo: x", body, commit.oid)])[0]
