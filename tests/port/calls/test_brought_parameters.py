"""Methods and functions that take the same thing more by now."""

import pytest

from cocci_gen.port.calls.brought_parameters import brought_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.texts.instances import by_method, read_code

OLD = b"""\
struct plot_operations {
	int (*thaw)(struct plot *plot, int who);
};
int plot_thaw(struct plot *plot, int who);
"""
NEW = OLD.replace(b"int who)", b"int who, const void *owner)")
#: The head has been given to it already, as the rules for heads come first.
CODE = """\
static int f_thaw(struct plot *plot, int who, const void *%(name)s)
{
	%(body)s
}
static int g(struct plot *plot)
{
	return plot_thaw(plot, 1);
}
static const struct plot_operations o = {
	.thaw = f_thaw,
};
"""


def ported(workshop, body, name="owner", new=NEW):
    """The code with this body after the rules."""
    code = (CODE % {"name": name, "body": body}).encode()
    changed = compare(*(read_headers([("plot.h", text)]) for text in (OLD, new)), (), ())
    read = read_code([("a.c", code)], frozenset({"thaw"}))
    rules = list(brought_rules(changed, by_method(read.instances({("plot_operations", "thaw")}))))
    result = apply_rules(rules, {"a.c": code}, workshop.runner)
    assert () == result.refused
    return result.texts["a.c"].decode()


@pytest.mark.parametrize("name", ["owner", "new_owner"])
def test_what_the_method_brings_is_handed_on_by_its_instances(workshop, name):
    """gfs2_thaw_super() would thaw for nobody (NULL, as most of the tree does) what an owner froze."""
    wanted = CODE % {"name": name, "body": f"return plot_thaw(plot, who, {name});"}

    assert wanted == ported(workshop, "return plot_thaw(plot, who);", name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b"plot_thaw(struct plot *plot, int who, const void *owner)",
            b"plot_thaw(struct plot *plot, int who, int more)",
        ),
        (b"(*thaw)(struct plot *plot, int who, const void *owner)", b"(*thaw)(struct plot *plot, int who, int more)"),
        (b"int who, const void *owner", b"int who, const void *owner, const void *other"),
    ],
    ids=["another thing", "the method brings another", "two of a kind"],
)
def test_what_may_mean_something_else_is_not_handed_on(workshop, old, new):
    """A number that came may count anything."""
    code = "return plot_thaw(plot, who);"

    assert CODE % {"name": "owner", "body": code} == ported(workshop, code, new=NEW.replace(old, new))


TOUCHES = b"""\
struct plot_operations {
	int (*thaw)(struct plot *plot, int how);
};
int plot_thaw(struct plot *, int);
"""
TOUCHED = b"""\
enum thaw { THAW_ALL };
struct plot_operations {
	int (*thaw)(struct plot *plot, enum thaw what, unsigned int how);
};
int plot_thaw(struct plot *plot, enum thaw what, unsigned int how);
"""


@pytest.mark.parametrize(
    ("call", "now", "new"),
    [
        ("plot_thaw(plot, how)", "plot_thaw(plot, what, how)", TOUCHED),
        ("plot_thaw(plot, 1)", "plot_thaw(plot, 1)", TOUCHED),
        ("plot_thaw(plot->next, how)", "plot_thaw(plot->next, how)", TOUCHED),
        ("plot_thaw(plot, how)", "plot_thaw(plot, how)", TOUCHED.replace(b"int plot_thaw(", b"bool plot_thaw(")),
        ("plot_thaw(plot, how)", "plot_thaw(plot, how)", TOUCHED.replace(b"int how);\n}", b"long how);\n}")),
    ],
    ids=["all of it", "its own number", "of another plot", "returns another type", "takes something else"],
)
def test_who_handed_on_all_that_it_got_does_so(workshop, call, now, new):
    """gfs2_update_time() would have to be told by hand what generic_update_time() takes since; or get another one's flags."""
    code = (
        "static int f_thaw(struct plot *plot, enum thaw what, unsigned int how)\n{\n\treturn %s;\n}\n"
        "static const struct plot_operations o = {\n\t.thaw = f_thaw,\n};\n"
    )
    changed = compare(*(read_headers([("plot.h", text)]) for text in (TOUCHES, new)), (), ())
    read = read_code([("a.c", (code % call).encode())], frozenset({"thaw"}))
    rules = list(brought_rules(changed, by_method(read.instances({("plot_operations", "thaw")}))))
    result = apply_rules(rules, dict(read.texts), workshop.runner)

    assert code % now == result.texts["a.c"].decode()
    assert () == result.refused


MOTHS = """struct moth;

struct moth_operations {
	int (*flit)(%(more)sstruct moth *moth);
	int (*rest)(struct moth *moth%(other)s);
};
"""
OWL = """#include <linux/moth.h>

static int owl_rest(struct moth *moth%(got)s)
{
	return 1;
}

static int owl_flit(%(more)sstruct moth *moth)
{
	return owl_rest(moth%(hands)s) + owl_look(moth);
}

int owl_look(struct moth *moth)
{
	return owl_rest(moth);
}

const struct moth_operations owl_ops = {
	.flit = owl_flit,
	.rest = owl_rest,
};
"""


@pytest.mark.parametrize(
    ("kind", "hands"), [("struct lamp *", ", lamp"), ("struct sun *", "")], ids=["the same", "something else"]
)
def test_an_instance_that_calls_one_of_another_method_hands_it_on(workshop, kind, hands):
    """minix_create() calls minix_mknod(), which both got the namespace, and a person had to say so (5.10 to 6.1)."""
    name = kind.split()[1]
    more, other = "struct lamp *lamp, ", f", {kind}{name}"
    old, new = (
        {"include/linux/moth.h": (MOTHS % {"more": one, "other": two}).encode()}
        for one, two in (("", ""), (more, other))
    )
    code = (OWL % {"more": "", "got": "", "hands": ""}).encode()
    port = workshop.port({"owl.c": code}, new, old)
    given = [(one.line, one.reason) for one in port.leftovers if "is given" in one.reason]

    assert (OWL % {"more": more, "got": other, "hands": hands}) == port.ported.texts["owl.c"].decode()
    assert [10, 15][bool(hands) :] == [line for line, _ in given]
    assert port.ported.texts == workshop.port(dict(port.ported.texts), new, old).ported.texts
