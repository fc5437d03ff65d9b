"""A module's conditionals, decided from its build, its headers and the kernel."""

import pytest

from cocci_gen.code.texts.conditionals import Conditionals, Names, holds
from cocci_gen.facts.branches.configuration import configured
from cocci_gen.kernel.module_makefiles import built_files
from cocci_gen.kernel.tree import KernelTree

HEADERS = b"""
#ifndef _LINUX_FS_H
#define _LINUX_FS_H
#define LOOKUP_ODD 0x40
#define WRAP_WATER(x) \\
	static int deep_##x(struct plot *plot, bool deep) \\
	{ return wrap_water(plot, x); }
#define SHOW(x) static int x##_open(struct plot *p) { return 0; } static const struct other x##_ops = { .open = x##_open }
#ifdef CONFIG_ODD
#define ODD_CONFIGURED 1
#endif
enum { ODD_ENUMERATOR };
struct plot_operations {
	int (*water)(struct plot *plot, bool deep);
	struct weed *(*pull)(struct plot *plot, int type, bool rcu);
};
int plot_water(struct plot *plot);
#endif
"""
KERNEL = {"Makefile": b"VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 3\n", "include/linux/plot.h": HEADERS}
MAKEFILE = b"obj-m = plot.o\nccflags-y += -DGIVEN -DDEPTH=3\nifdef DEEP\nccflags-y += -DDEEP\nendif\n"


@pytest.fixture
def seen(tmp_path, make_repository):
    """The text of plot.c, as a kernel's build sees it, and what was learned."""
    kernel = make_repository(tmp_path / "kernel", KERNEL)

    def read(source, others=(), settable=("HAVE_A", "HAVE_B", "HAVE_C", "HAVE_RCU", "HAVE_OLD")):
        files = {"Makefile": MAKEFILE, "plot.c": source, **dict(others)}
        built = built_files(files)
        taken = {path: files[path] for path in (*built.sources, *built.headers)}
        with KernelTree.open(kernel) as tree:
            found = configured(tree, taken, built, frozenset(settable))
        assert source.count(b"\n") == found.texts["plot.c"].count(b"\n"), "the lines stay where they are"
        return found.texts["plot.c"].decode(), dict(found.learned)

    return read


def _conditions(text):
    return [" ".join(line.split()) for line in text.splitlines() if line.lstrip().startswith(("#if", "#el"))]


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("ifdef GIVEN", "#if 1"),
        ("if DEPTH > 2", "#if 1"),
        ("ifdef DEEP", "#ifdef DEEP"),
        ("ifdef LOOKUP_ODD", "#if 1"),
        ("ifdef ODD_ENUMERATOR", "#if 0"),
        ("ifdef ODD_CONFIGURED", "#ifdef ODD_CONFIGURED"),
        ("ifdef RHEL_RELEASE_CODE", "#if 0"),
        ("if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) && !RHEL_VERSION_GE(9, 5)", "#if 1"),
        ("ifdef HAVE_A", "#ifdef HAVE_A"),
        ("ifdef CONFIG_COMPAT", "#ifdef CONFIG_COMPAT"),
        ("ifdef __x86_64__", "#ifdef __x86_64__"),
        ("if defined(GIVEN) && defined(HAVE_A)", "#if defined(GIVEN) && defined(HAVE_A)"),
        ("if __has_include(<linux/plot.h>)", "#if 1"),
        ("if __has_include(<linux/no_plot.h>)", "#if 0"),
    ],
)
def test_a_name_is_known_from_where_it_can_be(seen, condition, word):
    """Makefile, kernel headers, or nobody at all; a configuration and the compiler's own macros stay open."""
    text, _ = seen(f"int a;\n#{condition}\nint b;\n#endif\n".encode())

    assert [word] == _conditions(text)


def test_the_headers_of_a_module_decide(seen):
    """What `configure` wrote, where it is there; a header that is not included says nothing."""
    config = b"#ifndef CONFIG_H\n#define CONFIG_H\n#define HAVE_A 1\n/* #undef HAVE_B */\n#endif\n"
    source = b'#include "config.h"\n#ifdef HAVE_A\nint a;\n#endif\n#ifdef HAVE_B\nint b;\n#endif\n#if HAVE_A\n#endif\n'

    assert ["#if 1", "#if 0", "#if 1"] == _conditions(seen(source, [("config.h", config)])[0])
    assert "#ifdef HAVE_A" in seen(source.replace(b"config.h", b"none.h"), [("config.h", config)])[0]


WATER = b"int f(struct plot *plot, bool deep)\n{\n\treturn 0;\n}\nstruct plot_operations ops = {\n"


@pytest.mark.parametrize(
    ("source", "learned"),
    [
        (b"#ifdef HAVE_A\nvoid f(void)\n{\n\tplot_flood(p);\n}\n#endif\n", {"HAVE_A": False}),
        (b"#ifdef HAVE_A\nint f(struct no_plot *p);\n#else\nint f(int p);\n#endif\n", {"HAVE_A": False}),
        (b"#ifdef HAVE_A\nint f(int p);\n#else\nint f(struct no_plot *p);\n#endif\n", {"HAVE_A": True}),
        (
            b"#ifdef HAVE_A\nint f;\n#elif defined(HAVE_B)\nint f(struct no *p);\n#else\n#error no\n#endif\n",
            {"HAVE_A": True},
        ),
        (
            b"#if defined(HAVE_A) || defined(HAVE_B)\n#include <linux/no.h>\n#endif\n",
            {"HAVE_A": False, "HAVE_B": False},
        ),
        (b"#ifdef HAVE_A\nvoid f(void)\n{\n\tplot_water(p);\n}\n#endif\n", {}),
        (b"#ifdef HAVE_A\nvoid flood(void) { }\n#endif\nvoid f(void)\n{\n#ifdef HAVE_B\n\tflood();\n#endif\n}\n", {}),
        (b"#ifdef CONFIG_A\nint f(struct no_plot *p);\n#endif\n", {}),
        (
            b"int f;\nstruct plot_operations ops = {\n#ifdef HAVE_A\n\t.drain = f,\n#else\n\t.water = f,\n#endif\n};\n",
            {"HAVE_A": False},
        ),
        (
            b"#ifdef CONFIG_A\n#ifdef HAVE_A\nint f(struct no_plot *p);\n#endif\n#endif\n",
            {"HAVE_A": False},
        ),
        (WATER + b"#ifdef HAVE_A\n\t.water = f,\n#endif\n};\n", {"HAVE_A": True}),
        (WATER + b"#if defined(HAVE_A)\n\t.water = f,\n#endif\n};\n", {"HAVE_A": True}),
        (WATER + b"#ifdef HAVE_A\n\t.water = f,\n#else\n\t.pull = 0,\n#endif\n};\n", {}),
        (WATER + b"#ifdef HAVE_A\n\t.water = f,\n#endif\n\t.water = f,\n};\n", {}),
        (WATER + b"#ifdef HAVE_A\n\t.water = f,\n\t.pull = 0,\n#endif\n};\n", {}),
        (WATER + b"#ifdef CONFIG_A\n\t.water = f,\n#endif\n};\n", {}),
    ],
)
def test_the_kernel_tells_what_configure_would_find(seen, source, learned):
    """A branch that names what the kernel has not is not the branch; the names follow."""
    assert learned == seen(source)[1]


HEADS = b"""#if defined(HAVE_RCU) || defined(HAVE_B)
struct weed *f(struct plot *plot, int type, bool rcu)
{
	return 0;
}
#elif defined(HAVE_OLD)
struct weed *f(struct plot *plot, int type)
{
	return 0;
}
#else
#error "no"
#endif
static const struct plot_operations ops = {
	.pull = f,
};
"""


def test_the_head_that_the_kernel_calls_is_taken(seen):
    """zpl_get_acl() of ZFS has a body for each kernel; only one of them is called with `rcu`."""
    text, learned = seen(HEADS)

    assert ["#if 1", "#elif 0", "#else"] == _conditions(text)
    assert {} == learned, "either name may be it"


def test_heads_differ_by_their_types_too(seen):
    """->d_revalidate has had three types for its flags, the newest in a conditional of its own."""
    source = b"""#ifdef HAVE_A
int f(struct plot *parent, struct plot *plot, bool deep)
{
#else
#ifdef HAVE_B
int f(struct plot *plot, bool deep)
#else
int f(struct plot *plot, int deep)
#endif
{
#endif
	return 0;
}
struct plot_operations ops = {
	.water = f,
};
"""
    text, learned = seen(source)

    assert {"HAVE_A": False, "HAVE_B": True} == learned
    assert ["#if 0", "#else", "#if 1", "#else"] == [
        " ".join(one.split()) for one in text.splitlines() if one[:3] in ("#if", "#el")
    ]


def test_what_configure_left_behind_is_believed_where_it_fits_the_kernel(seen):
    """OpenAFS ships a result that was made without a kernel, and makes it anew when it is built."""
    config = [("config.h", b"/* #undef HAVE_A */\n/* #undef HAVE_B */\n")]
    other = b'#include "config.h"\n#ifdef HAVE_B\n#endif\n'
    source = other + b"#ifdef HAVE_A\nint f(int p);\n#else\nint f(struct no_plot *p);\n#endif\n"

    assert ["#ifdef HAVE_B", "#if 1", "#else"] == _conditions(seen(source, config)[0])
    assert ["#if 0"] == _conditions(seen(other, config)[0])


@pytest.mark.parametrize("behind", [";", "", " // FIXME!", " /* by hand */"])
def test_a_macro_that_makes_a_head_is_written_out(seen, behind):
    """On its own line, with the names joined; of several definitions the one that the kernel calls."""
    header = b"""#ifdef HAVE_OLD
#define WRAP(func) \\
static int func(struct plot *plot) \\
{ \\
	return func##_impl(plot); \\
}
#else
#define WRAP(func) \\
static int func(struct plot *plot, bool deep) \\
{ \\
	return func##_impl(plot); \\
}
#endif
"""
    source = b'#include "wrap.h"\nWRAP(f)%s\nstatic struct plot_operations ops = {\n\t.water = f,\n};\n'
    text, learned = seen(source % behind.encode(), [("wrap.h", header)])

    assert {"HAVE_OLD": False} == learned
    made = "static int f(struct plot *plot, bool deep) { return f_impl(plot); }"
    assert made + behind.removeprefix(";") == text.splitlines()[1]


def test_a_macro_of_the_kernel_that_makes_a_head_is_written_out(seen):
    """The table named a function of which it was said that nobody defines it."""
    text, _ = seen(b"static int f(struct plot *plot);\nWRAP_WATER(f) /* by hand */\nSHOW(f)\n")

    assert [
        "static int deep_f(struct plot *plot, bool deep) { return wrap_water(plot, f); } /* by hand */",
        "SHOW(f)",
    ] == text.splitlines()[1:]


@pytest.mark.parametrize(("macro", "wanted"), [("WRAP_DRY", ["#if 0"]), ("WRAP_WATER", ["#ifdef HAVE_A"])])
def test_an_error_of_what_is_taken_within_tells_of_the_branch_around_it(seen, macro, wanted):
    """`#error` stood in the #else of a macro that is not there, and the branch counted as one that may be compiled."""
    source = f"#ifdef HAVE_A\n#if defined({macro})\n{macro}(f)\n#else\n#error no such macro\n#endif\n#endif\n"

    assert wanted == _conditions(seen(source.encode())[0])[:1]


def test_evidence_against_every_branch_is_no_evidence(seen):
    """A header that the build makes may name what nobody else does."""
    source = b"#ifdef HAVE_A\nint f(struct no_plot *p);\n#else\nint f(struct nor_plot *p);\n#endif\n"

    assert ["#ifdef HAVE_A", "#else"] == _conditions(seen(source)[0])


TWICE = "#ifdef CONFIG_A\nconst struct plot_operations ops = {\n#else\nstruct plot_operations ops = {\n#endif\n.water = f,\n};\n"
WITHIN = "struct plot_operations ops = {\n#ifdef CONFIG_A\n\t.odd = {\n#else\n\t.even = {\n#endif\n\t0 },\n\t.water = f,\n};\n"


@pytest.mark.parametrize("table", [TWICE, TWICE.replace("#else\n", "#else\n#ifdef CONFIG_B\n#endif\n"), WITHIN])
def test_a_table_that_begins_in_either_branch_ends_with_its_own_brace(seen, table):
    """The members of later tables counted as its own; the kernel has none such, and half a module counted as not compiled."""
    later = "struct pond_operations { int (*drain)(void); };\nstruct pond_operations others = {\n\t.drain = f,\n};\n"

    assert {} == seen(f"int f;\n#ifdef HAVE_A\n{table}{later}#endif\n".encode())[1]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("defined A || B", True),
        ("defined(A) && B", None),
        ("ABOVE(3) && !defined(GONE)", True),
        ("GONE", False),
        ("A > 3", None),
    ],
)
def test_what_a_condition_is_worth(condition, found):
    """Macros are put in; a name without a known value leaves it open."""
    macros = {"ABOVE": (("x",), "x > 2")}

    assert found is holds(condition, Names(0, {"A": ""}, macros, lambda name: name == "GONE"))


def test_a_default_is_left_alone():
    """It asks for the name only to define it."""
    text = Conditionals(b"#ifndef A\n#define A 1\n#endif\n")
    text.decide(Names(0, {}, {}, lambda name: True))

    assert b"#ifndef A" in text.rewritten()
