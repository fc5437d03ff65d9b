"""Modules of which somebody ported a half by hand: the definition, and not the header."""

import pytest

DEFINED = b'#include "brook.h"\n\n%s\n{\n\treturn depth;\n}\n'
TABLE = b"\nconst struct meadow_operations brook_ops = {\n\t.weed = brook_weed,\n};\n"
OLD, NEW = b"int brook_weed(struct plot *plot, int depth, bool deep)", b"int brook_weed(struct plot *plot, int depth)"
HEADER = b"#include <linux/meadow.h>\n%s;\n"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (OLD, NEW),
        (b"extern " + OLD, b"extern " + NEW),
        (b"int brook_weed(struct plot *, int, bool)", b"int brook_weed(struct plot *, int)"),
        (
            b"int\nbrook_weed(struct plot *plot,\n\t   int depth, bool deep)",
            b"int\nbrook_weed(struct plot *plot,\n\t   int depth)",
        ),
        (NEW, NEW),
        (b"int brook_weed(struct shed *shed)", b"int brook_weed(struct shed *shed)"),
    ],
    ids=["named", "extern", "unnamed", "on lines", "done", "of something else"],
)
@pytest.mark.parametrize("apart", [False, True], ids=["table beside", "table elsewhere"])
def test_the_declaration_follows_a_definition_that_did(workshop, declared, expected, apart):
    """The one who ported the functions by hand was told of each line of his headers, and had to do these as well."""
    code = (
        {"a.c": DEFINED % NEW + TABLE} if not apart else {"a.c": DEFINED % NEW, "b.c": b'#include "brook.h"\n' + TABLE}
    )
    port = workshop.port({"brook.h": HEADER % declared, **code})

    assert HEADER % expected == port.ported.texts["brook.h"]
    assert code == {path: port.ported.texts[path] for path in code}
    assert () == workshop.port(dict(port.ported.texts)).ported.applied


@pytest.mark.parametrize("declared", [OLD, NEW])
def test_a_definition_follows_whatever_its_declaration_says(workshop, declared):
    """The other half: the header was ported, and the function was not."""
    port = workshop.port({"brook.h": HEADER % declared, "a.c": DEFINED % OLD + TABLE})

    assert HEADER % NEW == port.ported.texts["brook.h"]
    assert DEFINED % NEW + TABLE == port.ported.texts["a.c"]
