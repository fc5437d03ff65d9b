"""Leaf `macros`: macros that are called like functions, as their files see them."""

import pytest

from cocci_gen.facts.tree.macros import Macros


def callees(macro):
    """What a macro calls."""
    return [call.callee for call in macro.graph.calls()]


@pytest.fixture
def macros(index_of):
    """macros({path: text}) -> the look-up over such a tree."""
    return lambda files: Macros(index_of(files))


def test_a_macro_is_read_as_the_function_that_it_stands_for(macros):
    """A lock under the name of a macro is a lock all the same."""
    found = macros({"fs/a.c": "#define LOCK(n, how) \\\n\tdo { enter(n); \\\n\t\tgo(how); } while (0)\n"}).of(
        "LOCK", "fs/a.c"
    )

    assert ["enter", "go"] == callees(found)
    assert ["n", "how"] == [parameter.name for parameter in found.graph.parameters]
    assert [2, 3] == [call.line + 0 for call in found.graph.calls()]


def test_the_head_of_a_macro_goes_on_in_the_next_line(macros):
    """What such a macro takes would be seen nowhere."""
    found = macros({"fs/a.c": "#define NEW(dir, how, \\\n\t    mode) \\\n\tmake(dir, how, mode)\n"}).of("NEW", "fs/a.c")

    assert ["make"] == callees(found)
    assert ["dir", "how", "mode"] == [parameter.name for parameter in found.graph.parameters]
    assert [3] == [call.line for call in found.graph.calls()]


def test_headers_in_quotes_are_seen_and_others_are_not(macros):
    """A macro of another file system that has the same name means something else there."""
    files = {
        "fs/a/a.c": '#include "a.h"\n#include <linux/b.h>\n',
        "fs/a/a.h": '#include "../common.h"\n',
        "fs/common.h": "#define COMMON(x) one(x)\n",
        "fs/b/b.h": "#define OTHER(x) two(x)\n",
    }
    found = macros(files)

    assert ["one"] == callees(found.of("COMMON", "fs/a/a.c"))
    assert found.of("OTHER", "fs/a/a.c") is None
    assert found.of("COMMON", "fs/b/b.h") is None


def test_a_bare_name_passes_on_what_it_is_called_with(macros):
    """Code for several kernels calls get_page() by a name of its own, and a call that nobody knows may do anything."""
    found = macros({"fs/a.c": "#ifndef take\n#define take get_page\r\n#endif\n"}).of("take", "fs/a.c")

    (call,) = found.graph.calls()
    assert "get_page" == call.callee
    assert call.arguments[0] == found.graph.parameters[0].name
    assert 2 == call.line


@pytest.mark.parametrize("line", ["#define NAME 12", "#define NAME NAME", "#define NAME(x) )(", ""])
def test_what_is_no_such_macro(macros, line):
    """A number is called by nobody, a header says of a function of its own that it is there, and a half statement is none."""
    assert macros({"fs/a.c": f"{line}\n"}).of("NAME", "fs/a.c") is None or line.endswith(")(")


def test_a_header_on_the_search_path_of_the_build_is_seen(macros):
    """Modules copy their headers to another folder before they compile, and xfs names those of libxfs without it."""
    files = {
        "m/src/vfs/a.c": '#include "conf/words.h"\n#include "twice.h"\n#include "far.h"\n',
        "m/src/words/words.h": "#define TRACE(x) one(x)\n",
        "m/src/b/twice.h": "#define TWICE(x) two(x)\n",
        "m/src/c/twice.h": "#define TWICE(x) three(x)\n",
        "m/far.h": "#define FAR(x) four(x)\n",
        "fs/b/words.h": "#define TRACE(x) five(x)\n",
    }
    found = macros(files)

    assert ["one"] == callees(found.of("TRACE", "m/src/vfs/a.c"))
    assert found.of("TWICE", "m/src/vfs/a.c") is None, "which of the two is not known"
    assert found.of("FAR", "m/src/vfs/a.c") is None


def test_a_module_finds_its_headers_by_its_search_path(macros):
    """The nearest header of a module counts, without quotes too; those of another tree mean something else."""
    files = {
        "module/os/linux/a.c": "#include <sys/locks.h>\n",
        "module/include/os/linux/locks.h": "#define ENTER(x) one(x)\n",
        "module/include/near/locks.h": "#define LEAVE(x) two(x)\n",
        "module/include/far/locks.h": "#define LEAVE(x) three(x)\n",
        "fs/b/b.h": "#define OTHER(x) four(x)\n",
        "fs/b/b.c": "int b;\n",
    }
    found = macros(files)

    assert ["one"] == callees(found.of("ENTER", "module/os/linux/a.c"))
    assert found.of("LEAVE", "module/os/linux/a.c") is None, "two that are as near"
    assert found.of("OTHER", "module/os/linux/a.c") is None
    assert found.of("ENTER", "fs/b/b.c") is None
