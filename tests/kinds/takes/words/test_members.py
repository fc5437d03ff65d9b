"""Members of structures that the functions of a folder give back, and who puts something there."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_takes, unfollowed_ways
from cocci_gen.kinds.takes.words.members import members_of, structures
from cocci_gen.kinds.takes.words.things import things

OWNER = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static void box_put_super(struct super_block *sb)
{
	struct box *box = BOX(sb);
	brelse(box->bh);
}
static int reads(struct super_block *sb)
{
	struct box *box = BOX(sb);
	box->bh = sb_bread(sb, 1);
	return box->bh ? 0 : -EIO;
}
"""
FILLS = """\
static int fills(struct super_block *sb)
{
	struct box *box = BOX(sb);
	int err = reads(sb);
	if (err)
		return err;
	"""
USES = """\
static int %s(struct super_block *sb)
{
	struct slot slot;
	int err = find(sb, &slot);
	if (err)
		return err;
	err = look(sb);
	%s
	return err;
}
"""
AFTER = (
    "static int calls(struct super_block *sb)\n{\n\tint err = fills(sb);\n\tif (err)\n\t\treturn err;\n"
    "\terr = look(sb);\n\tif (err)\n\t\tbox_put_super(sb);\n\treturn err;\n}\n"
)
CALLS = "static int calls(struct super_block *sb)\n{\n\tint err = fills(sb);\n\tif (err)\n\t\t%s;\n\treturn err;\n}\n"


def told_in(facts_of, text, name="fills"):
    """What is told of a function of a file."""
    facts = facts_of({"fs/a/a.c": text})
    (one,) = facts.index.definitions(name)
    takers = takers_of(things()["buffer"], facts.index, facts.effects)
    if not takers.in_text(facts.index.text_of(one), one.path):
        return []
    graph = facts.index.graph(one)
    found = [way.why for held in takers.holdings(graph, one.path) for way in unfollowed_ways(held, held.explored())]
    followed = unfollowed_takes(graph, takers.source(one.path), lambda: takers.holdings(graph, one.path))
    return found + [way.why for way in followed]


@pytest.mark.parametrize(
    ("body", "calls", "lines"),
    [
        ("if (box->n) return -EINVAL; return 0;", "", 1),
        ("if (box->n) { brelse(box->bh); return -EINVAL; } return 0;", "", 0),
        ("if (box->n) return -EINVAL; return 0;", CALLS % "brelse(BOX(sb)->bh)", 0),
        ("if (box->n) return -EINVAL; return 0;", CALLS % "box_put_super(sb)", 0),
        ("if (box->n) return -EINVAL; return 0;", CALLS % 'printk("no")', 1),
        ("if (box->n) return -EINVAL; return 0;", AFTER, 1),
        ("return 0;", "", 0),
    ],
)
def test_what_a_callee_leaves_with_the_owner_is_told_of_where_nobody_gives_it_back(facts_of, body, calls, lines):
    """A mount that failed left the buffer head to nobody, and nothing was said of it."""
    assert len(told_in(facts_of, f"{OWNER}{FILLS}{body}\n}}\n{calls}")) == lines


def test_a_member_of_another_structure_is_none_of_the_owners(facts_of):
    """What stands in a `bh` that nobody gives back is not the function's to give back."""
    text = OWNER.replace("struct box *box = BOX(sb);\n\tbrelse", "struct lid *box = LID(sb);\n\tbrelse")
    assert not told_in(facts_of, f"{text}{FILLS}if (box->n) return -EINVAL; return 0;\n}}\n")


def test_a_helper_that_sets_an_owned_member_fills_it(facts_of):
    """Where another user of the helper gives back what it finds there, one that does not has forgotten it."""
    helper = (
        "static int find(struct super_block *sb, struct slot *slot)\n{\n\tstruct buffer_head *bh = NULL;\n"
        "\tint err = scan(sb, &bh);\n\tif (err)\n\t\treturn err;\n\tslot->bh = bh;\n\treturn 0;\n}\n"
    )
    text = OWNER + helper + USES % ("first", "brelse(slot.bh);") + USES % ("fills", "")
    assert told_in(facts_of, text) == ["whose to give back it is what find() puts into slot.bh"]


def test_structures_of_variables_are_read_from_their_declarations():
    """One that is declared as two things means either."""
    text = "int f(struct a *x, const struct b *y, int n)\n{\n\tstruct c here, *z;\n\tstruct d *x;\n\tstruct e *w = g(n), *v;\n"
    assert structures(text) == {"y": "b", "here": "c", "z": "c", "w": "e"}


def test_the_members_of_a_folder_are_those_that_its_functions_give_back(facts_of):
    """By structure: of a variable whose declaration does not show there is none."""
    facts = facts_of({"fs/a/a.c": OWNER + "static void g(void *p) { brelse(p->other); }\n"})
    members = members_of(facts.index)
    assert members.owning("fs/a", things()["buffer"]) == {"box": {"bh"}}
    assert members.setters("fs/a", things()["buffer"]) == {"reads"}


def test_a_copy_of_a_whole_structure_fills_the_members_that_are_given_back(facts_of):
    """`err = find(sb, &slot)` leaves in the slot what the helper found, be it that this copies all of it: one user forgets it."""
    helper = (
        "static int find(struct super_block *sb, struct slot *slot)\n{\n\tint err = scan(sb);\n"
        "\tif (!err) {\n\t\t*slot = sb->s_slot;\n\t}\n\treturn err;\n}\n"
    )
    first = USES % ("first", "brelse(slot.bh);")
    assert told_in(facts_of, OWNER + helper + first + USES % ("fills", "")) == [
        "whose to give back it is what find() puts into slot.bh"
    ]
    assert not told_in(
        facts_of, OWNER + helper.replace("sb->s_slot", "(struct slot) {}") + first + USES % ("fills", "")
    )
