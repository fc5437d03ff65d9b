"""`facts/pages/summaries`: the states that a callee may leave its page in, by what it returns."""

import pytest

from cocci_gen.code.searches.machines import Machine, Move
from cocci_gen.code.states.known import NEGATIVE, ZERO
from cocci_gen.facts.pages.summaries import DEPTH, Summaries

LOCK = Machine(
    "lock",
    "held",
    (
        Move("held", "release", "free"),
        Move("held", "unknown", "unseen"),
        Move("held", "hand_on", "gone"),
        Move("held", "escape", "kept"),
    ),
    (),
)
DOES = "static int does(struct folio *f, bool keep)\n{\n\tint err = work();\n\n{0}\treturn err;\n}\n"
CALLER = "static int caller(struct folio *folio, bool keep)\n{\n\treturn does(folio, {0});\n}\n"


@pytest.fixture
def exits(facts_of):
    """exits(C text, argument) -> {state: signs that `does(folio, argument)` may return with it}."""

    def find(text, argument="keep"):
        facts = facts_of({"fs/a.c": text + CALLER.replace("{0}", argument)})
        graph = facts.index.graph(facts.index.definitions("caller")[0])
        events = Summaries(facts.effects, LOCK).events(graph, "fs/a.c", {"folio"})
        found = {}
        for event in (one for every in events.values() for one in every):
            for one in event.outcome("held", ()).exits:
                found[one.state] = found.get(one.state, 0) | one.result.signs
        return found

    return find


@pytest.mark.parametrize(
    ("body", "free", "held"),
    [
        ("\tfolio_unlock(f);\n", 7, 0),
        ("\tif (err)\n\t\tfolio_unlock(f);\n", 5, ZERO),
        ("\tif (!err)\n\t\tfolio_unlock(f);\n", ZERO, 5),
        ("\tif (err) {\n\t\tfolio_unlock(f);\n\t\treturn -EIO;\n\t}\n", NEGATIVE, ZERO),
        ("\tif (err) {\n\t\tfolio_unlock(f);\n\t\treturn other();\n\t}\n", 7, ZERO),
        ("\tif (keep)\n\t\tfolio_unlock(f);\n", 7, 7),
    ],
    ids=["always", "on failure", "on success", "constant", "unknown result", "sometimes"],
)
def test_with_what_results_a_call_unlocks(exits, body, free, held):
    """A release that comes with a failure only was blamed on the path of success; one that comes sometimes counted as one."""
    found = exits(DOES.replace("{0}", body))

    assert (free, held) == (found.get("free", 0), found.get("held", 0))


def test_what_does_nothing_is_no_step(exits):
    """A call that does not touch the lock would cost a search."""
    assert {} == exits(DOES.replace("{0}", "\tfolio_put(f);\n"))


@pytest.mark.parametrize(("argument", "states"), [("true", {"held"}), ("false", {"free"}), ("keep", {"free", "held"})])
def test_a_constant_that_is_passed_decides(exits, argument, states):
    """`d383e346f97d`: two methods share a helper, and one tells it to leave the page alone."""
    inner = "static void inner(struct folio *f, bool keep)\n{\n\tif (!keep)\n\t\tfolio_unlock(f);\n}\n"

    assert states == set(exits(DOES.replace("{0}", "\tif (!keep)\n\t\tfolio_unlock(f);\n"), argument))
    assert states == set(exits(inner + DOES.replace("{0}", "\tinner(f, keep);\n"), argument))


def test_an_enumerator_that_is_passed_decides(exits):
    """Two names of one family are two values."""
    body = "\tif (keep == MODE_READ)\n\t\tfolio_unlock(f);\n"

    assert ({"free"}, {"held"}) == tuple(
        set(exits(DOES.replace("{0}", body), mode)) for mode in ("MODE_READ", "MODE_WRITE")
    )


def test_what_lies_too_deep_is_not_seen(exits):
    """An answer that was not looked for is no answer."""
    chain = "static void f0(struct folio *f) { if (never()) folio_unlock(f); }\n"
    for number in range(1, DEPTH + 2):
        chain += f"static void f{number}(struct folio *f) {{ f{number - 1}(f); }}\n"

    assert {"unseen"} == set(exits(chain + DOES.replace("{0}", f"\tf{DEPTH + 1}(f);\n")))


@pytest.mark.parametrize("order", [range(DEPTH + 1), range(DEPTH, -1, -1)], ids=["deeper", "less deep"])
def test_what_is_remembered_of_a_callee_is_said_at_depths_that_show_all_of_it(facts_of, order):
    """One that was looked through at one depth would be held to be seen through where a part of it lies too deep, or the other
    way round."""
    chain = "".join(
        f"static void step{n}(struct folio *f, int n)\n{{\n\tif (n == {n})\n\t\tfolio_unlock(f);\n"
        f"\telse\n\t\tstep{n + 1}(f, n);\n}}\n"
        for n in reversed(range(3))
    )
    last = "static void step3(struct folio *f, int n)\n{\n\tfolio_unlock(f);\n}\n"
    facts = facts_of({"fs/a.c": last + chain + "static void caller(struct folio *f, int n)\n{\n\tstep0(f, n);\n}\n"})
    graph = facts.index.graph(facts.index.definitions("caller")[0])

    def left(known, depth):
        (event,) = next(iter(known.events(graph, "fs/a.c", {"f"}, depth=depth).values()))
        return [(outcome.exits, outcome.unclear) for outcome in (event.outcome("held", ()), event.outcome("free", ()))]

    one = Summaries(facts.effects, LOCK)
    found = {depth: left(one, depth) for depth in order}

    assert {depth: left(Summaries(facts.effects, LOCK), depth) for depth in order} == found
    assert [bool(found[depth][0][1]) for depth in range(DEPTH + 1)] == [depth < 4 for depth in range(DEPTH + 1)]


def test_recursion_ends(exits):
    """A function that calls itself is looked into once."""
    body = "\tif (keep)\n\t\treturn does(f, keep);\n\tfolio_unlock(f);\n"

    assert {"free", "unseen"} == set(exits(DOES.replace("{0}", body)))


@pytest.mark.parametrize(
    ("holder", "states"),
    [
        ("struct req r = {{ .folio = f }};\n\t{0}(&r);\n", {"held"}),
        ("struct req r = {{ .folio = f, .x = 1 }};\n\t{0}(&r);\n", {"free"}),
        ("struct req r = {{ .folio = f, .x = keep }};\n\t{0}(&r);\n", {"free", "held"}),
        ("struct req r = {{ .folio = f }};\n\tstart(&r);\n\t{0}(&r);\n", {"unseen"}),
        ("struct req r = {{ .folio = f }};\n\tr.x = keep;\n\t{0}(&r);\n", {"free", "held"}),
        ("struct req r;\n\tr.folio = f;\n\t{0}(&r);\n", {"free", "held"}),
    ],
)
def test_a_page_in_a_structure_of_the_function_is_followed(exits, holder, states):
    """`{ .page = page }` passed to a helper counted as gone; what it leaves out is zero in the helper."""
    helper = "static void put(struct req *r)\n{\n\tif (r->x)\n\t\tfolio_unlock(r->folio);\n}\n"

    assert states == set(exits(helper + DOES.replace("{0}", "\t" + holder.format("put"))))
    assert {"unseen"} == set(exits(DOES.replace("{0}", "\t" + holder.format("stranger"))))


def test_a_page_in_an_array_is_followed(exits):
    """The helper gets the vector, and unlocks its first element under a condition."""
    helper = "static void put(struct folio **v, int n)\n{\n\tif (n)\n\t\tfolio_unlock(v[0]);\n}\n"
    body = "\tstruct folio *v[2];\n\n\tv[0] = f;\n\tput(v, keep);\n"

    assert {"free", "held"} == set(exits(helper + DOES.replace("{0}", body)))


def test_the_last_of_several_releases_it(exits):
    """A count decides who is to unlock, and that cannot be known here."""
    assert {"free"} == set(exits(DOES.replace("{0}", "\tif (atomic_dec_and_test(&f->count))\n\t\tfolio_unlock(f);\n")))


def test_a_loop_may_run_at_least_once(exits):
    """How often a loop runs that releases pages is not known: nothing is said of the way past it."""
    assert "held" not in exits(DOES.replace("{0}", "\tfor (i = 0; i < keep; i++)\n\t\tfolio_unlock(f);\n"))


PUT = """\
static void put(struct folio *folio, bool unlock)
{
	if (IS_ERR_OR_NULL(folio))
		return;
	if (unlock)
		folio_unlock(folio);
	folio_put(folio);
}
"""


@pytest.mark.parametrize(("argument", "left"), [("true", {"free"}), ("false", {"held"}), ("keep", {"free", "held"})])
def test_a_constant_decides_in_the_callee(exits, argument, left):
    """A folio that is locked is neither NULL nor an error, and `true` was no more than some value."""
    assert left == set(exits(PUT + DOES.replace("{0}", f"\tput(f, {argument});\n")))


@pytest.mark.parametrize(
    "holder",
    [
        "struct req r = {{ .folio = f }};\n\tstruct work w = {{ .req = &r }};\n\t{0}(&w);\n",
        "struct req r;\n\tstruct work w;\n\tr.folio = f;\n\tw.req = &r;\n\t{0}(&w);\n",
    ],
)
def test_a_page_behind_two_members_is_followed(exits, holder):
    """The address of what holds the page, in a second structure: what the helper does counted as nothing."""
    helper = "static void put(struct work *w)\n{\n\tif (w->req->x)\n\t\tfolio_unlock(w->req->folio);\n}\n"

    assert {"free", "held"} == set(exits(helper + DOES.replace("{0}", "\t" + holder.format("put"))))


def test_a_pointer_to_what_holds_the_page_is_followed(exits):
    """`struct req *p = &r;` kept the page, for all that was known."""
    body = "\tstruct req r = { .folio = f };\n\tstruct req *p = &r;\n\n\tfolio_unlock(p->folio);\n"

    assert {"free"} == set(exits(DOES.replace("{0}", body)))


OTHERS = """\
	struct folio *other = NULL;
	int i;

	for (i = 0; i < err; i++) {
		if (i == keep) {
			other = f;
		} else {
			other = grab(i);
			folio_unlock(other);
		}
		look(other);
	}
"""


def test_what_is_done_to_another_one_by_the_same_name(exits):
    """The neighbours of a folio were unlocked, and the folio itself was told to be."""
    assert "free" not in exits(DOES.replace("{0}", OTHERS))
    assert "free" in exits(DOES.replace("{0}", OTHERS.replace("grab(i)", "f")))


def test_what_may_be_another_one_is_no_matter_where_nothing_is_done(exits):
    """A callee that only looks at what may be another folio ended the search for this one."""
    harmless = "static void look(struct folio *f) { }\n"

    assert "gone" in exits(DOES.replace("{0}", OTHERS.replace("folio_unlock(other);", "")))
    assert "gone" not in exits(harmless + DOES.replace("{0}", OTHERS.replace("folio_unlock(other);", "")))


@pytest.mark.parametrize(
    ("body", "states"),
    [
        ("touch(box->other); if (box->folio) folio_unlock(box->folio);", {"free"}),
        ("touch(box->other); if (!box->folio) return; folio_unlock(box->folio);", {"free"}),
        ("touch(box->other); if (IS_ERR_OR_NULL(box->folio)) return; folio_unlock(box->folio);", {"free"}),
        ("touch(box->other); if (box->other) folio_unlock(box->folio);", {"free", "held"}),
        ("box->folio = pick(); if (box->folio) folio_unlock(box->folio);", {"free", "held"}),
        ("reset(box); if (box->folio) folio_unlock(box->folio);", {"free", "held"}),
    ],
    ids=["asks for it", "asks for none", "asks for an error", "asks for another", "sets it", "hands it on"],
)
def test_what_stands_in_a_member_is_there(facts_of, body, states):
    """A helper that gives back under `if (box->folio)` was said to skip it once it had called anything: a member is forgotten
    behind each call, but what the caller holds there it does not lose."""
    text = "struct box { struct folio *folio, *other; };\n"
    text += f"static void reset(struct box *box) {{ box->folio = NULL; }}\nstatic void does(struct box *box)\n{{\n\t{body}\n}}\n"
    text += "static int caller(struct folio *folio)\n{\n\tstruct box box;\n\tdoes(&box);\n\treturn 0;\n}\n"
    facts = facts_of({"fs/a.c": text})
    graph = facts.index.graph(facts.index.definitions("caller")[0])
    events = Summaries(facts.effects, LOCK).events(graph, "fs/a.c", {"box.folio"})

    found = {one.state for every in events.values() for event in every for one in event.outcome("held", ()).exits}

    assert found - {"unseen"} == states
