"""`code/searches/search`: every stop that a feasible way comes to, with the state of one resource."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.machines import RETURN, Event, Exit, Machine, Move, Outcome, Result, Wrong
from cocci_gen.code.searches.search import Question, _Numbers, explore
from cocci_gen.code.states.known import NEGATIVE, ZERO, given

LOCK = Machine(
    "lock",
    "held",
    (Move("held", "unlock", "free"), Move("free", "lock", "held")),
    (Wrong("held", RETURN, "locked"), Wrong("free", "unlock", "twice"), Wrong("held", "lock", "again")),
)


def fixed(mark):
    """What a call of this name does."""

    def outcome(state, _facts):
        says = LOCK.says(state, mark)
        return Outcome((Exit(LOCK.after(state, (mark,))),), ((says, mark),) if says else ())

    return outcome


def perhaps(state, _facts):
    """Unlocks when it fails."""
    return Outcome((Exit("free", Result(NEGATIVE)), Exit(state, Result(ZERO))))


CALLS = {"unlock": fixed("unlock"), "lock": fixed("lock"), "perhaps": perhaps}


def search(code, **more):
    """(exploration, graph) of a function."""
    graph = graph_of(f"int f(int a, int b) {{ {code} }}".encode(), 1)
    events = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if call.callee in CALLS:
                event = Event(number, call.line, call, call.callee, CALLS[call.callee])
                events[number] = (*events.get(number, ()), event)
    return explore(Question(graph, LOCK, events, "held", **more)), graph


def ends(code, **more):
    """{(text of a return, state)} of every arrival."""
    found, graph = search(code, **more)
    return {(graph.nodes[one.node].returned, one.state) for one in found.arrivals}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("if (a) unlock(); return 0;", {("0", "free"), ("0", "held")}),
        ("if (a) unlock(); if (a) return 1; return 0;", {("1", "free"), ("0", "held")}),
        ("int err = perhaps(); if (err) return 1; return 0;", {("1", "free"), ("0", "held")}),
        ("if (perhaps()) return 1; return 0;", {("1", "free"), ("0", "held")}),
        (
            "switch (perhaps()) { case 0: return 0; case -EIO: return 1; } return 2;",
            {("0", "held"), ("1", "free"), ("2", "free")},
        ),
        ("if (perhaps() < 0) return 1; return 0;", {("1", "free"), ("0", "held")}),
        ("if (perhaps() == -EINTR) return 1; return 0;", {("1", "free"), ("0", "free"), ("0", "held")}),
        ("if (perhaps() != -EINTR) return 0; return 1;", {("1", "free"), ("0", "free"), ("0", "held")}),
        ("spin_lock(&p->lock); if (!p) return 1; return 0;", {("0", "held")}),
        ("unlock(); lock(); return 0;", {("0", "held")}),
        ("while (a) { unlock(); lock(); } return 0;", {("0", "held")}),
        ("a = 0; if (a & BIT) unlock(); return 0;", {("0", "held")}),
        ("a = BIT; if (a & BIT) unlock(); return 0;", {("0", "free")}),
        ("a = BIT; if (a & OTHER) unlock(); return 0;", {("0", "free"), ("0", "held")}),
        ("if (a & BIT) unlock(); return 0;", {("0", "free"), ("0", "held")}),
    ],
)
def test_states_that_a_return_is_reached_in(code, expected):
    """Ways that differ in the state are kept apart, and a test of the result keeps those that agree with it."""
    assert expected == ends(code)


def test_what_is_known_at_the_entry_decides():
    """A constant that the caller passes."""
    assert {("0", "free")} == ends("if (a) unlock(); return 0;", known=given([("a", "true")]))


def test_what_is_wrong_is_told_with_the_way_to_it():
    """A second unlock, and a lock that is held already."""
    found, _ = search("if (a) unlock(); else lock(); unlock(); return 0;")

    assert {("twice", "unlock"), ("again", "lock")} == {(one.says, one.words) for one in found.wrongs}
    (twice,) = [one for one in found.wrongs if one.says == "twice"]
    assert ["true"] == [decision.label for decision in found.path(twice.stop).decisions]


def test_too_many_ways_are_merged_and_the_states_stay():
    """Twelve tests that nothing joins are four thousand ways: the search forgets values, and ends."""
    code = "".join(f"if (x{n}) y{n} = 1; " for n in range(12)) + "if (a) unlock(); return "
    code += " + ".join(f"y{n}" for n in range(12)) + ";"
    found, _ = search(code, limit=200)

    assert found.merged
    assert {"free", "held"} == {one.state for one in found.arrivals}


def diamonds(count):
    """Tests in a row, of each of which something is known to the end, as the pointer is still read there."""
    return "".join(f"if (p->x{n}) a = {n}; " for n in range(count)) + "if (p->y) unlock(); return a;"


def test_where_ways_are_merged_a_node_waits_for_all_of_them():
    """Gone over anew for each way that comes, what stands behind three thousand tests took 4 GB."""
    found, graph = search(diamonds(100), limit=50)
    few, _ = search(diamonds(10), limit=50)

    assert (found.merged, few.merged) == (True, True)
    assert len(found.before) < 3 * len(graph.nodes)
    assert {"free", "held"} == {one.state for one in found.arrivals}


def test_a_loop_is_gone_over_till_nothing_changes():
    """The node that a way leads back to has its turn again."""
    code = "while (b) { if (p->x) a = 1; if (a) unlock(); b--; } return a;"

    assert ends(code, limit=0) == ends(code) == {("a", "held"), ("a", "free")}


def test_what_nobody_reads_any_more_does_not_keep_ways_apart():
    """Each dead fact would double the work."""
    code = "".join(f"if (x{n}) y{n} = 1; " for n in range(40)) + "return 0;"
    found, _ = search(code, limit=400)

    assert not found.merged


def test_a_branch_may_move_the_state():
    """Where a loop is left, or a taking has succeeded."""
    graph = graph_of(b"int f(int a) { if (a) return 1; return 0; }", 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.kind == "condition")
    found = explore(Question(graph, LOCK, {}, "held", turns={(number, "true"): "unlock"}))

    assert {("1", "free"), ("0", "held")} == {(graph.nodes[one.node].returned, one.state) for one in found.arrivals}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("BUG_ON(a); if (a) return 1; unlock(); return 0;", {("0", "free")}),
        ("if (!a) return 0; BUG_ON(a); return 1;", {("0", "held")}),
        ("BUG_ON(a == 3); if (a) return 1; return 0;", {("1", "held"), ("0", "held")}),
        ("BUG_ON(perhaps()); return 0;", {("0", "held")}),
        ("BUG_ON(perhaps() == 0); return 0;", {("0", "free")}),
    ],
)
def test_behind_bug_on_its_condition_does_not_hold(code, expected):
    """What a function rules out by BUG_ON() was reported behind it."""
    assert expected == ends(code)


@pytest.mark.parametrize(
    ("call", "expected"), [("dget(d)", {"free"}), ("find(d)", {"free", "held"}), ("dget(d) ?: d", {"free", "held"})]
)
def test_some_calls_give_no_error_pointer(call, expected):
    """A way on which dget() has failed is none: what it was said to keep nobody could ever lose."""
    found, _ = search(f"struct dentry *p = {call}; if (IS_ERR(p)) return -1; unlock(); return 0;")
    assert {one.state for one in found.arrivals} == expected


def test_a_test_agrees_with_its_opposite():
    """`x != y` guards the lock and `x == y` leaves before the release: one of them holds, whatever is called in between."""
    code = "if (p->a != p->b) unlock(); work(); if (p->a == p->b) return 1; return 0;"

    assert ("1", "free") in ends(code)
    assert {("1", "held"), ("0", "free")} == ends(code, agreeing=frozenset({"p->a == p->b"}))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("return a ? -5 : 0;", {"-5", "0"}),
        ("if (!a) return 1; return a ? -5 : 0;", {"1", "-5"}),
        ("return f(a) ? -5 : 0;", {"-5", "0"}),
        ("return a && f(a) ? -5 : 0;", {"-5", "0"}),
        ("return f(a) ? g() : 0;", {""}),
    ],
)
def test_a_choice_that_is_returned_comes_out_both_ways(code, expected):
    """As one value it is neither an error nor success, and who fails by it would not be seen."""
    found, _ = search(code)

    assert {one.result.constant for one in found.arrivals} == expected


def test_what_nobody_reads_is_known_at_the_start_alone():
    """A node where all names live on passes on what is known as it is; the first node has what its caller says."""
    found, graph = search("x(); y(); return a;", known=given([("a", "0"), ("unread", "1")]))
    assert {stop.node: {place for place, _, _ in stop.facts} for stop in found.before}[0] == {"a", "unread"}
    assert all({place for place, _, _ in stop.facts} == {"a"} for stop in found.before if stop.node)
    assert any(graph.nodes[stop.node].kind == "return" for stop in found.before)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # What a test said is remembered: the place and the pointer say the same from there on.
        (
            "int there = !IS_ERR(p); if (there) unlock(); if (IS_ERR(p)) return 1; return 0;",
            {("1", "held"), ("0", "free")},
        ),
        ("int none = p == NULL; if (!none) unlock(); if (p) return 1; return 0;", {("1", "free"), ("0", "held")}),
        ("int none = !p; if (none) unlock(); if (p) return 1; return 0;", {("1", "held"), ("0", "free")}),
        ("int not = !perhaps(); if (not) return 1; return 0;", {("1", "held"), ("0", "free")}),
        # One error is an error.
        (
            "if (IS_ERR(p)) unlock(); if (p == ERR_PTR(-ENOKEY)) return 1; return 0;",
            {("1", "free"), ("0", "free"), ("0", "held")},
        ),
        # Nobody makes a pointer of a positive number.
        (
            "if (a < 0) unlock(); return a ? ERR_PTR(a) : p;",
            {("a ? ERR_PTR(a) : p", "free"), ("a ? ERR_PTR(a) : p", "held")},
        ),
        ("if (a > 0) unlock(); return ERR_PTR(a);", {("ERR_PTR(a)", "held")}),
    ],
)
def test_what_a_test_said_is_known_by_what_remembers_it(code, expected):
    """A leak was told on the way on which the flag says that there is nothing to give back."""
    assert expected == ends(f"struct page *p = find(a); {code}")


#: Of the same function, one after the other: what one search has worked out the next one goes on with.
QUESTIONS = (
    {},
    {"known": given([("a", "0")])},
    {"kept": frozenset({"b"})},
    {"refused": lambda _node, label: label == "true"},
    {"known": given([("a", "1"), ("b", "0")]), "kept": frozenset({"b"})},
    {"agreeing": frozenset({"a == 0"})},
    {"start": 3},
    {},
)


@pytest.mark.parametrize("limit", [1000, 3])
def test_a_search_finds_the_same_whatever_was_searched_for_before(limit):
    """What is known behind a node hangs on what is remembered to the end, refused and agreed: those must not share it."""
    code = (
        "int err = perhaps(); if (a == 0) b = 1; if (err) unlock(); while (b < 9) { if (a == 0) b++; else b = 0; } "
        "if (a != 0) return b; return err;"
    )

    def asked(graph, more):
        events = {
            number: tuple(Event(number, call.line, call, call.callee, CALLS[call.callee]) for call in node.calls)
            for number, node in enumerate(graph.nodes)
            if any(call.callee in CALLS for call in node.calls)
        }
        found = explore(Question(graph, LOCK, events, "held", **{"limit": limit, **more}))
        return list(found.before), found.states, found.arrivals, found.merged

    one = graph_of(f"int f(int a, int b) {{ {code} }}".encode(), 1)
    fresh = [asked(graph_of(f"int f(int a, int b) {{ {code} }}".encode(), 1), more) for more in QUESTIONS]

    assert [asked(one, more) for more in QUESTIONS] == fresh
    assert len({str(found) for found in fresh}) >= 5


def test_what_is_known_has_one_number_and_what_has_the_same_sum_another():
    """Two things that are known and have one sum would pass for the same, and a way would be taken for one that was gone."""
    numbers = _Numbers()
    one, other = {"a": (-1, ""), "b": (ZERO, "0")}, {"a": (-2, ""), "b": (ZERO, "0")}
    assert hash(frozenset(one.items())) == hash(frozenset(other.items()))

    first, second = numbers.of(one), numbers.of(other)
    assert first != second
    assert (first, second) == (numbers.of(dict(reversed(one.items()))), numbers.of_facts(numbers.facts(second)))
    assert (("a", -1, ""), ("b", ZERO, "0")) == numbers.facts(first)


def test_what_the_caller_tells_in_two_ways_stays_two():
    """What a caller knows of a place by two means was asked for by whoever looks at the first stop."""
    numbers = _Numbers()
    doubled = (("a", NEGATIVE, ""), ("a", ZERO, "0"))

    number = numbers.of_facts(doubled)
    assert (doubled, {"a": (ZERO, "0")}) == (numbers.facts(number), numbers.known[number])
    assert number == numbers.of_facts(doubled) != numbers.of({"a": (ZERO, "0")})
