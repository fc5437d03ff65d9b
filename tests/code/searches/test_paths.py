"""Leaf `paths`: a way to a return is found where there is one, and refuted only where it contradicts itself."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import NoPath, Path, Ways, find_path
from cocci_gen.code.states.known import NEGATIVE, ZERO, given, may_be_nonzero, may_be_zero, nonzero, sound
from cocci_gen.code.states.zeroed import given_to


def graph(body):
    """The control flow of a function with that body."""
    return graph_of(f"int demo(struct page *page)\n{{\n{body}\n}}\n".encode(), 1)


def numbers(found, text):
    """The nodes with that text."""
    return [number for number, node in enumerate(found.nodes) if node.text == text]


def search(body, target="return 1;", blocked="stop();", **options):
    """The way to `target` that passes no `blocked` node."""
    found = graph(body)
    return find_path(found, numbers(found, target)[0], numbers(found, blocked), **options)


def found_in(body, **options):
    """Whether there is a way."""
    return isinstance(search(body, **options), Path)


def test_the_way_and_its_branches():
    """The branches of the way are the evidence of a finding and the condition in its message."""
    found = graph("if (a)\n\tstop();\nif (!b)\n\treturn 1;\nstop();\nreturn 0;")
    path = find_path(found, numbers(found, "return 1;")[0], numbers(found, "stop();"))

    assert isinstance(path, Path)
    assert ["", "a", "b", "return 1;"] == [found.nodes[number].text for number in path.nodes]
    assert [("a", "false"), ("b", "false")] == [(found.nodes[one.node].text, one.label) for one in path.decisions]


def test_the_shortest_way_is_given():
    """A message that names the condition of a detour sends the reader astray."""
    found = graph("if (a) { x(); y(); z(); if (b) goto out; }\nif (c) goto out;\nstop();\nout: return 1;")
    path = find_path(found, numbers(found, "return 1;")[0], numbers(found, "stop();"))

    assert ["a", "c"] == [found.nodes[one.node].text for one in path.decisions]


@pytest.mark.parametrize(
    "body",
    [
        "stop(); return 1;",
        "if (p) stop(); if (!p) return 0; return 1;",
        "if (!p) return 0; if (p) stop(); return 1;",
        "err = 0; if (err) return 1; stop();",
        "err = -EIO; if (!err) return 1; stop();",
        "err = -EIO; if (err < 0) stop(); return 1;",
        "if (IS_ERR(p)) { err = PTR_ERR(p); if (!err) return 1; } stop();",
        "if (!n) return 0; while (n--) stop(); return 1;",
        "err = -EIO; if (err == -EIO) stop(); return 1;",
        "err = -EIO; if (err == -ENOMEM) return 1; stop();",
        "err = -EIO; switch (err) { case 0: return 1; default: stop(); }",
        "err = -EIO; switch (err) { case -EIO: stop(); break; default: return 1; }",
        "switch (err) { case 0: stop(); break; default: if (!err) return 1; stop(); }",
        "switch (err) { case -EIO: if (!err) return 1; } stop();",
        "if (err < 0) return 0; if (err >= 0) stop(); return 1;",
        "if (err > 0) return 0; if (err < 0) return 0; if (err == 0) stop(); return 1;",
        "if (err != 0) return 0; if (!err) stop(); return 1;",
        "p = NULL; if (p) return 1; stop();",
        "p = &q; if (!p) return 1; stop();",
        "done = false; if (a) done = true; if (done) return 0; if (a) stop(); else return 0; return 1;",
        "if (a->b) stop(); if (a->b) return 1;",
        "if (IS_ERR(p)) return 0; if (IS_ERR(p)) return 1; stop();",
        "if ((err = f()) < 0) return 0; if (err < 0) return 1; stop();",
        "err = other; if (other) return 0; err = other; if (err) return 1; stop();",
        "if (mode == 3) return 0; if (mode == 3) return 1; stop();",
        "if (mode == A_MODE) { if (mode != A_MODE) return 1; } stop();",
        "if (n > 3) return 0; if (n > 3) return 1; stop();",
        "if (a & FLAG) return 0; if (a & FLAG) return 1; stop();",
        "p = ERR_PTR(-EIO); if (!p) return 1; stop();",
        "err = -EIO; p = ERR_PTR(err); if (!p) return 1; stop();",
        "list_for_each_entry(p, &head, member) stop(); if (q) return 0; if (q) return 1;",
        "BUG(); return 1;",
        "err = (vm_fault_t)VM_FAULT_OOM; if (!err) return 1; stop();",
        "if (mode != A_FOUND) return 0; if (mode == B_ERROR) return 1; stop();",
        "if (n < ARRAY_SIZE(v)) return 0; if (!n) return 1; stop();",
        "if (n >= 3 && !n) return 1; stop();",
        "p = ERR_PTR(-EIO); if (!IS_ERR(p)) return 1; stop();",
        "*p = 0; f(q); if (*p) return 1; stop();",
        "*p = -EIO; if (!*p) return 1; stop();",
        "*p = A_MODE; f(q); if (*p == B_MODE) return 1; stop();",
    ],
)
def test_ways_that_contradict_themselves_are_refuted(body):
    """Each of these is what correct kernel code looks like to spatch, which does not know values."""

    assert NoPath(exhausted=True) == search(body)


@pytest.mark.parametrize(
    "body",
    [
        "if (p) stop(); return 1;",
        "if (p) stop(); p = q; if (!p) return 1; return 0;",
        "if (p) stop(); f(&p); if (p) return 1;",
        "if (a->b) stop(); f(); if (a->b) return 1;",
        "if (f(p)) stop(); if (f(p)) return 1;",
        "err = f(); if (err < 0) return 1; stop();",
        "err = -EIO; err = f(); if (!err) return 1; stop();",
        "err = 0; err |= f(); if (err) return 1; stop();",
        "n = 0; n++; if (n) return 1; stop();",
        "if (err < 0) return 0; if (err > 0) return 1; stop();",
        "if (err <= 0) return 0; if (err != 3) return 1; stop();",
        "if (mode == A_MODE) stop(); if (mode == B_MODE) return 1;",
        "if (mode != 3) stop(); if (mode) return 1;",
        "if (p == q) stop(); if (p != q) return 1;",
        "switch (m) { case 1: stop(); break; case 2: return 1; }",
        "if (PageUptodate(page)) stop(); lock(page); if (PageUptodate(page)) return 1;",
        "if (*p) stop(); *p = 1; if (*p) return 1;",
        "while (n) { if (n) stop(); n--; } return 1;",
        "a[i] = 0; if (a[i]) return 1; stop();",
        "p = ERR_PTR(f()); if (!p) return 1; stop();",
        "q = NULL; list_for_each_entry(p, &head, member) { q = p; x(); } if (q) return 1; stop();",
        "p = NULL; list_for_each_entry(p, &head, member) { if (p) return 1; } stop();",
        "if (n >= ARRAY_SIZE(v)) return 0; if (!n) return 1; stop();",
        "if (n > -3 && !n) return 1; stop();",
        "p = ERR_PTR(f()); if (!IS_ERR(p)) return 1; stop();",
        "*p = 0; f(p); if (*p) return 1; stop();",
        "*p = 0; f(q, p + 1); if (*p) return 1; stop();",
        "*p = 0; p = q; if (*p) return 1; stop();",
        "*p = -EIO; if (*p) return 1; stop();",
    ],
)
def test_ways_that_may_be_taken_are_found(body):
    """A way that is refuted wrongly is a bug that nobody will hear of."""

    assert found_in(body)


def test_the_target_itself_may_be_blocked():
    """`return unlock_and_fail(page);` stops the path and is its end."""

    assert found_in("if (a) return 1;", blocked="return 1;")


def test_the_start_may_be_blocked():
    """A path that begins at the call which opens the obligation leaves it at once."""
    found = graph("stop(); return 1;")
    (stop,) = numbers(found, "stop();")

    assert isinstance(find_path(found, numbers(found, "return 1;")[0], {stop}, start=stop), Path)


def test_branches_can_be_refused():
    """A rule may know that a branch is not taken where it applies."""
    body = "if (rcu) return 1; stop();"

    assert found_in(body)
    assert not found_in(body, refused=lambda node, label: node.text == "rcu" and label == "true")


def test_more_can_be_asked_of_what_is_known_at_the_target():
    """Whether the returned value may be zero decides which fix is right."""
    body = "if (err) goto out; if (a) goto out; stop(); out: return err;"

    assert found_in(body, target="return err;", accept=lambda facts: may_be_zero(facts, "err"))
    assert not found_in(
        "if (!err) stop(); return err;", target="return err;", accept=lambda facts: may_be_zero(facts, "err")
    )


def test_what_is_known_of_a_place():
    """Nothing known means that everything is possible."""

    assert (True, True) == (may_be_zero((), "err"), may_be_nonzero((), "err"))
    assert (True, False) == (may_be_zero((("err", 2, "0"),), "err"), may_be_nonzero((("err", 2, "0"),), "err"))
    assert (False, True) == (may_be_zero((("err", 5, ""),), "err"), may_be_nonzero((("err", 5, ""),), "err"))


def test_a_search_that_gives_up_proves_nothing(monkeypatch):
    """ "Too many paths" must never read as "no path"."""
    monkeypatch.setattr("cocci_gen.code.searches.paths.STATES", 3)

    assert NoPath(exhausted=False) == search("if (a) x(); if (b) x(); if (c) x(); stop(); return 1;")


def test_many_branches_do_not_take_for_ever():
    """Twelve independent tests are 4,096 combinations; the search stops by itself at its limit."""
    body = "".join(f"if (a{number}) x{number}();\n" for number in range(40)) + "stop(); return 1;"

    assert not search(body).exhausted


def test_what_is_known_at_the_start():
    """A page that the caller hands over is there: `if (page) unlock(page)` leaves no way without the unlock."""
    body = "if (page)\n\tstop();\nreturn 1;"

    assert found_in(body)
    assert not found_in(body, known=nonzero("page"))
    assert not found_in("if (n)\n\tstop();\nreturn 1;", known=given([("n", "1"), ("m", "some(thing)")]))
    assert found_in("page = other;\nif (page)\n\tstop();\nreturn 1;", known=nonzero("page"))


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("if (IS_ERR(page)) return 1;", False),
        ("look(page); if (IS_ERR_OR_NULL(page)) return 1;", False),
        ("page = find(); if (IS_ERR_OR_NULL(page)) return 1;", True),
        ("if (PageUptodate(page)) look(page); if (!PageUptodate(page)) return 1;", True),
    ],
)
def test_a_pointer_stays_what_it_is_whatever_is_called(test, holds):
    """`IS_ERR()` speaks of a variable, which only an assignment changes; what it points to may change by any call."""
    assert holds == found_in(f"{test} stop();", known=sound("page"))


def test_what_is_neither_an_error_nor_null():
    """Behind `!IS_ERR_OR_NULL(p)` both are refuted."""
    assert not found_in("if (IS_ERR_OR_NULL(p)) return 0; look(); if (!p) return 1; if (IS_ERR(p)) return 1; stop();")


@pytest.mark.parametrize(
    ("body", "there"),
    [
        ("page = NULL;\nif (other != page) stop();\nreturn 1;", False),
        ("page = NULL;\nif (other == page) stop();\nreturn 1;", True),
        ("other = NULL;\npage = NULL;\nif (other == page) stop();\nreturn 1;", False),
        ("n = 2;\nm = 3;\nif (n != m) stop();\nreturn 1;", False),
        ("n = LIMIT;\nm = OTHER_LIMIT;\nif (n != m) stop();\nreturn 1;", True),
        ("page = NULL;\nif (other != page) stop();\nif (!other) stop();\nreturn 1;", False),
    ],
)
def test_two_variables_that_are_the_same_hold_the_same(body, there):
    """`if (bh != last) brelse(bh);` releases what was read where `last` is still NULL."""
    assert there == found_in(body, known=nonzero("other"))


@pytest.mark.parametrize(
    ("body", "there"),
    [
        ("n = 0;\n++n;\nif (n == 0) return 1;\nstop();", False),
        ("n = 0;\nn++;\nif (n == 0) return 1;\nstop();", False),
        ("n = 0;\n++n;\ngive(&all[n]);\nif (n == 0) return 1;\nstop();", False),
        ("n = 0;\n++n;\ngive(&n);\nif (n == 0) return 1;\nstop();", True),
        ("n = -1;\nn++;\nif (n == 0) return 1;\nstop();", True),
        ("n = next();\nn++;\nif (n == 0) return 1;\nstop();", True),
        ("n = 1;\nn--;\nif (n == 0) return 1;\nstop();", True),
    ],
)
def test_a_count_that_went_up_is_not_zero(body, there):
    """A loop that reads where `n == 0` does so once; who takes it for twice sees a leak where none is."""
    assert there == found_in(body)


def test_one_search_answers_as_many_questions_as_are_asked():
    """Who asks for every call of a function would search it once per call, and a second question must not hear less."""
    found = graph(
        "if (a) { one(); if (!a) two(); stop(); three(); }\nwhile (b) four();\nif (!b) return 1;\nstop();\nreturn 0;"
    )
    blocked, nodes = frozenset(numbers(found, "stop();")), range(len(found.nodes))
    for order in (nodes, reversed(nodes)):
        ways = Ways(found, blocked)
        assert [ways.to(node) == find_path(found, node, blocked) for node in order] == [True] * len(nodes)
    assert {isinstance(find_path(found, node, blocked), Path) for node in nodes} == {True, False}


def test_a_second_question_may_ask_more_of_what_is_known():
    """The first way to a place may hold another value there than the one that is wrong."""
    found = graph("err = 0;\nif (a)\n\terr = -EIO;\nx();\ny();\nreturn err;")
    ways, target = Ways(found, ()), numbers(found, "return err;")[0]
    shorter = ways.to(target)
    failing = ways.to(target, lambda facts: not may_be_zero(facts, "err"))

    assert isinstance(shorter, Path)
    assert isinstance(failing, Path)
    assert [("a", "false")] == [(found.nodes[one.node].text, one.label) for one in shorter.decisions]
    assert [("a", "true")] == [(found.nodes[one.node].text, one.label) for one in failing.decisions]


def test_what_a_call_tells_of_parameters():
    """A callee that is told of a failure other than the one that it forgives returns it."""
    callee = graph_of(b"int demo(struct page *page, int err) { return err; }", 1)
    known = {"ret": (NEGATIVE, ""), "ret == -ENOENT": (ZERO, ""), "other == -EIO": (ZERO, "")}

    assert (("err", NEGATIVE, ""), ("err == -ENOENT", ZERO, "")) == given_to(callee, ("p", "ret"), known)


def test_an_array_that_was_filled_is_not_empty():
    """`all[n++] = page` counts: what gives the elements back is not passed by; of a count below 0 nothing is known."""
    filled = "all[n++] = page;\nif (n)\n\tput(all);\nreturn 0;"

    def passes_by(text):
        found = graph(text)
        return isinstance(
            find_path(found, numbers(found, "return 0;")[0], frozenset(numbers(found, "put(all);"))), Path
        )

    assert not passes_by(f"n = 0;\n{filled}")
    assert passes_by(f"n = -1;\n{filled}")
    assert passes_by(filled)
