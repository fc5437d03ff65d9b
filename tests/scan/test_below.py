"""Which functions a scan of a part of a kernel looks at: too few, and it is silent; all, and it takes a minute."""

import pytest

from cocci_gen.facts.tree.focus import EVERYTHING, Focus
from cocci_gen.scan.below import focus_below

TREE = {
    "fs/one/own.h": "int one_shared(int x);\nstatic inline int one_inline(int x) { return x; }\n",
    "fs/one/a.c": "int one_shared(int x)\n{\n\treturn x;\n}\nstatic int one_own(int x)\n{\n\treturn one_shared(x);\n}\n",
    "fs/two/a.c": "int one_shared(int x);\nint two_calls(int x)\n{\n\treturn one_shared(x);\n}\n",
    "fs/two/b.c": "int two_calls(int x);\nstatic int two_method(int x)\n{\n\treturn two_calls(x);\n}\n",
    "fs/three/a.c": "static int one_own(int x)\n{\n\treturn x;\n}\nstatic int three(int x)\n{\n\treturn one_own(x);\n}\n",
    "include/linux/three.h": "int three(int x);\n",
}


@pytest.fixture
def focus(index_of):
    """The focus on some paths of a tree."""

    def make(paths, more=()):
        index = index_of({**TREE, **dict(more)})
        return focus_below(index, paths)

    return make


def test_who_calls_from_another_folder_is_looked_at_too(focus):
    """What is wrong in a helper may be found by way of a method elsewhere; a function of the same name is not the same."""
    found = focus(("fs/one/",))
    assert isinstance(found, Focus)
    assert found.functions == {
        ("fs/one/own.h", "one_inline"),
        ("fs/one/a.c", "one_shared"),
        ("fs/one/a.c", "one_own"),
        ("fs/two/a.c", "two_calls"),
        ("fs/two/b.c", "two_method"),
    }


def test_a_file_is_a_path(focus):
    """And nothing calls what is static elsewhere, whatever a header declares."""
    assert focus(("fs/three/a.c",)).functions == {("fs/three/a.c", "one_own"), ("fs/three/a.c", "three")}


DECLARED = {"include/linux/one.h": "int one_shared(int x);\n"}
INLINE = {
    "include/linux/one.h": "int one_shared(int x);\nstatic inline int one_eased(int x)\n{\n\treturn one_shared(x);\n}\n"
}


MACRO = {"include/linux/one.h": "int one_shared(int x);\n#define ONE_EASED(x) \\\n\tone_shared(x)\n"}


def driver(call):
    """A driver that calls something."""
    return {"drivers/usb/a.c": f"int usb_does(int x)\n{{\n\treturn {call}(x);\n}}\n"}


@pytest.mark.parametrize(
    "more",
    [
        {**DECLARED, **driver("one_shared")},
        {**DECLARED, "kernel/a.c": "struct hooks hooks = { .shared = one_shared };\n"},
        {**MACRO, **driver("ONE_EASED")},
        {**MACRO, "include/linux/two.h": "#define TWO_EASED(x) ONE_EASED(x)\n", **driver("TWO_EASED")},
        {**INLINE, **driver("one_eased")},
        {**DECLARED, "include/linux/two.h": "int two_calls(int x);\n", **driver("two_calls")},
    ],
)
def test_what_drivers_may_call_is_looked_at_with_everything(focus, more):
    """Be it through an inline function or a macro of a header for everybody, or through who calls it elsewhere: who calls that
    driver is not known."""
    assert focus(("fs/one",), more.items()) is EVERYTHING


@pytest.mark.parametrize("more", [DECLARED, INLINE, {**DECLARED, **driver("one_sharedx")}, driver("one_shared")])
def test_what_is_declared_for_everybody_and_called_by_file_systems_alone_is_known(focus, more):
    """A library of file systems would be scanned with everything, which takes ten times as long."""
    found = focus(("fs/one",), more.items())
    assert {one for one in found.functions if not one[0].startswith("include/")} == focus(("fs/one",)).functions


def test_who_calls_by_a_macro_of_a_header_for_everybody_is_looked_at_too(focus):
    """What is wrong in a helper may be found by way of a method that calls it so."""
    more = {**MACRO, "fs/four/a.c": "static int four_method(int x)\n{\n\treturn ONE_EASED(x);\n}\n"}
    assert focus(("fs/one",), more.items()).functions == focus(("fs/one",)).functions | {("fs/four/a.c", "four_method")}


def test_a_function_that_was_misread_is_called_by_nobody(focus):
    """`while` stands in every file: one that tree-sitter takes for a function had all of them looked at."""
    loop = "{} {}(int x)\n{{\n\twhile (x)\n\t\tx--;\n\treturn x;\n}}\n"
    more = {"fs/one/m.c": "void while(int x)\n{\n\twork(x);\n}\n", "fs/four/a.c": loop.format("int", "four")}
    assert ("fs/four/a.c", "four") not in focus(("fs/one",), more.items()).functions
    more |= {"include/linux/m.h": loop.format("static inline int", "m"), "drivers/usb/a.c": loop.format("int", "usb")}
    assert isinstance(focus(("fs/one",), more.items()), Focus)


def test_headers_of_traces_are_for_nobody_else(focus):
    """Each file system with traces has one, which prints by its macros."""
    more = {"include/trace/events/one.h": "TP_printk(one_shared(x));\n"}
    assert focus(("fs/one",), more.items()) == focus(("fs/one",))


@pytest.mark.parametrize("paths", [("include",), ("fs/none",), ("include/linux/three.h",), ("drivers/one", "fs/one")])
def test_headers_for_everybody_drivers_and_paths_without_functions(focus, paths):
    """An empty focus would mean nothing, all of a tree includes the headers, and who calls what in drivers is not read."""
    more = {"drivers/one/a.c": "int one_drives(int x)\n{\n\treturn x;\n}\n"}
    assert focus(paths, more.items()) is EVERYTHING
