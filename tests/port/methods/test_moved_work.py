"""Methods whose work another method does by another helper."""

import json
from collections import Counter

import pytest

from cocci_gen.port.changes.declared import Declared, Function
from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.methods.moved_work import moved_work, work_of
from cocci_gen.port.methods.moved_work_rules import moved_work_rules
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.instances import read_code

GONE = FunctionGone(Function("dig_all", "int", (), "include/linux/dig.h", 1), ())
BEFORE = "static int {f}_dig(struct bed *bed, struct spade *spade)\n{{\n\treturn dig_all(bed, {f}_way, spade);\n}}\n"
NOW = "#include <linux/digs.h>\nstatic int {f}_digs(struct spade *spade)\n{{\n\treturn digs(spade, {f}_way);\n}}\n"


def declared(path):
    """What the headers of the new kernel declare: one helper."""
    found = {"digs": [Function("digs", "int", (), path, 1)]} if path == "include/linux/digs.h" else {}
    return Declared(functions=found)


def example(number, old="", new="digs={f}_digs rake=rake_bed", now=NOW, before=BEFORE):
    """A table of a folder of its own, with these entries before (also ->dig) and by now, and both texts."""
    name, path = f"a{number}", f"fs/a{number}/a.c"
    entries = [
        dict(one.split("=") for one in f"{words}".format(f=name).split()) for words in (f"dig={{f}}_dig {old}", new)
    ]
    return Table(path, "ops", "spade_operations", *entries), before.format(f=name), now.format(f=name)


def ways(examples, excluded=()):
    """What some examples teach."""
    tables = [table for table, _, _ in examples]
    codes = [read_code([(one[0].path, one[side].encode()) for one in examples], frozenset()) for side in (1, 2)]
    return moved_work([GONE], tables, (codes[0], codes[1]), declared, excluded)


GOOD = [example(number) for number in range(3)]


def test_the_tables_and_what_they_hand_on_pair_functions_of_different_names():
    """Their helper went, and each would be mended as the few that kept the old method."""
    (one,) = ways(GOOD)

    assert ("dig", "digs", "digs", "linux/digs.h") == (one.method, one.successor, one.after.helper, one.header)
    assert (("rake", "rake_bed"),) == one.beside
    assert (3, 3, 3) == (one.ground.shown, one.ground.of, one.ground.groups)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


@pytest.mark.parametrize(
    ("examples", "count"),
    [
        (GOOD[:2], 0),
        ([*GOOD, example(3, new="dig={f}_dig", now=BEFORE)], 0),
        ([*GOOD, example(3, new="rake=rake_bed")], 0),
        ([*GOOD, example(3, old="digs=b", new="digs=b")], 1),
        ([example(number, now=NOW.replace("{f}_way", "way_{f}")) for number in range(3)], 0),
        ([example(number, now=NOW.replace("\treturn", "\tmark(spade);\n\treturn")) for number in range(3)], 0),
        ([example(number, now=NOW.replace("digs.h", "other.h")) for number in range(3)], 0),
        ([example(number, old="digs={f}_old") for number in range(3)], 0),
        ([example(number, before=BEFORE.replace("dig_all", "dig_one")) for number in range(3)], 0),
    ],
    ids=[
        "too few", "one keeps it", "one does without", "who had the other one is not asked", "another callback",
        "more than that", "no header declares the helper", "all had the other one", "the helper is there still",
    ],
)  # fmt: skip
def test_what_the_tables_contradict_is_no_way(examples, count):
    """A method that is there still would be given up though the tree did not."""
    assert count == len(ways(examples))


def test_without_the_groups_that_are_left_out_too_few_are_left():
    """A file system would learn from itself."""
    assert () == ways(GOOD, {"fs/a1"})


def test_what_only_some_tables_got_beside_is_not_given():
    """An entry of one table would go into all."""
    (one,) = ways([*GOOD[:2], example(2, new="digs={f}_digs rake=own_rake"), example(3, new="digs={f}_digs")])

    assert () == one.beside


CODE = "#include <linux/bed.h>\n\n{body}\n\nstatic const struct spade_operations my_ops = {{\n{entries}}};\n{rest}"
BODY = BEFORE.format(f="my").rstrip()
DONE = NOW.format(f="my").partition("\n")[2].rstrip()


def code(body=BODY, entries="\t.dig = my_dig,\n", rest="", include=""):
    """A file with a function and a table."""
    return CODE.format(body=body, entries=entries, rest=rest).replace("bed.h>\n", f"bed.h>\n{include}", 1)


def ported(text, workshop):
    """The file after the rules for it."""
    rules = list(moved_work_rules(ways(GOOD), read_code([("a.c", text.encode())], frozenset())))
    done = apply_rules(rules, {"a.c": text.encode()}, workshop.runner)
    assert () == done.refused
    return done.texts["a.c"].decode()


def test_function_table_and_include_follow_together(workshop):
    """A function with the one head would stand under the other name."""
    entries = "\t.digs = my_digs,\n\t.rake = rake_bed,\n"

    assert code(DONE, entries, include="#include <linux/digs.h>\n") == ported(code(), workshop)


def test_an_entry_that_is_there_stays(workshop):
    """A table would name one member twice."""
    result = ported(code(entries="\t.dig = my_dig,\n\t.rake = my_rake,\n"), workshop)

    assert "\t.rake = my_rake,\n" in result
    assert {"digs": 1, "rake": 1} == Counter(line.split()[0][1:] for line in result.splitlines() if line[:2] == "\t.")


@pytest.mark.parametrize(
    "text",
    [
        code(BODY.replace("\treturn", "\tmark(bed);\n\treturn")),
        code(BODY.replace("static ", "")),
        code(BODY.replace("my_way", "bed->way")),
        code(BODY.replace("bed, my_way", "my_way, bed")),
        code(BODY.replace("static int", "static long")),
        code(BODY.replace("my_way", "spade_way").replace("*spade)", "*shovel)").replace(", spade);", ", shovel);")
             .replace("spade_way", "spade")),
        code(rest="int my_garden(void)\n{\n\treturn my_dig(0, 0);\n}\n"),
        code(rest="static const struct rake_operations rakes = { .dig = my_dig, };\n"),
        code(rest="int my_digs;\n"),
        code(entries="\t.dig = my_dig,\n\t.digs = other_digs,\n"),
        code(BODY.replace("my_dig(", "my_hoe("), "\t.dig = my_hoe,\n"),
        code("static int my_dig(struct bed *bed, struct spade *spade);\n" + BODY),
    ],
    ids=[
        "does more", "other files may call it", "no name is handed on", "another order", "another type",
        "the callback has the name of a parameter", "called elsewhere", "in another table", "the name is taken",
        "the other method is there", "another sort of name", "declared ahead",
    ],
)  # fmt: skip
def test_what_is_not_exactly_that_stays(workshop, text):
    """What it does beside, or who else calls it, would be lost."""
    assert text == ported(text, workshop)


def test_a_parameter_that_is_not_handed_on_is_no_such_work():
    """What a function leaves out is what it is about."""
    text = BODY.replace(", spade);", ");").encode()
    (one,) = read_code([("a.c", text)], frozenset()).functions["my_dig"]

    assert work_of(one) is None
