"""What was told of a function as of a helper is not told of it again as of a method."""

from cocci_gen.kinds.takes.judged.bound import Bound
from cocci_gen.kinds.takes.judged.said import said_of


def test_only_what_is_new_is_told_of_a_method_that_was_a_helper(facts_of):
    """One leak would be two findings, under the rules of two methods."""
    facts = facts_of({"fs/a.c": "static int box_open(int n) { return 0; }\nstatic int box_do(int n) { return 0; }\n"})
    of = {name: Bound(facts.index.definitions(name)[0], (), ()) for name in ("box_open", "box_do")}
    again = Bound(of["box_open"].definition, (), (), again=True)
    said = said_of(facts.index)

    def told(bound, *found):
        return said.new(bound, found, lambda one: ("fs/a.c", *one))

    assert told(of.values(), ("box_open", "mutex"), ("box_do", "mutex")) == (("box_open", "mutex"), ("box_do", "mutex"))
    assert told((again, of["box_do"]), ("box_open", "mutex"), ("box_open", "page")) == (("box_open", "page"),)
    assert told((of["box_do"],), ("box_do", "mutex")) == (("box_do", "mutex"),)
