"""Calls that stay as they were."""

import pytest

from cocci_gen.port.calls.unchanged_calls import Followed, unchanged_calls
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.parameters import steps_between


@pytest.mark.parametrize(
    ("new", "has", "told"),
    [
        (("struct field *field", "int n"), b"struct plot *plot", 1),
        (("struct field *field", "int n"), b"struct field *plot", 0),
        (("const struct plot *plot", "long n"), b"struct plot *plot", 0),
        (("const void *plot", "int n"), b"struct plot *plot", 0),
    ],
    ids=["the old one", "the new one by the old name", "the same", "anything"],
)
def test_a_function_that_takes_another_structure_is_not_called_as_before(new, has, told):
    """The tree's methods hand their parameter on in the same words, as it changed as well; a module's helper has the old one."""
    old = ("struct plot *plot", "int n")
    sides = [Function("mow", "int", some, "include/linux/shed.h", 1) for some in (old, new)]
    change = FunctionChanged(*sides, steps_between(old, new))
    code = read_code([("a.c", b"int f(%s)\n{\n\treturn mow(plot, 1);\n}\n" % has)], frozenset())

    assert told == len(list(unchanged_calls([change], code.texts, code, {}, frozenset(), Followed(frozenset({"mow"})))))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("mow(plot, 1)", 1),
        ("mow(plot, rake(1, 2), 3)", 0),
        ("mow(plot,\n\t\trake(1, 2))", 1),
        ("mow(plot, 1, 2) + mow(plot, 1)", 1),
    ],
    ids=["as before", "follows", "on two lines", "one of two on a line"],
)
def test_a_call_is_told_by_what_it_is_given(call, told):
    """A rule for something else on its line would hide it; and one that follows on the next line would be told."""
    old, new = ("struct plot *plot", "int n"), ("struct plot *plot", "int n", "int deep")
    sides = [Function("mow", "int", some, "include/linux/shed.h", 1) for some in (old, new)]
    change = FunctionChanged(*sides, steps_between(old, new))
    code = read_code([("a.c", f"int f(struct plot *plot)\n{{\n\treturn {call};\n}}\n".encode())], frozenset())

    assert told == len(list(unchanged_calls([change], {"a.c": b"something else"}, code, {}, frozenset())))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("mow(plot, NULL)", 0),
        ("mow(plot, data)", 1),
        ("mow(plot,\n\t\tNULL)", 0),
        ("mow(plot, NULL) + mow(plot, data)", 1),
    ],
    ids=["none", "something", "none on the next line", "one of two"],
)
def test_who_gives_none_of_what_changed_need_not_follow(call, told):
    """read_mapping_page(mapping, 0, NULL) was left to a person nine times, and is right as it is."""
    old, new = ("struct plot *plot", "void *data"), ("struct plot *plot", "struct file *file")
    sides = [Function("mow", "int", some, "include/linux/shed.h", 1) for some in (old, new)]
    change = FunctionChanged(*sides, steps_between(old, new))
    code = read_code([("a.c", f"int f(struct plot *plot)\n{{\n\treturn {call};\n}}\n".encode())], frozenset())

    assert told == len(list(unchanged_calls([change], code.texts, code, {}, frozenset())))


TABLE = b"struct shed {\n\tint (*%s)(%s *plot);\n};\nint mow(%s *plot);\n"


@pytest.mark.parametrize(
    ("method", "text", "handed", "told"),
    [
        ("mow", "struct shed s = {\n\t.mow = mow,\n};", (), 0),
        ("cut", "struct shed s = {\n\t.mow = mow,\n};", (), 1),
        ("mow", "int f(void)\n{\n\treturn each(mow);\n}", (), 1),
        ("mow", "int f(void)\n{\n\treturn each(mow);\n}", ("mow",), 0),
        ("mow", "int f(struct plot *p)\n{\n\treturn mow(p);\n}", ("mow",), 1),
    ],
    ids=["for its method", "for another", "for anybody", "as the tree does", "called"],
)
def test_a_function_that_fills_a_method_with_its_new_prototype_is_right(method, text, handed, told):
    """Kernel functions that a table names or a call hands on change with what takes them: nobody has anything to do there."""
    name = method.encode()
    sides = [read_headers([("a.h", TABLE % (name, kind, kind))]) for kind in (b"struct plot", b"struct field")]
    changes = compare(*sides, (), ())
    code = read_code([("a.c", text.encode() + b"\n")], frozenset())
    left = unchanged_calls(changes, code.texts, code, {}, frozenset(), Followed(handed=frozenset(handed)))

    assert told == len(list(left))


HELD = b"int mow(struct map *map, struct plot *plot);\n"
BY_MAP = HELD.replace(b"struct map *map, struct plot *plot", b"struct idmap *map, struct field *field")


@pytest.mark.parametrize(
    ("head", "call", "line_changed", "told"),
    [
        ("struct plot *p", "mow(&no_map, p)", True, 1),
        ("struct field *p", "mow(&no_map, p)", True, 0),
        ("struct idmap *map, struct field *p", "mow(map, p)", False, 0),
        ("struct idmap *map, struct plot *p", "mow(map, p)", False, 1),
        ("struct other *p", "mow(&no_map, p->field)", False, 1),
        ("void *p", "mow((struct idmap *)p, (struct field *) &p)", False, 0),
        ("void *p", "mow((struct idmap *)p, (struct plot *)p)", True, 1),
        ("struct idmap m, struct field f", "mow(&m, &f)", False, 0),
    ],
    ids=["half done", "done by a rule", "new already", "half new", "unknown", "cast", "one cast", "addresses"],
)
def test_a_call_is_told_by_the_structure_that_it_gives(head, call, line_changed, told):
    """A rule for one argument would hide the other one; and who called it rightly all along would be sent to look."""
    (change,) = compare(read_headers([("a.h", HELD)]), read_headers([("a.h", BY_MAP)]), (), ())
    code = read_code([("a.c", f"int f({head})\n{{\n\treturn {call};\n}}\n".encode())], frozenset())
    before = {"a.c": b"something else" if line_changed else code.texts["a.c"]}

    assert told == len(list(unchanged_calls([change], before, code, {}, frozenset())))


@pytest.mark.parametrize(
    ("call", "lines"), [("brook_weed(plot, 1, true)", [5]), ("brook_weed(plot, 1)", []), ("0", [])]
)
def test_a_call_of_a_function_whose_head_followed_is_told(workshop, call, lines):
    """The compiler alone stopped at a callback that the code calls itself too, as the head had followed its table."""
    text = (
        "#include <linux/meadow.h>\nstatic int brook_weed(struct plot *plot, int depth, bool deep);\n"
        f"int brook(struct plot *plot)\n{{\n\treturn {call};\n}}\n"
        "static int brook_weed(struct plot *plot, int depth, bool deep)\n{\n\treturn depth;\n}\n"
        "static const struct meadow_operations brook_ops = {\n\t.weed = brook_weed,\n};\n"
    )
    port = workshop.port({"brook.c": text.encode()})

    assert b"brook_weed(struct plot *plot, int depth)\n{" in port.ported.texts["brook.c"]
    told = [one for one in port.leftovers if "brook_weed() is given 3, and takes 2 as ->weed by now" == one.reason]
    assert lines == [one.line for one in told]
