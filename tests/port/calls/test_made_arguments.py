"""Functions that take by now what the old argument was made of."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.calls.made_arguments import made_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import read_function
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.texts.instances import Written

OLD = b"int hay_turn(struct map *map, struct field *field, int times);\n"
NEW = b"int hay_turn(struct idmap *map, struct plot *plot, int times);\n"
MADE = "struct field *field = plot_field(plot);\n\t"


def function(path, body, name="f"):
    """A function of a file that has a plot."""
    text = f"static int {name}(struct plot *plot, struct map *map)\n{{\n\t{body}\n}}\n".encode()
    (span,) = file_facts(text, ()).functions
    return Written(path, span, text)


def rules(ways, new=NEW):
    """What callers did before and do now -> the rules."""
    callers = []
    for number, (before, after) in enumerate(ways):
        sides = [function(f"fs/a{number}/a.c", one) for one in (before, after)]
        found = read_function(Pair(*sides), {}, lambda types, term: None)
        assert found is not None
        callers.append(found)
    habits = Habits(function(f"fs/f{number}/a.c", f"{MADE}return field->size;") for number in range(12))
    changed = compare(read_headers([("hay.h", OLD)]), read_headers([("hay.h", new)]), (), ())
    return list(made_rules(changed, habits, lambda name: callers))


GIVES = (f"{MADE}return hay_turn(map, field, 1);", f"{MADE}return hay_turn(&no_map, plot, 1);")
OTHER = (GIVES[0], f"{MADE}return hay_turn(&no_map, other, 1);")
ELSEWHERE = ("return hay_turn(map, map->field, 1);", "return hay_turn(&no_map, map->plot, 1);")


@pytest.mark.parametrize(
    ("body", "now"),
    [
        (f"{MADE}if (map)\n\t\treturn 0;\n\treturn hay_turn(map, field, 2);", "hay_turn(map, plot, 2)"),
        (
            "struct field *field;\n\n\tfield = plot_field(plot);\n\treturn hay_turn(map, field, 2);",
            "hay_turn(map, plot, 2)",
        ),
        ("return hay_turn(map, plot_field(plot), 2);", "hay_turn(map, plot, 2)"),
        (f"{MADE}field = field->next;\n\treturn hay_turn(map, field, 2);", "hay_turn(map, field, 2)"),
        (f"{MADE}plot = map->plot;\n\treturn hay_turn(map, field, 2);", "hay_turn(map, field, 2)"),
        ("return hay_turn(map, map->field, 2);", "hay_turn(map, map->field, 2)"),
    ],
    ids=["declared", "assigned", "itself", "another one by now", "of another plot", "of unknown origin"],
)
def test_what_it_was_made_of_is_given(workshop, body, now):
    """Each caller would be left half done, with an inode where a dentry is wanted that stands two lines above."""
    text = function("a.c", body).text
    ported = apply_rules(rules([GIVES] * 3), {"a.c": text}, workshop.runner)

    assert now.encode() in ported.texts["a.c"]
    assert () == ported.refused


@pytest.mark.parametrize(
    ("ways", "new"),
    [
        ([GIVES] * 2, NEW),
        ([GIVES] * 3 + [OTHER] * 2, NEW),
        ([ELSEWHERE] * 4, NEW),
        ([GIVES] * 3, NEW.replace(b"struct plot *plot", b"struct shed *shed")),
        ([GIVES] * 3, NEW.replace(b"int times", b"int times, int more")),
    ],
    ids=["too few", "others give something else", "nobody made it", "another structure", "one argument more"],
)
def test_no_rule_where_the_callers_do_not_show_it(ways, new):
    """A function that means another object by now would get the one at hand."""
    assert [] == rules(ways, new)
