"""Heads that a macro of the module makes the new ones."""

import pytest

from cocci_gen.port.methods.qualifiers import qualifiers_in

HEAD = b"static int elm_weed(struct plot *plot, int depth, bool deep)\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"# define DEEP const\n", {"DEEP": "const"}),
        (b"#define DEEP\t/* nothing */\n", {"DEEP": ""}),
        (b"#define DEEP const\n#define DEEP const\n", {"DEEP": "const"}),
        (b"#define DEEP const\n#define DEEP\n", {}),
        (b"#define DEEP const\n#define DEEP 3\n", {}),
        (b"#define DEEP struct deep\n#define DEEP(x) x\n", {}),
    ],
    ids=["one", "nothing", "twice the same", "two", "a value as well", "other things"],
)
def test_macros_for_a_qualifier(text, found):
    """A head would be read through a macro that stands for something else in the next file."""
    assert found == qualifiers_in([text])


@pytest.mark.parametrize(
    ("macro", "told"), [(b"const", 0), (b"", 1)], ids=["as the new kernel has it", "as the old kernel has it"]
)
def test_a_head_that_is_the_new_one_by_a_macro_is_not_told(workshop, pair, macro, told):
    """All of a driver's attributes were "those of neither kernel", though they build on both."""
    old, new = pair("old"), pair("new")
    header = "include/linux/meadow.h"
    line = b"int (*weed)(struct plot *plot, int depth, bool deep);"
    assert line in old[header]
    now = {
        header: new[header].replace(
            b"int (*weed)(struct plot *plot, int depth);", b"int (*weed)(const struct plot *plot, int depth);"
        )
    }
    assert now[header] != new[header]
    module = pair("module")
    head = HEAD.replace(b"struct plot", b"DEEP struct plot").replace(b", bool deep", b"")
    assert HEAD in module["elm.c"]
    module["elm.c"] = b"#define DEEP " + macro + b"\n" + module["elm.c"].replace(HEAD, head)
    port = workshop.port(module, new=now)

    assert head in port.ported.texts["elm.c"]
    assert told == sum("those of neither kernel" in one.reason for one in port.leftovers)
