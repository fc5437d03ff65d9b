"""Which files of a module know the version of the kernel."""

import pytest

from cocci_gen.port.texts.version_header import NEVER, known_from
from cocci_gen.port.texts.versions import for_both, guard_version

VERSION_H = b"#include <linux/version.h>\n"
GUARDED = b"#ifndef _ELM_H\n#define _ELM_H\n" + VERSION_H + b"#endif\n"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (GUARDED, 2),
        (b'#include "deep.h"\n', 2),
        (b"#include <inc/deep.h>\n", 2),
        (b"#ifdef ELM\n" + VERSION_H + b"#endif\n", NEVER),
        (b"/* nothing */\n", NEVER),
        (b'#include "elm.h"\n', NEVER),
    ],
    ids=["guarded", "deep", "on a path", "under a condition", "none", "itself"],
)
def test_a_header_of_the_module_brings_the_version(header, line):
    """Files would get an include that they do not need, or one that they need would be missing."""
    texts = {"src/elm.c": b'#include <linux/fs.h>\n#include "elm.h"\nint a;\n', "src/elm.h": header}
    texts["src/inc/deep.h"] = texts["src/deep.h"] = VERSION_H

    assert line == known_from("src/elm.c", texts)


def test_the_include_comes_only_where_the_first_change_does_not_know_the_version():
    """`#include <linux/version.h>` stood above the module's own header that brings it."""
    before, after = b'int a;\nint b;\n#include "elm.h"\n', b'int a;\nlong b;\n#include "elm.h"\n'

    assert VERSION_H not in for_both(before, after, (8, 2, 0), 1)
    assert VERSION_H in for_both(before, after, (8, 2, 0), 3)


@pytest.mark.parametrize(
    ("old", "new", "guard"),
    [((6, 12, 0), (7, 3, 4), (7, 3, 0)), ((7, 3, 1), (7, 3, 4), (7, 3, 4))],
    ids=["releases", "stable kernels"],
)
def test_a_guard_names_a_release(old, new, guard):
    """Kernels 7.3.0 to 7.3.3 would get the old code, and not compile it."""
    assert guard == guard_version(old, new)
