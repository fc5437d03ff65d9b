"""What a node does to what is known: nothing is kept that it may change, and nothing is forgotten that it does not."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.states.deeds import assume, condition_of, deed_of, deeds_of
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO

KNOWN = {"err": (NEGATIVE, "-EIO"), "a->b": (ZERO, "0"), "*p": (POSITIVE, ""), "n": (POSITIVE, "1")}


def node(statement, kind="statement"):
    """The first node of that kind in a function that holds a statement."""
    graph = graph_of(f"int demo(void)\n{{\n{statement}\n}}\n".encode(), 1)
    return next(one for one in graph.nodes if one.kind == kind)


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("f(x);", {"err", "*p", "n"}),
        ("f(p);", {"err", "n"}),
        ("f(&err);", {"*p", "n"}),
        ("IS_ERR(p);", {"err", "a->b", "*p", "n"}),
        ("err = g(x);", {"*p", "n"}),
        ("err = 0;", {"err", "a->b", "*p", "n"}),
        ("x = y;", {"err", "a->b", "*p", "n"}),
        ("n--;", {"err", "a->b", "*p", "n"}),
    ],
)
def test_what_is_left_behind_a_node(statement, left):
    """A value that is kept too long refutes ways that there are; one that is lost too soon refutes none."""
    assert left == set(deed_of(node(statement)).behind(KNOWN))


def test_who_changes_nothing_of_it_gives_back_the_same():
    """The search compares by identity what most nodes leave as it was; and what it gave must never be changed."""
    before = dict(KNOWN)

    assert KNOWN is deed_of(node("x = y;")).behind(KNOWN)
    assert (ZERO, "0") == deed_of(node("err = 0;")).behind(KNOWN)["err"]
    assert (ZERO, "0") == deed_of(node("n--;")).behind(KNOWN)["n"]
    assert before == KNOWN


def test_a_test_narrows_what_is_known_without_a_change_of_it():
    """Both branches of a test are told from the same: what one learns, the other must not know."""
    asked = condition_of(node("if (m < 0) return 1;", "condition"))

    assert (NEGATIVE, "") == assume(KNOWN, asked, truth=True)["m"]
    assert (ZERO | POSITIVE, "") == assume(KNOWN, asked, truth=False)["m"]
    assert "m" not in KNOWN


@pytest.mark.parametrize(("asked", "truth"), [("p == q", False), ("q == p", False), ("p != q", True), ("q != p", True)])
@pytest.mark.parametrize(
    ("between", "refuted"), [("", True), ("f(1);", True), ("q = r;", False), ("p = r;", False), ("p++;", False)]
)
def test_what_is_set_to_a_variable_is_the_same_until_one_is_set_anew(asked, truth, between, refuted):
    """`pages == shared` would come out false behind `pages = shared`, and a lock that is released there be told as kept."""
    graph = graph_of(f"int demo(void)\n{{\np = q;\n{between}\nif ({asked}) return 1;\nreturn 0;\n}}\n".encode(), 1)
    known = {}
    for deed in deeds_of(graph)[1:]:
        if deed.condition is not None:
            assert (assume(known, deed.condition, truth=truth) is None) == refuted
            return
        known = deed.behind(known)
    pytest.fail("nothing was asked")


@pytest.mark.parametrize(
    ("between", "truth", "signs"),
    [
        ("", True, NEGATIVE),
        ("", False, NEGATIVE | ZERO | POSITIVE),
        ("f(1);", True, NEGATIVE),
        ("err = g();", True, NEGATIVE | ZERO | POSITIVE),
        ("page = g();", True, NEGATIVE | ZERO | POSITIVE),
        ("f(&page);", True, NEGATIVE | ZERO | POSITIVE),
    ],
    ids=["at once", "no error", "a call between", "another number", "another pointer", "given away"],
)
def test_a_number_that_was_made_of_a_pointer_is_an_error_once_that_is_one(between, truth, signs):
    """`err = PTR_ERR(page); if (IS_ERR(page)) goto out;` fails as the other order does, and what it holds is to go back."""
    graph = graph_of(
        f"int demo(void)\n{{\nerr = PTR_ERR(page);\n{between}\nif (IS_ERR(page)) return err;\n}}\n".encode(), 1
    )
    known = {}
    for one in graph.nodes:
        if one.kind == "condition":
            known = assume(known, condition_of(one), truth=truth)
            break
        known = deed_of(one).behind(known)

    assert known.get("err", (NEGATIVE | ZERO | POSITIVE, ""))[0] == signs
