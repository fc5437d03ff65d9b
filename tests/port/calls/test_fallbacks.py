"""Macros that some code defines where the kernel has none."""

import pytest

from cocci_gen.port.calls.fallbacks import dead_fallbacks
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.trees import of_texts

PATH = "include/linux/gate.h"
OLD = b"#ifndef _GATE_H\n#define _GATE_H\n#define MAKE_GATE(name) int name = 1\n#endif\n"
NEW = OLD.replace(b"MAKE_GATE(name) int name = 1", b"MAKE_GATE(name, n) int name = n")
FALLBACK = b"#ifndef MAKE_GATE\n#define MAKE_GATE(name) \\\n\tint name = 0\n#endif\n"


def dead(code, new=NEW):
    """The fallbacks of a text that the new header makes needless."""
    changed = compare(read_headers([(PATH, OLD)]), read_headers([(PATH, new)]), (), ())
    return dead_fallbacks([code], changed, Includes(of_texts("new", {PATH: new})))


@pytest.mark.parametrize("code", [FALLBACK, FALLBACK.replace(b"#ifndef MAKE_GATE", b"#if !defined(MAKE_GATE)")])
def test_a_fallback_for_older_kernels_is_no_name_of_the_code(code):
    """Each use of the kernel's macro would be taken for one of the code's own, and neither be ported nor told."""
    assert {"MAKE_GATE"} == dead(code)


@pytest.mark.parametrize(
    "code",
    [
        b"#define MAKE_GATE(name) int name = 0\n",
        b"#undef MAKE_GATE\n" + FALLBACK + b"#define MAKE_GATE(name) int name = 2\n",
        b"#ifndef OWN_GATES\n#define MAKE_GATE(name) int name = 0\n#endif\n",
        b"/*\n" + FALLBACK + b"*/\n",
    ],
    ids=["its own", "its own as well", "for another reason", "a comment"],
)
def test_a_macro_of_the_code_is_its_own(code):
    """What the code defines for itself would be given another argument."""
    assert frozenset() == dead(code)


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace(b"#define MAKE_GATE(name) int name = 1", b"int MAKE_GATE(int name, int n);"),
        OLD.replace(
            b"#define MAKE_GATE(name) int name = 1", b"#ifdef CONFIG_GATES\n#define MAKE_GATE(name, n) 1\n#endif"
        ),
    ],
    ids=["a function by now", "for some alone"],
)
def test_a_fallback_that_may_be_compiled_by_now_is_its_own(new):
    """`#ifndef` is true where the kernel has a function of that name."""
    assert frozenset() == dead(FALLBACK, new)
