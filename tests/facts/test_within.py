"""A page in something that is in something."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases, given_places, is_element


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        ("struct req r = { .folios = { folio }, .nr = 1 };", "r.folios[0]"),
        ("struct req r = { .io = { .folio = folio } };", "r.io.folio"),
        ("struct req r = { folio };", "r[0]"),
    ],
)
def test_an_initialiser_within_an_initialiser(declared, place):
    """What stands there is the function's own, and has not been given away."""
    graph = graph_of(f"int f(struct folio *folio) {{ {declared} return g(&r); }}".encode(), 1)

    assert place in aliases(graph, "folio")


@pytest.mark.parametrize(
    ("name", "argument", "reach"),
    [
        ("call.io.folio", "&call", "->io.folio"),
        ("req.folios[0]", "&req", "->folios[0]"),
        ("vmf->page", "vmf", "->page"),
        ("pages[0]", "pages", "[0]"),
        ("walk.at.bh", "&walk.at", "->bh"),
    ],
)
def test_who_is_given_the_whole_is_given_the_page(name, argument, reach):
    """The callee names it through its own parameter."""
    assert [Given(0, reach)] == given_places([argument], {name}, call_vocabulary())


def test_one_of_several_is_not_surely_the_page():
    """A loop that unlocks each of `req->folios[i]` unlocks the one once, not twice."""
    names = {"req->folios[0]"}

    assert (True, False, False) == tuple(
        is_element(text, names) for text in ("req->folios[i]", "req->folios[0]", "req->others[i]")
    )
