"""Functions that went and called what they were given once for each thing."""

import json

import pytest

from cocci_gen.port.calls.walked_calls import walk_rules, walks
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.instances import read_code

KEPT = b"struct row *next_row(struct bed *bed, struct row *row, int *bad);\n"
OLD = KEPT + b"int hoe_rows(struct bed *bed, hoe_t hoe, void *data);\n"
LOOK = "if (bad == HOE_LATER) {\n\t\t\tleave(row);\n\t\t\tbad = 0;\n\t\t}\n\t"
WAS = """int hoe_rows(struct bed *bed, hoe_t hoe, void *data)
{
	struct row *row = NULL;
	int bad;

	while ((row = next_row(bed, row, &bad))) {
		bad = hoe(row, data); /* all */
		%s}
	return bad;
}
"""
TAIL = b"static int hoe(struct row *row, void *data)\n{\n\treturn 0;\n}\n"
BEFORE = TAIL + b"static int f(struct bed *bed)\n{\n\treturn hoe_rows(bed, hoe, NULL);\n}\n"
AFTER = (
    b"static int f(struct bed *bed)\n{\n\tstruct row *row = NULL;\n\tint bad;\n\n"
    b"\twhile ((row = next_row(bed, row, &bad)))\n\t\tbad = hoe(row, NULL);\n\treturn bad;\n}\n"
)


def known(was=WAS % LOOK, afters=(AFTER,) * 3, new=KEPT, excluded=()):
    """What the old definition and functions of as many folders teach."""
    evolutions = compare(*(read_headers([("include/linux/bed.h", text)]) for text in (OLD, new)), (), ())
    pairs = [
        Pair(*(read_code([(f"fs/a{number}/a.c", text)], frozenset()).functions["f"][0] for text in (BEFORE, after)))
        for number, after in enumerate(afters)
    ]
    headers = read_headers([("include/linux/bed.h", new)])
    return walks(evolutions, lambda name: was if name == "hoe_rows" else "", lambda path: headers, pairs, excluded)


def rules_for(text, ways):
    """The rules for a file."""
    return list(walk_rules(ways, read_code([("fs/z/z.c", text)], frozenset())))


def ported(text, workshop):
    """A file after its rules."""
    return apply_rules(rules_for(text, known()), {"fs/z/z.c": text}, workshop.runner).texts["fs/z/z.c"]


def test_the_old_kernel_tells_what_the_loop_was():
    """The tree's own loops differ in the names of locals and in what they do beside."""
    (one,) = known()

    assert ("row", "row", "bad", "next_row") == (one.tag, one.thing, one.kept, one.next)
    assert (("bed", "row", "&bad"), ("row", "data"), ("HOE_LATER",)) == (one.given, one.handed, one.looks)
    assert (3, 3, 3) == (one.ground.shown, one.ground.of, one.ground.groups)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


def test_a_loop_that_looks_for_nothing_needs_no_example():
    """The definition says all of it."""
    assert ["next_row"] == [one.next for one in known(WAS % "", ())]


@pytest.mark.parametrize(
    "ways",
    [
        known(afters=(AFTER,) * 2),
        known(excluded={"fs/a1"}),
        known(afters=(AFTER.replace(b"\treturn bad", b"\tif (bad == HOE_LATER)\n\t\tbad = 0;\n\treturn bad"),) * 3),
        known(WAS % "count(row);\n\t"),
        known((WAS % LOOK).replace("return bad", "return bad < 0")),
        known((WAS % LOOK).replace("hoe(row, data)", "dig(row, data)")),
        known((WAS % LOOK).replace("next_row(bed,", "next_row(shed,")),
        known("static " + WAS % LOOK),
        known(""),
        known(new=KEPT.replace(b"next_row", b"row_of")),
        known(new=KEPT.replace(b"int *bad", b"long *bad")),
    ],
    ids=["too few", "left out", "they look", "more is done", "converted", "not called", "of the shed", "static", "unknown",
         "no iterator", "another iterator"],
)  # fmt: skip
def test_what_was_more_than_a_loop_is_left(ways):
    """What the function did beside would be lost."""
    assert () == ways


def test_what_is_returned_becomes_the_loop(workshop):
    """A person would write it as the tree does, with a blank line behind the declarations."""
    assert TAIL + AFTER == ported(BEFORE, workshop)


def test_what_is_kept_stays_in_its_local(workshop):
    """Another local would be returned, and what comes behind the call ask the old one."""
    text = (
        TAIL + b"static int f(struct bed *bed)\n{\n\tint err;\n\n\terr = hoe_rows(bed, hoe, NULL);\n\treturn err;\n}\n"
    )
    now = (
        TAIL + b"static int f(struct bed *bed)\n{\n\tstruct row *row = NULL;\n\tint err;\n\n"
        b"\twhile ((row = next_row(bed, row, &err)))\n\t\terr = hoe(row, NULL);\n\treturn err;\n}\n"
    )

    assert now == ported(text, workshop)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"return hoe_rows(bed, hoe, NULL);", b"return HOE_LATER + hoe_rows(bed, hoe, NULL);"),
        (b"static int f", b"static int late = HOE_LATER;\nstatic int f"),
        (b"static int f(struct bed *bed)\n{\n", b"static int f(struct bed *bed)\n{\n\tint row;\n\n"),
        (b"static int f(struct bed *bed)\n{\n", b"static int f(struct bed *bed)\n{\n\tint bad;\n\n"),
        (b"hoe_rows(bed", b"hoe_rows(next_bed()"),
        (b"hoe_rows(bed", b"hoe_rows(shed->bed"),
        (b"f(struct bed *bed)", b"f(struct bed *bed, hoe_t hoe)"),
        (b"(bed, hoe, ", b"(bed, shed.hoe, "),
        (b"\treturn hoe_rows", b"\tlong e;\n\n\te = hoe_rows"),
        (b"\treturn hoe_rows(bed, hoe, NULL", b"\tint e;\n\n\te = hoe_rows(bed, hoe, &e"),
        (b"\treturn hoe_rows", b"#ifdef X\n\treturn 0;\n#endif\n\treturn hoe_rows"),
    ],
    ids=["in a sum", "looks for it", "a thing of that name", "an error of that name", "a call", "a member", "a parameter",
         "a pointer", "a long", "is given itself", "a condition"],
)  # fmt: skip
def test_what_a_loop_would_do_otherwise_is_left(old, new):
    """An argument is asked at each turn, and names of the loop would hide others."""
    text = BEFORE.replace(old, new)

    assert text != BEFORE
    assert [] == rules_for(text, known())
