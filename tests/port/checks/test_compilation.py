"""What the compiler is told of a module."""

from cocci_gen.port.checks.compilation import included_sources, own_folders


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


def test_a_source_that_another_one_includes_is_compiled_there():
    """By itself it lacks all that stands above it there, and its errors would be counted as the module's."""
    texts = {
        "elm/base.c": b'#include "../oak/part.c"\n#include "gone.c"\n',
        "oak/part.c": b"int n;\n",
        "top.c": b'#include "elm/base.c"\n',
    }

    assert {"oak/part.c", "elm/base.c"} == included_sources(texts)
