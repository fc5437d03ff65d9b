"""Tags and enumerators of some code that a header of the new kernel defines as well."""

import pytest

from cocci_gen.port.headers.taken_tags import taken_tags
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

OWN = b"/* enum nest { OLD }; */\nenum nest {\n\tNEST_LOW,\n\tNEST_HIGH = 3,\n};\n\nstruct egg {\n\tint size;\n};\n"
FILES = {"elm.c": b'#include <linux/bird.h>\n#include "elm.h"\n', "elm.h": OWN}
NEW = "#ifndef _LINUX_BIRD_H\n#define _LINUX_BIRD_H\n%s\n#endif\n"
DEFINES = "enum nest {\n\tNEST_LOW,\n\tNEST_OTHER,\n};\n"


def told(new, old="", files=FILES):
    """What is told with these lines in the header of either kernel."""
    headers = tuple(
        Includes(of_texts(name, {"include/linux/bird.h": (NEW % text).encode()}))
        for name, text in (("old", old), ("new", new))
    )
    return [(one.path, one.line, one.reason) for one in taken_tags(read_code(files.items(), frozenset()), headers)]


def test_what_the_kernel_defines_by_now_as_well_is_told():
    """Each file that includes both would stop there, and the compiler alone say so."""
    assert [("elm.h", 2, "<linux/bird.h> defines enum nest, NEST_LOW as well by now")] == told(DEFINES)
    assert [("elm.h", 7, "<linux/bird.h> defines struct egg as well by now")] == told("struct egg {\n\tint n;\n};\n")


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (DEFINES, DEFINES),
        (f"#ifdef CONFIG_NESTS\n{DEFINES}#endif\n", ""),
        ("enum nest;\nstruct egg;\nint nest_of(struct egg *egg, enum nest nest);\n", ""),
        ("/* struct egg { int n; }; */\n", ""),
        ("struct eggs {\n\tint n;\n};\n", ""),
    ],
    ids=["before as well", "for some alone", "only named", "in a comment", "another"],
)
def test_what_stands_beside_it_is_not(new, old):
    """A module that builds would be told that it does not."""
    assert [] == told(new, old)


def test_what_the_code_does_not_include_is_not():
    """Two headers that no file has together do not meet."""
    assert [] == told(DEFINES, files=FILES | {"elm.c": b'#include <linux/tree.h>\n#include "elm.h"\n'})


def test_a_header_of_the_code_by_that_name_is_its_own():
    """The module brings the header itself, and that of the kernel is not read."""
    assert [] == told(DEFINES, files=FILES | {"linux/bird.h": b"\n"})
