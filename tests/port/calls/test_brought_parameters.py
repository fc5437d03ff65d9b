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
        (b"const void *owner", b"int more"),
        (b"int who, const void *owner", b"int who, const void *owner, const void *other"),
    ],
    ids=["another thing", "the method brings another", "a number", "two of a kind"],
)
def test_what_may_mean_something_else_is_not_handed_on(workshop, old, new):
    """A number that came may count anything."""
    code = "return plot_thaw(plot, who);"

    assert CODE % {"name": "owner", "body": code} == ported(workshop, code, new=NEW.replace(old, new))
