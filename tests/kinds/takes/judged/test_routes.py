"""Which call leads to a helper that keeps something: a shown chain that cannot happen makes a true finding look false."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

HELPER = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int step(int n) { return n ? -EIO : 0; }
static int helper(struct inode *dir, struct box *box)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	if (!bh) return -EIO;
	if (box && step(2)) return -EIO;
	brelse(bh);
	return 0;
}
"""
METHOD = "static int box_unlink(struct inode *dir, struct dentry *dentry) { return helper(dir, %s); }\n"
OTHER = "int other(struct inode *dir, struct box *box) { return helper(dir, box); }\n"
TABLE = "static const struct inode_operations box_iops = { .unlink = box_unlink };\n"


@pytest.mark.parametrize(
    ("handed", "more", "chain", "confidence"),
    [
        pytest.param("dir->i_private", OTHER, "box_unlink() calls helper()", "high", id="its-own-call"),
        pytest.param("NULL", OTHER, "other() calls helper()", "high", id="another-call"),
        pytest.param("NULL", "", "", "low", id="no-call"),
    ],
)
def test_the_call_allows_the_way(facts_of, make_obligation, handed, more, chain, confidence):
    """`helper(dir, NULL)` never comes to what the test of its parameter guards."""
    facts = facts_of({"fs/box/a.c": HELPER + METHOD % handed + more + TABLE})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (line,) = {place.lines[0] for place in rule.places(duty)}
    (suspect,) = rule.judge(duty, [line], "")
    assert [step.note for step in suspect.finding.evidence if "calls helper" in step.note] == ([chain] if chain else [])
    assert suspect.finding.confidence == confidence


WRAPPER = "static int wrapper(struct inode *dir, struct box *box) { return helper(dir, box); }\n"
DEEP = METHOD.replace("helper(", "wrapper(")
ELSE = OTHER.replace("helper(", "wrapper(")


@pytest.mark.parametrize(
    ("handed", "more", "chain"),
    [
        pytest.param(
            "dir->i_private", ELSE, ["box_unlink() calls wrapper()", "wrapper() calls helper()"], id="its-own"
        ),
        pytest.param("NULL", ELSE, ["other() calls wrapper()", "wrapper() calls helper()"], id="another-call"),
        pytest.param("NULL", "", ["wrapper() calls helper()"], id="none-that-is-near"),
    ],
)
def test_what_a_wrapper_hands_on_is_its_callers(facts_of, make_obligation, handed, more, chain):
    """The maintainer would see in the first line that the way shown is none, and take the finding for false."""
    facts = facts_of({"fs/box/a.c": HELPER + WRAPPER + DEEP % handed + more + TABLE})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (suspect,) = rule.judge(duty, [place.lines[0] for place in rule.places(duty)], "")

    assert chain == [step.note for step in suspect.finding.evidence if "() calls " in step.note]
    assert ("high", handed != "NULL") == (suspect.finding.confidence, bool(suspect.finding.registrations))


def test_a_way_is_shown_in_its_order(facts_of, make_obligation):
    """What is taken before a test stands before it, or nobody can follow the way."""
    facts = facts_of({"fs/box/a.c": HELPER + METHOD % "dir->i_private" + TABLE})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (suspect,) = rule.judge(duty, [place.lines[0] for place in rule.places(duty)], "")
    notes = [step.note for step in suspect.finding.evidence]
    assert notes[1:4] == ["sb_bread() takes buffer head bh", "`bh` is true", "`box` is true"]


COPIES = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int helper(struct inode *dir, void *buf, struct box *box)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	if (!bh) return -EIO;
	if (buf)
		memcpy(buf, bh->b_data, 8);
	if (box)
		return -EINVAL;
	brelse(bh);
	return 0;
}
"""


@pytest.mark.parametrize(("handed", "told"), [("dir->i_private", "`buf` is false"), ("&head", "`buf` is true")])
def test_the_way_is_one_that_the_shown_call_allows(facts_of, make_obligation, handed, told):
    """A maintainer sees at once that `helper(dir, &head, box)` never comes by where `buf` is NULL."""
    method = METHOD.replace("helper(dir, %s)", f"helper(dir, {handed}, dir->i_box)")
    facts = facts_of({"fs/box/a.c": COPIES + method + TABLE})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (suspect,) = rule.judge(duty, [place.lines[0] for place in rule.places(duty)], "")

    assert [told] == [step.note for step in suspect.finding.evidence if "`buf`" in step.note]


def test_what_is_handed_over_stays_there_while_it_is_moved_on(facts_of, make_obligation):
    """A way on which `buf` is true and then false, as `buf = next(buf)` came between, is none that anybody believes."""
    loop = COPIES.replace(
        "\tif (buf)\n", "again:\n\tif (buf)\n\t\tbuf = next_part(buf);\n\tif (step(1)) goto again;\n\tif (buf)\n"
    )
    method = METHOD.replace("helper(dir, %s)", "helper(dir, &head, dir->i_box)")
    text = "static int step(int n) { return n ? -EIO : 0; }\n" + loop + method + TABLE
    facts = facts_of({"fs/box/a.c": text})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (suspect,) = rule.judge(duty, [place.lines[0] for place in rule.places(duty)], "")

    assert {"`buf` is true"} == {step.note for step in suspect.finding.evidence if "`buf`" in step.note}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("struct head *head = &dir->i_head;", "`buf` is true"),
        ("struct head *head = &dir->i_head; if (dir->x) head = other(dir);", "`buf` is false"),
        ("struct head *head = &dir->i_head; move(&head);", "`buf` is false"),
    ],
)
def test_what_a_variable_of_the_caller_keeps_is_handed_over(facts_of, make_obligation, body, told):
    """`run = &indx->run;` is no NULL; one that is set again, or by others, may be."""
    method = METHOD.replace("return helper(dir, %s)", f"{body} return helper(dir, head, dir->i_box)")
    facts = facts_of({"fs/box/a.c": COPIES + method + TABLE})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (suspect,) = rule.judge(duty, [place.lines[0] for place in rule.places(duty)], "")

    assert [told] == [step.note for step in suspect.finding.evidence if "`buf`" in step.note]
