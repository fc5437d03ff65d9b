"""The small pair of kernels: every sort of evolution, from the headers to the last byte."""

import pytest

from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.output.report import port_json


def test_the_module_is_carried_over_to_the_byte(ported, pair):
    """A rule that fires too seldom, too often or with another layout would show here."""
    expected = pair("ported")
    expected.pop("left.txt")

    assert expected == dict(ported.ported.texts)


def test_what_no_rule_reaches_is_told(ported, pair):
    """A place that is neither changed nor told would be found by the user's compiler, or by nobody."""
    left = [f"{one.path}:{one.line}: {one.evolution}" for one in ported.leftovers]

    assert pair("ported")["left.txt"].decode().splitlines() == left
    assert [] == list(ported.ported.refused)


def test_a_second_run_changes_nothing(workshop, ported):
    """A module that is ported already, or half, would be ported twice."""
    again = workshop.port(dict(ported.ported.texts))

    assert () == again.ported.applied


def test_a_half_ported_module_gets_the_other_half(workshop, ported, pair):
    """The one who did some functions by hand would lose them, or the rest."""
    whole, half = dict(ported.ported.texts), pair("module")
    start = b"static int elm_weed(struct plot *plot, int depth"
    half["elm.c"] = half["elm.c"].replace(start + b", bool deep)", start + b")")

    assert whole == dict(workshop.port(half).ported.texts)


def test_no_deletion_is_learned_from_agreement(ported):
    """All three examples drop two calls; a rule that repeats it would lose a mark_plot_dirty() in silence."""
    text = ported.ported.texts["elm.c"]

    assert b"plot_trample(plot, 3);" in text
    assert b"mark_plot_dirty(plot);" in text


def contradicted(pair, name, old, new):
    """The new tree with one example changed."""
    path = f"fs/{name}/{name}.c"
    text = pair("new")[path]
    assert old in text
    return {path: text.replace(old, new)}


@pytest.mark.parametrize("name", ["ash", "beech"])
def test_an_example_that_contradicts_lowers_support_and_is_told(workshop, pair, name):
    """A rule with exceptions would be sold as one without."""
    port = workshop.port(new=contradicted(pair, name, b"DEEP);", b"DEEP | PLOT_WIDE);"))
    grounds = {row["id"]: row["ground"] for row in port_json(port)["rules"]}

    assert b"PLOT_DEEP | PLOT_SPREAD" in port.ported.texts["elm.c"]
    assert not any(key.startswith("PLOT_SPREAD") for key in grounds)
    assert any(one.evolution == "PLOT_SPREAD" for one in port.leftovers)


def test_a_context_of_which_one_of_three_examples_differs_is_left(workshop, pair):
    """Two examples would decide what becomes of whole methods."""
    path = "fs/beech/roost.c"
    text = pair("new")[path]
    handing = b"{\n\treturn get_perch_branch("
    assert handing in text
    port = workshop.port(new={path: text.replace(handing, b"{\n\tbeech_count(flock);\n\treturn get_perch_branch(")})

    assert pair("module")["yew.c"] == port.ported.texts["yew.c"]
    assert ("roost_type.settle", "yew.c") in {(one.evolution, one.path) for one in port.leftovers}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("fs/ash/wren.c", b"ash_sing, dawn", b"0, dawn"),
        ("fs/wren.c", b"\twren->sing = sing;\n", b""),
        ("fs/wren.c", b"wren->sing = sing;", b"wren->dawn = !sing;"),
    ],
    ids=["an example gives something else", "nothing sets it", "something else is set"],
)
def test_a_store_that_went_into_a_call_is_followed_only_where_the_call_makes_it(workshop, pair, path, old, new):
    """What was set behind a call would be set by nobody."""
    text = pair("new")[path]
    assert old in text
    port = workshop.port(new={path: text.replace(old, new)})

    assert pair("module")["willow.c"] == port.ported.texts["willow.c"]
    assert ("wren_init()", "willow.c") in {(one.evolution, one.path) for one in port.leftovers}


def test_a_method_whose_work_one_of_three_tables_gives_to_another_helper_is_left(workshop, pair):
    """Two tables would decide what becomes of a method that is there still."""
    path = "fs/beech/tit.c"
    text = pair("new")[path]
    assert b"bring_seeds(feeder, beech_way)" in text
    port = workshop.port(new={path: text.replace(b"bring_seeds(feeder, beech_way)", b"bring_seeds(feeder, 0)")})

    assert pair("module")["larch.c"] == port.ported.texts["larch.c"]
    assert ("bring_seed()", "larch.c") in {(one.evolution, one.path) for one in port.leftovers}


def test_an_array_keeps_its_empty_end_where_one_of_three_examples_does(workshop, pair):
    """What looks for the end by now as before would read beyond it."""
    path = "fs/beech/crane.c"
    text = pair("new")[path]
    assert b"\t},\n};\n" in text
    port = workshop.port(new={path: text.replace(b"\t},\n};\n", b"\t},\n\t{ }\n};\n")})

    assert pair("module")["hazel.c"] == port.ported.texts["hazel.c"]
    assert ("crane_nest()", "hazel.c") in {(one.evolution, one.path) for one in port.leftovers}


def test_a_contradiction_that_most_outvote_is_named(workshop, pair):
    """The user could not look at the places that did otherwise."""
    extra = {}
    for side in ("old", "new"):
        texts = pair(side)
        extra[side] = {
            f"fs/{name}/more{number}.c": texts["fs/ash/ash.c"].replace(b"ash_", f"{name}_{number}_".encode())
            for name in ("ash", "beech")
            for number in range(3)
        }
    new = extra["new"] | contradicted(pair, "cedar", b"plot_set_time_now(plot);", b"plot_set_time(plot, 1);")
    port = workshop.port(new=new, old=extra["old"])
    (rule,) = [rule for rule in port.rules if rule.title.startswith("E0->p_time = meadow_time(E0)")]

    assert isinstance(rule.ground, Learned)
    assert (rule.ground.shown, rule.ground.of) == (8, 9)
    assert rule.ground.others == ("fs/cedar/cedar.c: cedar_sow()",)


def test_one_file_system_alone_makes_no_rule(workshop):
    """What one group of people did in its own code is not what the tree does."""
    port = workshop.port(excluded=("fs/beech", "fs/cedar"))

    assert b"plot->p_time = meadow_time(plot);" in port.ported.texts["elm.c"]


def test_a_head_that_a_condition_splits_is_left_and_told(workshop, pair):
    """Both heads of a function that builds with several configurations would be rewritten, or neither, and nobody told."""
    module = pair("module")
    head = b"static int elm_weed(struct plot *plot, int depth, bool deep)\n"
    split = (
        b"#ifdef CONFIG_SHALLOW_ELMS\nstatic int elm_weed(struct plot *plot, int depth)\n#else\n" + head + b"#endif\n"
    )
    module["elm.c"] = module["elm.c"].replace(head, split)
    port = workshop.port(module)

    assert split in port.ported.texts["elm.c"]
    assert any(
        (one.function, one.reason[:33]) == ("elm_weed", "its head is made by a macro or sp") for one in port.leftovers
    )


def test_a_body_of_which_no_example_tells_is_told(workshop):
    """The new head would compile with a body that means something else by the same name."""
    port = workshop.port(excluded=("fs/ash", "fs/beech", "fs/cedar"))
    (told,) = [one for one in port.leftovers if one.function == "elm_sow"]

    assert any(one.evolution == "plot_may_sow()" for one in port.leftovers), "a call that no rule changed"
    assert "`struct owner *owner`" in told.reason
    assert "for which the tree has no example" in told.reason
