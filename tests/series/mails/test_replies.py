"""Answers to patch mails."""

import email
from dataclasses import replace
from email.policy import default

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Breach, Confidence, Finding, Fix, NoFix
from cocci_gen.kernel.patches import Letter, NoLetter, Patch
from cocci_gen.kernel.users import Person
from cocci_gen.series.mails.replies import Broken, answers, lacking
from cocci_gen.series.words.rule_book import RuleBook

ME = Person("Me Myself", "me@test.example")
HUNK = b"@@ -%d,3 +%d,4 @@ int f(void)\n line\n+added %d\n line\n line\n"
DIFF = b"diff --git a/fs/a.c b/fs/a.c\n--- a/fs/a.c\n+++ b/fs/a.c\n" + HUNK % (1, 1, 1) + HUNK % (50, 51, 2)
LETTER = Letter(
    "[PATCH 1/2] fs: x", "Jörg Ä <j@demo.example>", "", "l@lists.example, me@test.example",
    "Other <o@demo.example>, not an address, evil@x.example\nBcc: y@z.example",
    "Mon, 1 Jan 2024 10:00:00 +0100", "<1@demo>", "<0@demo> junk",
)  # fmt: skip


def finding(line=52, fix=None, file="fs/a.c", kind="unlocks", more=(), owed=("unlock_page",)):
    """One breach."""
    source = RuleSource("Documentation/filesystems/locking.rst", 272, "writepage: yes, unlocks (see below)")
    obligation = Obligation(
        "address_space_operations", "writepage", kind, "page", "PageLocked(page)", "yes, unlocks", source
    )
    breach = Breach("return 1;", "x", True, line, owed, "page", "page")
    steps = (Step(file, line - 1, "`x` is true"), Step(file, line, "returns with the page locked"), *more)
    made = fix or NoFix("none")
    return Finding(
        "f" * 16,
        obligation,
        file,
        "f",
        line,
        "f() returns with the page locked",
        Confidence.HIGH,
        breach,
        (),
        steps,
        "",
        made,
    )


def source(_):
    """The file as the patch leaves it."""
    return b"int f(void)\n{\n" + b"\tline();\n" * 80 + b"}\n"


def answer(findings, letter=LETTER, diff=DIFF):
    """The one answer, parsed."""
    ((name, data),) = answers(RuleBook(), ME, [Broken(Patch("fs: x", 1, 2, diff, letter), findings, source)])
    return name, email.message_from_bytes(data, policy=default)


def test_it_goes_to_everybody_who_got_the_patch_and_below_it():
    """A lonely mail is read by nobody; one with smuggled recipients by too many."""
    name, mail = answer([finding()])

    assert "0001-re-fs-x.eml" == name
    assert "Re: [PATCH 1/2] fs: x" == mail["Subject"]
    assert ("<1@demo>", "<0@demo> <1@demo>") == (mail["In-Reply-To"], " ".join(mail["References"].split()))
    assert ["j@demo.example"] == [one.addr_spec for one in mail["To"].addresses]
    assert {"l@lists.example", "o@demo.example"} >= {
        one.addr_spec for one in (mail["Cc"].addresses if mail["Cc"] else ())
    }
    assert mail["Bcc"] is None
    assert "me@test.example" == mail["From"].addresses[0].addr_spec


def test_it_quotes_the_hunk_that_breaks_it_and_says_why():
    """Whoever reads it has the patch of last week no more in mind."""
    fix = Fix((), "", "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -52 +52 @@\n-x\n+y\n")
    body = answer([finding(fix=fix)])[1].get_content()

    assert body.startswith(
        "On Mon, 1 Jan 2024 10:00:00 +0100, Jörg Ä wrote:\n> --- a/fs/a.c\n> +++ b/fs/a.c\n> @@ -50,3 +51,4 @@"
    )
    assert "added 1" not in body
    assert (
        'Documentation/filesystems/locking.rst (line 272) says of ->writepage(),\nin the column "PageLocked(page)":\n\n'
        "  writepage: yes, unlocks" in body
    )
    assert "  fs/a.c:52: returns with the page locked" in body
    assert "This on top would mend it:\n\n--- a/fs/a.c" in body


def test_a_breach_elsewhere_quotes_the_helper_that_changed_or_nothing():
    """The caller of a changed helper stands in another file; a hunk that has nothing to do with it sends the author astray."""
    diff = b"--- a/fs/a.c\n+++ b/fs/a.c\n@@ -9,2 +9,3 @@ int other(void)\n \n+added 1\n \n"
    helper = diff + b"@@ -50,2 +51,3 @@ int help_it(void)\n \n+added 2\n \n"
    elsewhere = finding(file="fs/other.c", line=9, more=(Step("fs/other.c", 8, "f() calls help_it()"),))
    told, untold = (answer([elsewhere], diff=text)[1].get_content() for text in (helper, diff))

    label = diff + b"@@ -50,3 +51,4 @@\n out:\n+added 2\n \thelp_it(page);\n \n"  # that calls it, and is not it

    assert "> +added 2" in told
    assert "> +added 2" not in answer([elsewhere], diff=label)[1].get_content()
    assert "> +added 1" not in told + untold
    assert all("No hunk of the patch holds these lines" in " ".join(text.split()) for text in (told, untold))
    assert "No hunk of the patch" not in answer([finding()])[1].get_content()


def test_what_the_version_before_had_is_told_as_such():
    """Who has answered v1 knows it, and wants to see at once what is new in v2."""
    patch = Patch("x", 1, 2, DIFF, LETTER)
    stood, new = (
        next(answers(RuleBook(), ME, [Broken(patch, [finding()], source, "v1", frozenset(names))]))[1]
        for names in (["f" * 16], [])
    )

    assert b"\nAs in v1:\n\nf() returns" in stood
    assert b"As in" not in new


def test_two_breaches_of_one_hunk_quote_it_once():
    """A mail of quotations is not read."""
    body = answer([finding(), finding(line=53)])[1].get_content()

    assert 1 == body.count("> +added 2")
    assert 2 == body.count("says of ->writepage()")


@pytest.mark.parametrize(("findings", "letter"), [([], LETTER), (["x"], NoLetter())])
def test_nothing_to_say_or_nobody_to_say_it_to(findings, letter):
    """No mail then."""
    assert [] == list(answers(RuleBook(), ME, [Broken(Patch("x", 0, 0, DIFF, letter), findings, source)]))


def test_only_the_path_is_told_as_the_path():
    """What else the function does to the page is for who judges the finding: six lines of it hide the two that matter."""
    more = (
        Step("fs/a.c", 60, "submit_bio() starts I/O [hand_on]: not passed on this path"),
        Step("fs/a.c", 61, "bio->bi_private keeps it [escape]: not passed on this path"),
        Step("fs/a.c", 51, "g() hands it on [escape]: passed, does not discharge"),
    )
    body = answer([finding(more=more)])[1].get_content()

    assert "returns with the page locked" in body
    assert "[hand_on]" not in body
    assert "[escape]" not in body


def test_what_goes_wrong_is_told_where_it_is_known():
    """Who reads "returns with the page locked" in a file system that he does not know learns what a user will see; of a page that
    is unlocked twice something else is true."""
    effect = "The next task that wants to lock the page then sleeps for ever in\nuninterruptible (D) state."

    assert effect in answer([finding()])[1].get_content()
    assert effect not in answer([finding(owed=())])[1].get_content()
    assert "sleeps for ever" not in answer([finding(kind="must_call")])[1].get_content()


@pytest.mark.parametrize(("kind", "cited"), [("unlocks", True), ("gives_back", False), ("never_sleeps", True)])
def test_a_rule_is_cited_where_it_speaks_of_the_breach(kind, cited):
    """A row about i_rwsem proves nothing about a reference that leaks."""
    assert cited == ("locking.rst" in answer([finding(kind=kind)])[1].get_content())


def test_of_a_long_hunk_the_lines_that_matter_are_quoted():
    """Nobody scrolls through the conversion of a caller to come to the return that is wrong."""
    lines = [b"+line %d" % number for number in range(1, 61)]
    diff = b"--- a/fs/a.c\n+++ b/fs/a.c\n@@ -0,0 +1,60 @@\n" + b"\n".join(lines) + b"\n"
    body = answer([finding(line=31)], diff=diff)[1].get_content()
    quoted = [line for line in body.splitlines() if line.startswith("> ")]

    assert ["> --- a/fs/a.c", "> +++ b/fs/a.c", "> @@ -0,0 +1,60 @@", "> [...]", "> +line 24"] == quoted[:5]
    assert ["> +line 37", "> [...]"] == quoted[-2:]


def test_both_ends_of_a_path_through_two_hunks_are_quoted():
    """The call alone does not show what is called."""
    more = (Step("fs/a.c", 2, "f() calls kmalloc()"),)
    body = answer([finding(more=more)])[1].get_content()

    assert "> +added 1" in body
    assert "> +added 2" in body
    assert 1 == body.count("> +++ b/fs/a.c")


def test_our_own_lines_fit_into_a_mail():
    """Lists wrap at 80 columns, in the middle of words."""
    lines = answer([finding(), finding(kind="must_call")])[1].get_content().splitlines()

    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize(
    ("sender", "to", "wanted"),
    [
        ("Jo <j@demo.example>", "l@lists.example", "j@demo.example"),
        ("Me <ME@test.example>", "l@lists.example, me@test.example", "l@lists.example"),
        ("Me <me@test.example>", "", "o@demo.example"),
    ],
)
def test_an_answer_to_oneself_goes_where_the_patch_went(sender, to, wanted):
    """It had no To:, and send-email stopped there."""
    letter = replace(LETTER, sender=sender, to=to, cc="o@demo.example" if not to else "")
    mail = answer([finding()], letter)[1]

    assert [wanted] == [one.addr_spec for one in mail["To"].addresses]
    assert () == lacking(ME, letter)


def test_an_answer_to_a_patch_that_nobody_got_is_to_oneself():
    """A patch that was never mailed may still be checked."""
    mail = answer([finding()], replace(LETTER, sender="Me <me@test.example>", to="", cc=""))[1]

    assert ["me@test.example"] == [one.addr_spec for one in mail["To"].addresses]


def test_what_an_answer_lacks_is_told():
    """Without a Message-ID it stands alone, and nothing said so."""
    alone, nobody = lacking(ME, replace(LETTER, message_id="1", sender="?", to="", cc=""))

    assert "no Message-ID" in alone
    assert "no To:" in nobody
