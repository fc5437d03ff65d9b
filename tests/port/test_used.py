"""What changed that some code meets."""

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main

CODE = b"""\
#include <linux/finch.h>

long brook_age(struct cage *cage%s)
{
	return %s->%sf_age;
}
"""


@pytest.mark.parametrize(
    ("parameter", "reached", "told"),
    [(b"", b"cage->c_first", True), (b", struct mystery *m", b"m", False)],
    ids=["through another structure", "by nobody knows what"],
)
def test_a_structure_need_not_be_named_to_be_used(workshop, parameter, reached, told):
    """`sb->s_bdev->bd_inode` was neither ported nor told in files that do not say `struct block_device`."""
    port = workshop.port({"brook.c": CODE % (parameter, reached, b"f_u.")})

    assert CODE % (parameter, reached, b"" if told else b"f_u.") == port.ported.texts["brook.c"]
    assert told is ("finch.f_u" in {one.evolution.id for one in port.used})


def test_what_only_an_older_kernel_compiles_is_not_listed(tmp_path, kernel_places, laid):
    """`--list` announced places that no port would ever touch."""
    version, settled = b"#if LINUX_VERSION_CODE %b KERNEL_VERSION(8, 2, 0)\n", b"#endif\n"
    meant = b"\tplot_may_sow(&init_owner, plot);\n"
    code = b"".join(version % sign + meant + settled for sign in (b"<", b">="))
    laid(
        tmp_path / "module",
        {"brook.c": b"void brook(struct plot *plot)\n{\n%b}\n" % code, "Makefile": b"obj-m += brook.o\n"},
    )
    words = ["port", "--list", "--cache", str(tmp_path / "cache"), "--module", str(tmp_path / "module")]
    words += ["--kernel", str(kernel_places[0]), "--to-kernel", str(kernel_places[1])]
    result = CliRunner().invoke(main, words)

    assert "   1  plot_may_sow()" in result.output, result.output


BROOK = b"""\
#include <linux/brook.h>

static int brook_weed(struct plot *plot, int depth, bool deep)
{
	return depth;
}

static int brook_stay(struct plot *plot, int depth, bool deep)
{
	return depth;
}

static const struct brook_bed bed = {
	.OTHER.weed = brook_stay,
	.WAY.weed = brook_weed,
};
"""
BED = b"struct brook_bed {\n\tint rows;\n\tstruct meadow_operations ops;\n\tstruct owner_way way;\n};\n"


@pytest.mark.parametrize(("way", "other", "follows"), [(b"ops", b"way", True), (b"way", b"way", False)])
def test_a_part_need_not_say_of_which_structure_it_is(workshop, way, other, follows):
    """The compiler alone stopped at a callback that a structure of the kernel holds in a part of its own."""
    header = {"include/linux/brook.h": b"#include <linux/meadow.h>\n\n" + BED}
    port = workshop.port({"brook.c": BROOK.replace(b"WAY", way).replace(b"OTHER", other)}, new=header, old=header)

    assert follows is (b"brook_weed(struct plot *plot, int depth)" in port.ported.texts["brook.c"])
    assert b"brook_stay(struct plot *plot, int depth, bool deep)" in port.ported.texts["brook.c"]


PENS = b"""\
struct pen {
	int count;
	int geese;
};

struct pond {
	struct pen *pen;
	struct pond *next;
	int count;
};
"""


def test_a_member_that_others_have_is_told_where_the_types_lead_to_it(workshop):
    """A driver's `port->state->xmit` was left to the compiler, for it never names the structure that lost it."""
    code = b"#include <linux/pond.h>\n\nint geese(struct pond *pond)\n{\n\treturn pond->next->pen->count + pond->count;\n}\n"
    old = {"include/linux/pond.h": PENS}
    port = workshop.port(
        {"brook.c": code}, new={"include/linux/pond.h": PENS.replace(b"\tint count;\n\tint g", b"\tint g")}, old=old
    )

    assert [("brook.c", 5)] == [(one.path, one.line) for one in port.leftovers if one.evolution == "pen.count"]
    assert ("brook.c:5",) in [one.places for one in port.used]
