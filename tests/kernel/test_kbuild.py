"""What makefiles and Kconfig files say of one C file: whether a kernel has it only where somebody asks for tests."""

import pytest

from cocci_gen.kernel.kbuild import option_for_tests
from tests.conftest import MemoryTree

OPTION = 'config BOX_CHECKS\n\tbool "{}"\n\tdepends on BOX\n\thelp\n\t  This runs tests of boxes.\n'


@pytest.mark.parametrize(
    ("makefile", "prompt", "asked"),
    [
        ("box-$(CONFIG_BOX_CHECKS) += checks/box.o", "Boxes will run sanity tests", True),
        ("box-$(CONFIG_BOX_CHECKS) += checks/box.o", "KUnit for boxes", True),
        ("box-$(CONFIG_BOX_CHECKS) += checks/box.o", "Check boxes against the latest contest", False),
        ("box-y += checks/box.o", "Boxes will run sanity tests", False),
        ("box-$(CONFIG_BOX_CHECKS) += checks/box.o\nbox-$(CONFIG_BOX_TWO) += checks/box.o", "Tests of boxes", False),
    ],
)
def test_what_no_kernel_has_without_its_tests(makefile, prompt, asked):
    """What self-tests leave behind is less sure; a folder's name says nothing, nor does what more than one option builds."""
    tree = MemoryTree(
        {
            "Kbuild": b"obj-y += fs/\n",
            "fs/Makefile": b"obj-$(CONFIG_BOX) += box/\n",
            "fs/Kconfig": OPTION.format(prompt).encode(),
            "fs/box/Makefile": f"obj-$(CONFIG_BOX) += box.o\n{makefile}\n".encode(),
            "fs/box/Kconfig": b'config BOX\n\ttristate "Boxes"\n\thelp\n\t  Tests are in checks/.\n',
            "fs/box/checks/box.c": b"int a;\n",
        }
    )
    assert option_for_tests(tree, "fs/box/checks/box.c") == (f"CONFIG_BOX_CHECKS, “{prompt}”" if asked else "")
    assert not option_for_tests(tree, "fs/box/other.c")
