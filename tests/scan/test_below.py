"""Which functions a scan of a part of a kernel looks at: too few, and it is silent; all, and it takes a minute."""

import pytest

from cocci_gen.facts.callers import CallerIndex
from cocci_gen.facts.focus import EVERYTHING, Focus
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
def focus(index_of, tmp_path):
    """The focus on some paths of a tree."""

    def make(paths, more=()):
        index = index_of({**TREE, **dict(more)})
        callers = CallerIndex(tmp_path)
        callers.update(index, ("fs", "include"))
        callers.close()
        return focus_below(index, tmp_path, paths)

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


def test_what_a_header_declares_for_everybody_is_looked_at_with_everything(focus):
    """Drivers may call it, and which of them do is not known."""
    assert focus(("fs/one",), {"include/linux/one.h": "int one_shared(int x);\n"}.items()) is EVERYTHING


def test_headers_of_traces_are_for_nobody_else(focus):
    """Each file system with traces has one, which prints by its macros."""
    more = {"include/trace/events/one.h": "TP_printk(one_shared(x));\n"}
    assert focus(("fs/one",), more.items()) == focus(("fs/one",))


@pytest.mark.parametrize("paths", [("include",), ("fs/none",), ("include/linux/three.h",), ("drivers/one", "fs/one")])
def test_headers_for_everybody_drivers_and_paths_without_functions(focus, paths):
    """An empty focus would mean nothing, all of a tree includes the headers, and who calls what in drivers is not read."""
    more = {"drivers/one/a.c": "int one_drives(int x)\n{\n\treturn x;\n}\n"}
    assert focus(paths, more.items()) is EVERYTHING
