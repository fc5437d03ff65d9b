"""Methods that the old kernel called for want of another one."""

import json
import re

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Member, Method
from cocci_gen.port.changes.evolutions import FunctionGone, MemberGone, MethodGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.types import read_types
from cocci_gen.port.methods.lost_method_rules import lost_method_rules
from cocci_gen.port.methods.stand_in_rules import stand_in_rules
from cocci_gen.port.methods.stand_ins import needless_beside, stand_ins
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

HEADER = "include/linux/dig.h"
GONE = MethodGone(Method("spade_operations", Prototype("dig", "int", (), "", 1, 1, "", ()), HEADER))
OTHER = MethodGone(Method("spade_operations", Prototype("digs", "int", (), "", 1, 1, "", ()), HEADER))
WENT = (
    MemberGone(Member("bed", "last", "struct row *", HEADER, 1), alone=False),
    FunctionGone(Function("row_hoe", "void", ("struct row *row",), HEADER, 1), ()),
)
BED = b"""\
struct bed {
	const struct spade_operations *ops;
	struct row *first;
};

struct row *next_row(struct bed *bed, struct row *row, int *error);
void row_rake(struct row *row);
void row_hoe(struct row *row);
"""
HEADERS = {
    HEADER: BED,
    "include/linux/rest.h": b"#include <linux/sleep.h>\n",
    "include/linux/sleep.h": b"#include <linux/dig.h>\nvoid bed_rest(struct bed *bed);\n",
    "include/linux/yard.h": b"struct yard;\n",
}
CARRIER = b"""\
static int dig_each(struct bed *bed, int deep)
{
	struct row *row = NULL;
	int error;

	/* What a row did wrong is told by the last one. */
	while ((row = next_row(bed, row, &error))) {
		error = bed->ops->dig(row, deep);
		row_rake(row);
	}
	bed_rest(bed);
	return error;
}
"""
DISPATCH = b"""
int dig_bed(struct bed *bed, int deep)
{
	int ret = 0;

	if (bed->ops->digs) {
		ret = bed->ops->digs(bed, deep);
	} else if (bed->ops->dig) {
		ret = dig_each(bed, deep);
	}
	return ret;
}
"""
KERNEL = b"#include <linux/dig.h>\n#include <linux/rest.h>\n\n" + CARRIER + DISPATCH
CODE = b"""\
#include <linux/dig.h>

static int elm_dig(struct row *row, int deep)
{
	return elm_turn(row, deep);
}

static const struct spade_operations elm_ops = {
	.rake = elm_rake,
	.dig = elm_dig,
};
"""


def found(kernel=KERNEL, evolutions=(GONE,), excluded=()):
    """What the kernel did for want of a method."""
    code = read_code([("mm/dig.c", kernel)], frozenset({"dig", "digs"}))
    headers = Includes(of_texts("new", HEADERS))
    return stand_ins(evolutions, code, read_types([BED]), headers, "Linux 8.1", excluded)


def ported(workshop, text):
    """A file after the rules for it, and these."""
    code, ways = read_code([("elm.c", text)], frozenset({"dig", "digs"})), found()
    rules = [
        *lost_method_rules(needless_beside(ways, ()), code),
        *stand_in_rules(ways, code, Includes(of_texts("new", HEADERS))),
    ]
    result = apply_rules(rules, {"elm.c": text}, workshop.runner)
    assert () == result.refused
    return result.texts["elm.c"].decode(), rules


def test_a_table_gets_what_stood_in(workshop):
    """Nobody would call the method, and no example of the tree wraps it."""
    text, (rule,) = ported(workshop, CODE)

    written = CARRIER.decode().replace("dig_each", "elm_digs").replace("bed->ops->dig(", "elm_dig(")
    assert f"\treturn elm_turn(row, deep);\n}}\n\n{written}\nstatic const" in text
    assert "\t.rake = elm_rake,\n\t.digs = elm_digs,\n};\n" in text
    assert text.startswith("#include <linux/dig.h>\n#include <linux/sleep.h>\n")
    assert ".dig = elm_dig becomes .digs = elm_digs, which calls elm_dig() as the kernel did" == rule.title
    assert "Linux 8.1, mm/dig.c: dig_each()" == rule.ground.where
    assert found() == loaded(json.loads(json.dumps(dumped(found()))))


def test_beside_what_was_asked_for_first_it_goes(workshop):
    """It would not compile, and what it did has not been asked for since long."""
    text, (rule,) = ported(workshop, CODE.replace(b"\t.rake", b"\t.digs = elm_digs,\n\t.rake"))

    assert "elm_dig(" not in text
    assert ".dig =" not in text
    assert rule.title.startswith(".dig = elm_dig goes beside .digs")


def test_where_the_tree_shows_more_that_counts():
    """A table would lose its entry without what all others got beside."""
    (one,) = needless_beside(found(), ())

    assert [] == list(needless_beside(found(), [one]))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CODE + b"static int elm_digs(void);\n", id="the name is taken"),
        pytest.param(CODE.replace(b"elm_dig", b"elm_spade"), id="the name does not tell of the method"),
        pytest.param(re.sub(rb"static int elm_dig.*?\n}\n", b"", CODE, flags=re.S), id="the function is elsewhere"),
        pytest.param(CODE.replace(b"#include <linux/dig.h>\n", b""), id="nowhere to include what it calls"),
    ],
)
def test_other_tables_stay(workshop, text):
    """A second function of the name, or one that does not compile."""
    assert text.decode() == ported(workshop, text)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"bed->ops->digs(bed, deep)", b"bed->ops->digs(bed, 1)", id="it was given something else"),
        pytest.param(b"else if (bed->ops->dig)", b"else if (deep)", id="nobody asks for it"),
        pytest.param(b"(bed->ops->digs)", b"(bed->own->digs)", id="another table is asked"),
        pytest.param(b"ops->", b"tools->", id="a table of another structure"),
        pytest.param(b"static int dig_each", b"int dig_each", id="others may call it as well"),
        pytest.param(b"bed_rest(", b"bed_sleep(", id="a call that no header declares"),
        pytest.param(b"\trow_rake(row);\n", b"#ifdef RAKE\n\trow_rake(row);\n#endif\n", id="a condition"),
        pytest.param(b"row_rake(row);", b"error = bed->ops->dig(row, 0);", id="it calls the method twice"),
        pytest.param(b"row_rake(row);", b"row_rake(bed->ops->rows);", id="a member that is not known"),
        pytest.param(b"row_rake(row);", b"row_rake(bed->last);", id="a member that went"),
        pytest.param(b"row_rake(row);", b"row_hoe(row);", id="a function that went"),
    ],
)
def test_what_stood_in_must_be_plain(old, new):
    """A copy of what does not hold any more, or held for another table, would be a guess."""
    assert old in KERNEL
    assert () == found(KERNEL.replace(old, new), (GONE, *WENT))


def test_the_folders_that_are_left_out_show_nothing():
    """A replay would learn from what it is to find."""
    assert () == found(excluded=("mm/dig.c",))


def test_the_other_method_must_be_there():
    """A table would get what went as well."""
    assert () == found(evolutions=(GONE, OTHER))
