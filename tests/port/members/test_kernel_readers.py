"""Functions of the kernel that only look at what they get the address of."""

import pytest

from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.members.addresses import Held, address_rules
from cocci_gen.port.members.kernel_readers import kernel_readers
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

GROUND = Learned(3, 3, 3, (), ())
CUT = Held("plot.p_cut", "plot", "p_cut", "struct date", "plot_get_cut", "plot_set_cut", GROUND, (), "stamp")
SOWN = Held("plot.p_sown", "plot", "p_sown", "struct date", "get_sown", "set_sown", GROUND, (), "stamp")
DECLARED = (
    "static inline bool date_equal(const struct date *a,\n\t\t\t      const struct date *b)\n{\n\treturn a->day == b->day;\n}\n"
    "extern long long date_days(const struct date *date);\n"
    "void date_round(struct date *date);\n"
)
FILE = "#include <linux/date.h>\n\nint f(struct plot *p, struct date *d)\n{\n%s\treturn 0;\n}\n"
LOCAL = "\tstruct date stamp;\n"


def headers(text=DECLARED):
    """The headers of a kernel, one of which has this text."""
    return Includes(of_texts("new", {"include/linux/date.h": text.encode()}))


def code(body):
    """A function with this body, read."""
    return read_code([("a.c", (FILE % body).encode())], frozenset())


@pytest.fixture
def ported(workshop):
    """The body of a function -> the same after the rules for the addresses in it."""

    def port(body, text=DECLARED):
        rules = address_rules([CUT, SOWN], code(body), headers(text))
        after = apply_rules(rules, {"a.c": (FILE % body).encode()}, workshop.runner)
        assert () == after.refused
        start, end = FILE.split("%s")
        return after.texts["a.c"].decode().removeprefix(start).removesuffix(end)

    return port


@pytest.mark.parametrize(
    "statement",
    [
        "\tif (date_equal(&%s, d))\n\t\tgrow(p);\n",
        "\tif (!date_equal(d, &%s))\n\t\tgrow(p);\n\telse\n\t\tmow(p);\n",
        "\tif (date_days(&%s) > 7)\n\t\tgrow(p);\n",
        "\tp->days = date_days(&%s);\n",
        "\tp->raw = cpu_to_le64(date_days(&%s));\n",
    ],
    ids=["asked", "turned round", "compared", "given", "converted"],
)
def test_what_the_kernel_only_reads_is_got_before(ported, statement):
    """The member is not there any more, and most file systems compare or convert their times so."""
    assert LOCAL + "\n\tstamp = plot_get_cut(p);\n" + statement % "stamp" == ported(statement % "p->p_cut").replace(
        LOCAL + "\tstamp", LOCAL + "\n\tstamp"
    )


def test_two_addresses_of_one_call_get_a_local_each(ported):
    """The one would be compared with itself."""
    after = ported("\tif (date_equal(&p->p_cut, &p->p_sown))\n\t\tgrow(p);\n")
    names = dict(line.strip().rstrip(";").split(" = ") for line in after.splitlines() if " = " in line)

    assert {"plot_get_cut(p)", "get_sown(p)"} == set(names.values())
    assert len(names) == 2
    assert all(f"&{name}" in after for name in names)


@pytest.mark.parametrize(
    "body",
    [
        "\twhile (date_equal(&p->p_cut, d))\n\t\tgrow(p);\n",
        "\tif (grow(p) && date_equal(&p->p_cut, d))\n\t\tmow(p);\n",
        "\tp->days = grow(p) + date_days(&p->p_cut);\n",
        "\tdate_round(&p->p_cut);\n",
        "\tif (other_equal(&p->p_cut, d))\n\t\tgrow(p);\n",
    ],
    ids=["asked again and again", "behind a call", "beside a call", "changed", "not declared"],
)
def test_what_may_change_until_it_is_read_stays(ported, body):
    """A copy from before a call, or of the first round, would be looked at."""
    assert body == ported(body)


@pytest.mark.parametrize(
    "text",
    [
        DECLARED + "#define date_equal(a, b) date_same(a, b)\n",
        DECLARED + "bool date_equal(struct date *a, struct date *b);\n",
        DECLARED.replace("const struct date *a", "struct date *a").replace("const struct date *b", "struct date *b"),
    ],
    ids=["a macro", "two ways", "not const"],
)
def test_a_function_that_does_not_promise_to_look_only_is_none(text):
    """What it sets would be set in a local that nobody stores."""
    found = kernel_readers(
        {"struct date": ["p_cut"]}, code("\tif (date_equal(&p->p_cut, d))\n\t\tgrow(p);\n"), headers(text)
    )

    assert not found.get("struct date")


def test_a_function_of_the_code_is_its_own():
    """Its own text tells what it does, whatever a header of the kernel has by that name."""
    own = "\treturn date_days(&p->p_cut);\n}\n\nlong long date_days(const struct date *date)\n{\n"

    assert {} == kernel_readers({"struct date": ["p_cut"]}, code(own), headers())
