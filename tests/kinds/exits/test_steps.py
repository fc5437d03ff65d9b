"""`kinds/exits/steps`: the lock taken again, or given back twice."""

import pytest

from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.registry import RULES

HEAD = "static int demo_readpage(struct file *file, struct page *page)\n{\n"
OPS = "static const struct address_space_operations demo_aops = { .readpage = demo_readpage };\n"
ENDS = """\
static int ends(struct page *p)
{
	if (p->ready)
		unlock_page(p);
	else
		submit_bio(p->bio);
	return 0;
}
static int tries(struct page *p)
{
	int x = look(p);

	if (!p->inside)
		return -EAGAIN;
	unlock_page(p);
	return x;
}
"""
AGAIN = "static void again(struct page *p)\n{\n\tunlock_page(p);\n}\n"


@pytest.fixture
def steps(wrong):
    """steps(code, helpers) -> (line in the code, confidence, message) of what is starred and is no return."""
    return lambda code, helpers="": [(f.line - 2, f.confidence, f.message) for f in wrong(code, helpers)]


@pytest.fixture
def wrong(facts_of, make_obligation):
    """wrong(code, helpers) -> the findings about what is no return."""

    def find(code, helpers=""):
        facts = facts_of({"fs/a.c": HEAD + code + "\n}\n" + OPS + helpers}, methods=("readpage",))
        rule = RULES["unlocks"][0]
        (duty,) = rule.duties(make_obligation("readpage"), facts)[0]
        lines = range(1, 3 + code.count("\n") + 2)
        returns = {node.line for node in duty.graph.nodes if node.kind == "return"}
        found = (one.finding for one in rule.judge(duty, lines, ""))
        return [one for one in found if one.line not in returns]

    return find


def test_a_second_unlock_and_a_second_lock_are_found(steps):
    """The next owner loses its lock, or the task waits for itself."""
    twice = "demo_readpage() unlocks the page, which it has unlocked already"
    again = "demo_readpage() locks the page, which is locked already"

    assert [(2, Confidence.HIGH, twice)] == steps("\tunlock_page(page);\n\tunlock_page(page);\n\treturn 0;")
    assert [(1, Confidence.HIGH, again)] == steps("\tlock_page(page);\n\tunlock_page(page);\n\treturn 0;")


def test_both_places_are_told(wrong):
    """A message, a mail or a page would show the second unlock alone, and the reader would look for the first."""
    code = (
        "\tif (page->x)\n\t\tgoto out;\n\tunlock_page(page);\n\tif (page->y)\n\t\tunlock_page(page);\nout:\n\treturn 0;"
    )
    (finding,) = wrong(code)

    assert [
        (1, "`page->x` is false"),
        (3, "unlock_page(): the first of the two"),
        (4, "`page->y` is true"),
        (5, "unlock_page() is reached"),
    ] == [(step.line - 2, step.note) for step in finding.evidence]


@pytest.mark.parametrize(
    "code",
    [
        "\tunlock_page(page);\n\tlock_page(page);\n\tunlock_page(page);\n\treturn 0;",
        "\tif (trylock_page(page))\n\t\tunlock_page(page);\n\tunlock_page(page);\n\treturn 0;",
        "\tint x = get();\n\tif (x)\n\t\tunlock_page(page);\n\tif (!x)\n\t\tunlock_page(page);\n\treturn 0;",
        "\tunlock_page(page);\n\tpage = next(page);\n\tunlock_page(page);\n\treturn 0;",
    ],
    ids=["taken again between", "a try fails", "either or", "another page"],
)
def test_what_is_right_is_not_told(steps, code):
    """An alarm here would be false."""
    assert [] == steps(code)


def test_a_helper_that_does_so_is_believed_less(steps):
    """It may do so on some of its ways only."""
    ((line, confidence, _),) = steps("\tunlock_page(page);\n\tagain(page);\n\treturn 0;", AGAIN)

    assert (2, Confidence.MODERATE) == (line, confidence)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("\tif (page->x)\n\t\tunlock_page(page);\n\treturn ends(page);", [(3, Confidence.MODERATE)]),
        ("\tif (page->x)\n\t\tprepare(page->x);\n\treturn ends(page);", []),
        ("\tif (page->x) {\n\t\tunlock_page(page);\n\t\treturn 0;\n\t}\n\treturn ends(page);", []),
        ("\tint x = tries(page);\n\tif (x == -EAGAIN)\n\t\tx = ends(page);\n\treturn x;", []),
    ],
    ids=["unlocked", "locked", "either or", "perhaps unlocked"],
)
def test_who_takes_the_page_over_gets_it_locked(facts_of, make_obligation, code, found):
    """The read that is asked for then unlocks a page that somebody else has locked meanwhile."""
    facts = facts_of({"fs/a.c": HEAD + code + "\n}\n" + OPS + ENDS}, methods=("readpage",))
    rule = RULES["unlocks"][0]
    duties = [
        one for one in rule.duties(make_obligation("readpage"), facts)[0] if one.definition.name == "demo_readpage"
    ]
    findings = [one.finding for duty in duties for one in rule.judge(duty, range(1, 20), "")]

    assert found == [(one.line - 2, one.confidence) for one in findings if "already" in one.message]
