"""What the whole tree does where one has one thing and wants another."""

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.texts.instances import Written


def functions(values, folder="a"):
    """One function for each value, with a field and a local plot."""
    texts = [
        f"static int f{number}(struct field *where, int x)\n{{\n\tstruct plot *plot = {value};\n\n\treturn 0;\n}}"
        for number, value in enumerate(values)
    ]
    span = FunctionSpan("f", 0, 0, 1, 1, static=True, inline=False, whole=True)
    return [Written(f"fs/{folder}/{folder}.c", span, text.encode()) for text in texts]


def test_what_nearly_all_do_is_a_habit():
    """Where no instance of a method shows what to do with a parameter, nothing would be known."""
    habit = Habits(functions(["field_plot(where)"] * 12 + ["where->plots"])).find("plot", "field", ())

    assert habit is not None
    assert ("field_plot({})", 12, 13) == (habit.value, habit.shown, habit.of)


def test_what_some_do_is_none():
    """The most frequent of several ways would be taken for the right one."""
    many = Habits(functions(["field_plot(where)"] * 12 + ["where->plots"] * 6))
    few = Habits(functions(["field_plot(where)"] * 9))

    assert many.find("plot", "field", ()) is few.find("plot", "field", ()) is None


def test_a_group_that_is_left_out_does_not_vote():
    """A replay would learn from the very code that it ports."""
    both = Habits([*functions(["field_plot(where)"] * 9), *functions(["field_plot(where)"] * 9, "b")])

    assert both.find("plot", "field", ()) is not None
    assert both.find("plot", "field", ("fs/b",)) is None
