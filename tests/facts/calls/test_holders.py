"""`facts/calls/holders`: which names of a function hold a page where."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.calls.holders import holders
from cocci_gen.facts.calls.page_places import aliases

HEAD = "static void does(struct folio *target, int at)\n{\n\tstruct folio *folio;\n\n"


def held_at(body, call, root="target", head=HEAD):
    """(names that hold it, names that do so perhaps) in front of a call."""
    graph = graph_of((head + body + "}\n").encode(), 1)
    found = holders(graph, aliases(graph, root), root)
    number = next(n for n, node in enumerate(graph.nodes) if node.text.startswith(call))
    return set(found.sure[number]), set(found.perhaps[number])


@pytest.mark.parametrize(
    ("body", "sure", "perhaps"),
    [
        ("\tfolio = target;\n\tuse(folio);\n", {"target", "folio"}, set()),
        ("\tif (at)\n\t\tfolio = target;\n\telse\n\t\tfolio = next(at);\n\tuse(folio);\n", {"target"}, {"folio"}),
        ("\tif (at) {\n\t\tfolio = target;\n\t\treturn;\n\t}\n\tfolio = next(at);\n\tuse(folio);\n", {"target"}, set()),
        ("\tfolio = target;\n\tfolio = NULL;\n\tuse(folio);\n", {"target"}, set()),
        ("\tfolio = target;\n\ttarget = next(at);\n\tuse(folio);\n", {"folio"}, set()),
        ("\tuse(folio);\n\tfolio = target;\n", {"target"}, set()),
        ("\tread_next(&target);\n\tuse(target);\n", set(), {"target"}),
    ],
    ids=["alias", "either", "other branch", "emptied", "parameter moves on", "not yet", "parameter may be set"],
)
def test_names_are_followed(body, sure, perhaps):
    """Taken for the page everywhere, what is done to `folio` was done to the page even where it is another one."""
    assert held_at(body, "use(") == (sure, perhaps)


def test_a_loop_is_followed_to_its_end():
    """What the second round brings is known in the first node of the loop, too."""
    body = "\tfolio = target;\n\twhile (at--) {\n\t\tuse(folio);\n\t\tfolio = next(at);\n\t}\n"

    assert held_at(body, "use(") == ({"target"}, {"folio"})


def test_the_last_name_is_lost():
    """What is held by no name any more was taken for released by the unlock of what the name means now."""
    graph = graph_of((HEAD + "\ttarget = next(at);\n\tuse(target);\n}\n").encode(), 1)
    found = holders(graph, {"target"}, "target")

    assert [one.right for every in found.lost for one in every] == ["next(at)"]


def test_what_is_taken_anew_holds_it_each_time():
    """A function that takes its pages itself: the name is the page."""
    head = "static void does(struct readahead_control *rac)\n{\n\tstruct page *page;\n\n"
    body = "\twhile ((page = readahead_page(rac)))\n\t\tuse(page);\n"

    assert held_at(body, "use(", "page", head) == ({"page"}, set())
