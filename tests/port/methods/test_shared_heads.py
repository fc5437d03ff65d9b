"""A function that several methods share of which one changed."""

import pytest

OLD = b"static int elm_weed(struct plot *plot, int depth, bool deep)"
NEW = b"static int elm_weed(struct plot *plot, int depth)\n"


@pytest.mark.parametrize(
    ("entry", "follows"),
    [
        (b"const struct hoe_operations elm_hoe = {\n\t.scrape\t\t= elm_weed,\n};\n", False),
        (b"const struct meadow_operations elm_more = {\n\t.weed\t\t= elm_weed,\n};\n", True),
    ],
    ids=["another method", "the same method"],
)
def test_a_head_that_another_table_needs_is_left(workshop, pair, entry, follows):
    """The entry of the other method would get a function of the wrong type, and nobody be told."""
    module = pair("module")
    port = workshop.port(module | {"elm.c": module["elm.c"] + b"\n" + entry})
    text = port.ported.texts["elm.c"]
    told = [one.reason for one in port.leftovers if one.function == "elm_weed" and one.reason.startswith("it is")]

    assert (NEW in text, OLD in text, len(told)) == (follows, not follows, 0 if follows else 1)
