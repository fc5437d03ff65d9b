"""What the compiler is told of a module."""

from cocci_gen.port.compilation import own_folders


def test_a_module_finds_its_own_headers():
    """Behind a header that is not found nothing is checked: no port would take an error away."""
    texts = {
        "drivers/elm/base.c": b'#include <linux/fs.h>\n#include <elm/kernel.h>\n#include "near.h"\n',
        "drivers/elm/near.h": b"#include <other.h>\n",
        "include/elm/kernel.h": b"# include <elm/user.h>\n",
        "include/elm/user.h": b"",
    }

    assert ("drivers/elm", "include") == own_folders(texts)
    assert () == own_folders({"a.c": b"#include <linux/fs.h>\n"})
