"""Arrays that end where they end by now, and no more with an empty element."""

import json

import pytest

from cocci_gen.port.changes.declared import Function, Macro
from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Examples
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.tables.ended_array_rules import ended_array_rules
from cocci_gen.port.tables.ended_arrays import ArrayEnds, counting_macros
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.struct_arrays import struct_arrays

HEADER = "include/linux/row.h"
SOW = FunctionGone(
    Function("sow_rows", "int", ("const char *path", "struct row *rows"), HEADER, 1), (Macro("sow_rows", 2, HEADER, 4),)
)
COUNTS = "#define sow_rows(path, rows) \\\n\tsow_rows_sz(path, rows, ARRAY_SIZE(rows))\n"
ARRAY = 'static struct row {name}[] = {{\n\t{{\n\t\t.name = "x, {{y}}",\n\t}},\n{end}}};\n'


def tree(*ends, macro=COUNTS, excluded=()):
    """What a tree teaches whose arrays ended so before, and end so by now."""
    sides = [
        read_code(
            [(f"fs/a{n}/a.c", ARRAY.format(name="rows", end=one[side]).encode()) for n, one in enumerate(ends)],
            frozenset(),
        )
        for side in (0, 1)
    ]
    return ArrayEnds([SOW], {HEADER: macro}.get, Examples(*sides, ())).without(excluded)


LOST = ("\t{ }\n", "")
GOOD = [LOST] * 3


def test_what_nearly_all_arrays_lost_is_known_with_what_counts_them():
    """A table with an empty element is refused by the new kernel, and the compiler says nothing."""
    (one,) = tree(*GOOD)

    assert ("row", {"sow_rows": 1}, (SOW,)) == (one.struct, one.counting, one.gone)
    assert (3, 3, 3) == (one.ground.shown, one.ground.of, one.ground.groups)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


@pytest.mark.parametrize(
    "known",
    [
        tree(*GOOD[:2]),
        tree(*GOOD, ("\t{ }\n", "\t{ }\n")),
        tree(*GOOD, excluded={"fs/a1"}),
        tree(*[("", "")] * 3),
        tree(*GOOD, macro="#define sow_rows(path, rows) sow_rows_up_to_the_end(path, rows)\n"),
    ],
    ids=["too few", "one keeps it", "left out", "none had one", "the macro does not count"],
)
def test_without_examples_or_a_macro_that_counts_an_end_stays(known):
    """Who looks for the end would read beyond it."""
    assert () == known


def test_a_macro_that_counts_two_arguments_says_nothing_of_one():
    """The other array may end as before."""
    assert {"one": 0} == counting_macros(
        "#define one(a) f(a, ARRAY_SIZE((a)))\n#define two(a, b) f(ARRAY_SIZE(a), ARRAY_SIZE(b))\n"
    )


def ported(text, workshop, met=("sow_rows()",), carried=()):
    """The text after the rules for it, and what is told."""
    rules, left = ended_array_rules(tree(*GOOD), read_code([("a.c", text.encode())], frozenset()), met, carried)
    done = apply_rules(rules, {"a.c": text.encode()}, workshop.runner)
    assert () == done.refused
    return done.texts["a.c"].decode(), left


USE = '\nint my_init(void)\n{\n\treturn sow_rows(path("a", 1), my_rows);\n}\n'


@pytest.mark.parametrize(
    "end", ["\t{}\n", "\t{ },\n", "\t{ 0 }\n", "#ifdef CONFIG_Y\n\t{\n\t\t.name = 0,\n\t},\n#endif\n\t{},\n"]
)
def test_the_empty_end_of_an_array_that_is_counted_goes(workshop, end):
    """The kernel would find a row without a name."""
    left = end.rpartition("\t{")[0]
    text = ARRAY.format(name="my_rows", end=end) + USE

    assert (ARRAY.format(name="my_rows", end=left) + USE, []) == ported(text, workshop)


def test_an_element_that_is_reached_by_its_number_is_no_other_use(workshop):
    """Each table that is filled in at start would stay."""
    use = USE.replace("return", "my_rows[0].data = NULL;\n\tmy_rows[LAST].data = NULL;\n\treturn")
    text = ARRAY.format(name="my_rows", end="\t{ }\n") + use

    assert ARRAY.format(name="my_rows", end="") + use == ported(text, workshop)[0]


@pytest.mark.parametrize(
    "other",
    [
        "for (r = my_rows; r->name; r++)\n\t\tcount++;\n\t",
        "for (i = 0; my_rows[i].name; i++)\n\t\tcount++;\n\t",
        "count = ARRAY_SIZE(my_rows) - 1;\n\t",
        "kept = &my_rows[0];\n\t",
    ],
    ids=["a loop", "a loop with a number", "counted already", "its address"],
)
def test_an_array_that_the_code_reads_itself_is_told_and_stays(workshop, other):
    """A loop would read beyond the end, or the last row be left out."""
    text = ARRAY.format(name="my_rows", end="\t{ }\n") + USE.replace("return", f"{other}return")
    result, (left,) = ported(text, workshop)

    assert (text, 1, "sow_rows()") == (result, left.line, left.evolution)
    assert "my_rows ends with an empty element, which sow_rows() takes for one more by now" in left.reason


@pytest.mark.parametrize(
    "text",
    [
        ARRAY.format(name="my_rows", end="\t{ }\n") + USE.replace("sow_rows", "plant_rows"),
        ARRAY.format(name="my_rows", end="\tLAST_ROW\n") + USE,
        "static struct row my_rows[] = {\n\t{ }\n};\n" + USE,
    ],
    ids=["what reads to the end", "a macro", "nothing but it"],
)
def test_what_is_not_counted_or_does_not_end_so_stays(workshop, text):
    """What reads up to the end would not find it."""
    assert (text, []) == ported(text, workshop)


def test_what_another_rule_carries_over_or_the_code_does_not_meet_is_left(workshop):
    """Two rules would take an element each."""
    text = ARRAY.format(name="my_rows", end="\t{ }\n") + USE

    assert (text, []) == ported(text, workshop, met=())
    assert (text, []) == ported(text, workshop, carried={("a.c", "my_rows")})


def test_an_array_that_other_files_name_is_asked_of_all_of_them():
    """Another file of the module may look for its end."""
    array = ARRAY.replace("static ", "").format(name="my_rows", end="\t{ }\n") + USE
    loop = "extern struct row my_rows[];\nint count(void)\n{\n\treturn rows_of(my_rows);\n}\n"
    code = read_code([("a.c", array.encode()), ("b.c", loop.encode())], frozenset())
    rules, (left,) = ended_array_rules(tree(*GOOD), code, ("sow_rows()",))

    assert ([], "a.c") == (rules, left.path)


def test_arrays_are_read_with_their_elements_and_entries():
    """A comma in a string, or in brackets, would part an element."""
    text = b'struct row b[] = { {} };\nstruct row a[2] = {{ .name = "x, }", .f = g(1, 2), /* , */ },\n\t{ "y" },\n\t{0},\n};\n'
    b, a = struct_arrays(text, "row")

    assert [{"name": '"x, }"', "f": "g(1, 2)"}, {}, {}] == [one.entries for one in a.elements]
    assert (True, False, False) == (a.ends_empty, b.ends_empty, a.static)
