"""What the tree agrees on, and which of two ways it goes."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import read_function, templates_of
from cocci_gen.port.lessons.rules import told
from cocci_gen.port.lessons.support import Lesson
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.terms import written

HANDS_ON = ("struct owner *owner, ", "plot_sow(owner, plot)")
DEFAULT = ("struct owner *owner, ", "plot_sow(&no_owner, plot)")
NOTHING = ("struct owner *owner, ", "plot_sow(NULL, plot)")
WITHOUT = ("", "plot_sow(&no_owner, plot)")


def function(path, text):
    """A function of a file."""
    (span,) = file_facts(text, ()).functions
    return Written(path, span, text)


def example(number, parameter, call, before="plot_sow(plot)"):
    """A function that called plot_sow(), with the plot alone if nothing else is told."""
    path = f"fs/a{number}/a.c"
    old = function(path, f"static int f(struct plot *plot)\n{{\n\treturn {before};\n}}\n".encode())
    new = function(path, f"static int f({parameter}struct plot *plot)\n{{\n\treturn {call};\n}}\n".encode())
    found = read_function(Pair(old, new), {}, lambda types, term: None)
    assert found is not None
    return found


def learned(ways):
    """The rules that some functions teach, in their order."""
    functions = [example(number, *way) for number, way in enumerate(ways)]
    templates = {}
    for number, one in enumerate(functions):
        for template in templates_of(one, {"plot_sow"}):
            templates.setdefault(template, set()).add(number)
    rules, _ = Lesson(functions, templates, lambda template: (), {"plot_sow"}).rules()
    return rules


def test_a_parameter_is_handed_on_where_others_give_what_stands_for_it():
    """All functions that know their owner would be left to a person, as half of the tree gives the object that is there for those
    who know none."""
    rules = learned([HANDS_ON] * 3 + [DEFAULT] * 5 + [WITHOUT] * 3)

    assert [("plot_sow(E1, E0)", 1, 3, 8), ("plot_sow(&no_owner, E0)", 0, 3, 3)] == [
        (written(one.template.right), len(one.template.contexts), one.ground.shown, one.ground.of) for one in rules
    ]
    assert "3 of 8 places in 3 parts of the tree changed so; most of the other 5 give &no_owner" == told(
        rules[0].ground
    )


def drawn(*bodies):
    """The rules that functions teach which called plot_take(), by their bodies before and after, and what was refused."""
    functions = []
    for number, sides in enumerate(bodies):
        path = f"fs/a{number}/a.c"
        old, new = (function(path, f"static int f(struct row *row, int n)\n{{\n{body}}}\n".encode()) for body in sides)
        functions.append(read_function(Pair(old, new), {}, lambda types, term: None))
    templates = {}
    for number, one in enumerate(functions):
        for template in templates_of(one, {"plot_take"}):
            templates.setdefault(template, set()).add(number)
    return Lesson(functions, templates, lambda template: (), {"plot_take"}).rules()


TAKES = "\tn = plot_take(row, n);\n{}\treturn n;\n"
TAKES_NOW = "\tn = plot_draw(row, n);\n{}\treturn n;\n"


def test_a_function_that_does_by_now_what_came_behind_it_is_not_put_in_the_place_of_the_old_one():
    """Both would be done: iov_iter_copy_from_user_atomic() became copy_page_from_iter_atomic(), which advances the iterator, in
    front of the iov_iter_advance() that all examples gave up (fs/iomap, 5.10 to 6.1)."""
    step = "\trow_step(row, n);\n"
    rules, refused = drawn(*[(TAKES.format(step), TAKES_NOW.format(""))] * 4)

    assert [] == rules
    assert "they gave up row_step() with it, which that does by now" in {one.reason for one in refused if one.told}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\trow_step(row, n);\n", "\trow_step(row, n);\n"),  # it stayed
        ("\tlog_step(3);\n", ""),  # it has nothing to do with what the function takes
    ],
)
def test_what_stays_or_has_nothing_to_do_with_it_does_not_keep_a_function_from_following(before, after):
    """Each rule would need examples that changed nothing else."""
    rules, _ = drawn(*[(TAKES.format(before), TAKES_NOW.format(after))] * 4)

    assert ["plot_draw"] == [written(one.template.right) for one in rules]


def test_what_few_examples_gave_up_does_not_keep_a_function_from_following():
    """One that was written anew beside would decide for all others."""
    step = "\trow_step(row, n);\n"
    ways = [(TAKES.format(step), TAKES_NOW.format(step))] * 4 + [(TAKES.format(step), TAKES_NOW.format(""))]
    rules, _ = drawn(*ways)

    assert ["plot_draw"] == [written(one.template.right) for one in rules]


WORLD = "plot_sow(&world, plot)"
GIVEN = [(*HANDS_ON, WORLD)] * 3 + [(*DEFAULT, WORLD)] * 5
SPLIT = [HANDS_ON] * 3 + [("", "0")] * 3 + [NOTHING] * 2


def test_nearly_all_who_give_the_object_are_followed():
    """A parameter would be given where nearly all that have one give the object."""
    rules = learned([HANDS_ON] * 3 + [DEFAULT] * 20)

    assert ["plot_sow(&no_owner, E0)"] == [written(one.template.right) for one in rules]


@pytest.mark.parametrize(
    "ways",
    [GIVEN, [HANDS_ON] * 3 + [NOTHING] * 5, [HANDS_ON] * 2 + [DEFAULT] * 2 + [NOTHING] * 3, SPLIT],
    ids=["an object before", "nothing is no object", "too few", "no call"],
)  # fmt: skip
def test_what_the_tree_contradicts_is_no_rule(ways):
    """A parameter would be given where five functions that have one took care not to."""
    assert [] == learned(ways)


@pytest.mark.parametrize(
    ("given", "rules"),
    [("NULL", ["plot_sow(E0, NULL, NULL)"]), ("plot->bits", ["plot_sow(E0, E1, E1)"])],
    ids=["a constant", "whatever it is"],
)
def test_what_is_given_twice_was_given_by_examples(given, rules):
    """All of the tree gave NULL, and NULL for what came; a caller with somewhere to store would have two things stored there."""
    way = ("", f"plot_sow(plot, {given}, {given})", f"plot_sow(plot, {given})")

    assert rules == [written(one.template.right) for one in learned([way] * 3)]


def followed(uses):
    """The rules that some functions teach which called plot_sow() and call plot_sow_all() by now: (body before, body after)."""
    functions = []
    for number, bodies in enumerate(uses):
        texts = [f"static int f(struct plot *plot)\n{{\n\tint n;\n\n{body}\n}}\n".encode() for body in bodies]
        found = read_function(
            Pair(*(function(f"fs/a{number}/a.c", text) for text in texts)), {}, lambda types, term: None
        )
        assert found is not None
        functions.append(found)
    templates = {}
    for number, one in enumerate(functions):
        for template in templates_of(one, {"plot_sow"}):
            templates.setdefault(template, set()).add(number)
    rules, _ = Lesson(functions, templates, lambda template: (), {"plot_sow"}).rules()
    return [(rule.bare, written(rule.template.right)) for rule in rules if "plot_sow" == written(rule.template.left)]


def both(body):
    """A body that goes on as before."""
    return body, body.replace("plot_sow(", "plot_sow_all(")


EFFECT = both("\tplot_sow(plot);\n\treturn 0;")
TESTED = both("\tif (plot_sow(plot) > 3)\n\t\treturn 1;\n\treturn 0;")
CAST = both("\tn = (int)(plot_sow(plot));\n\treturn n > 3;")
OTHER_TEST = (TESTED[0], TESTED[1].replace("> 3", "< 0"))
OTHER_LATER = (CAST[0], CAST[1].replace("> 3", "< 0"))


@pytest.mark.parametrize(
    ("uses", "bare"),
    [
        ([TESTED, TESTED, TESTED, EFFECT], False),
        ([CAST, CAST, CAST, EFFECT], False),
        ([EFFECT, EFFECT, EFFECT, TESTED], True),
        ([TESTED, TESTED, TESTED, OTHER_TEST], True),
        ([CAST, CAST, CAST, OTHER_LATER], True),
        ([EFFECT, EFFECT, OTHER_LATER, OTHER_LATER, OTHER_LATER], True),
    ],
)
def test_a_value_that_means_something_else_by_now_is_no_reason_to_follow_where_it_is_used(uses, bare):
    """A length that became an error would be compared as a length, and the compiler be content (strlcpy, strscpy)."""
    assert [(bare, "plot_sow_all")] == followed(uses)
