"""What is left in branches that only the new kernel compiles."""

import pytest

from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.remains.new_branches import without_new_branches

CODE = b"""\
int elm(struct plot *plot)
{
#if LINUX_VERSION_CODE %b
	return sow(plot, &no_map);
#else
	return sow(plot, NULL);
#endif
}
"""
SINCE = "; only kernels newer than 8.1 compile it, so see whether it follows already"


@pytest.mark.parametrize(
    ("condition", "line", "versions", "reasons"),
    [
        pytest.param(b">= KERNEL_VERSION(8, 2, 0)", 4, ((8, 1, 0), (8, 2, 3)), [], id="written for the new kernel"),
        pytest.param(b">= KERNEL_VERSION(8, 2, 0)", 4, ((8, 1, 0), (8, 3, 0)), [f"so{SINCE}"], id="for one in between"),
        pytest.param(b">= KERNEL_VERSION(8, 1, 9)", 4, ((8, 1, 3), (8, 1, 9)), [], id="a sublevel alone"),
        pytest.param(b">= KERNEL_VERSION(9, 0, 0)", 4, ((8, 1, 0), (9, 0, 0)), [], id="the first of a series"),
        pytest.param(b">= KERNEL_VERSION(8, 0, 0)", 4, ((8, 1, 0), (8, 2, 0)), ["so"], id="both compile it"),
        pytest.param(b"< KERNEL_VERSION(8, 4, 0)", 4, ((8, 1, 0), (8, 2, 0)), ["so"], id="not for newer ones"),
        pytest.param(
            b">= KERNEL_VERSION(8, 2, 0)", 4, ((8, 2, 0), (8, 2, 0)), ["so"], id="a work tree of the same version"
        ),
        pytest.param(b">= KERNEL_VERSION(8, 2, 0)", 0, ((8, 1, 0), (8, 2, 0)), ["so"], id="no line"),
        pytest.param(b">= KERNEL_VERSION(8, 2, 0)", 40, ((8, 1, 0), (8, 2, 0)), ["so"], id="no such line"),
    ],
)
def test_what_is_written_for_the_new_kernel_stays(condition, line, versions, reasons):
    """A person was sent to each call of a module that builds on both kernels already."""
    left = [Leftover("elm.c", line, "sow()", "so", ()), Leftover("oak.c", 1, "sow()", "so", ())]
    found = list(without_new_branches(left, {"elm.c": CODE % condition}, versions))

    assert [*reasons, "so"] == [one.reason for one in found]


def test_a_module_with_a_branch_for_the_new_kernel_has_nothing_left(workshop):
    """The same, by the whole port."""
    code = b"\treturn plot_may_sow(%b, plot);\n"
    text = (
        b"#if LINUX_VERSION_CODE >= KERNEL_VERSION(8, 2, 0)\n"
        + code % b"&no_map"
        + b"#else\n"
        + code % b"0"
        + b"#endif\n"
    )
    module = {"brook.c": b"#include <linux/meadow.h>\n\nint brook(struct plot *plot)\n{\n" + text + b"}\n"}
    port = workshop.port(module)

    assert () == port.leftovers
    assert module == port.ported.texts
