"""What tables name for methods, before and after."""

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.evolutions import FunctionGone, MethodRenamed
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.initialisers import Table, initialiser_rules
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.heads import table_rule

GONE = FunctionGone(Function("generic_dig_page", "int", ("struct page *page",), "include/linux/dig.h", 1), ())


def method(name):
    """A method of that name."""
    return Method("spade_operations", Prototype(name, "int", ("int depth",), "", 1, 1, "", ()), "include/linux/dig.h")


RENAMED = MethodRenamed(method("dig_page"), method("dig_folio"), ())


def beside(*rows):
    """One table for each (new value, what stands beside it)."""
    return [
        Table(
            f"fs/a{n}/a.c",
            "ops",
            "spade_operations",
            {"dig_page": "generic_dig_page", **more},
            {"dig_page": value, **more},
        )
        for n, (value, more) in enumerate(rows)
    ]


def tables(*values):
    """One table for each new value."""
    return [
        Table(f"fs/a{number}/a.c", "ops", "spade_operations", {"dig_page": "generic_dig_page"}, {"dig_folio": value})
        for number, value in enumerate(values)
    ]


def test_a_generic_function_follows_under_the_new_name_of_its_method():
    """A method that was renamed with its generic function would get the new name and keep the old function."""
    (rule,) = initialiser_rules([GONE, RENAMED], tables(*["generic_dig_folio"] * 4))

    assert " .dig_folio =\n- generic_dig_page\n+ generic_dig_folio" in rule.text


#: Tables that are filled in code, one of them of another structure.
FILLED = (
    b"static struct spade_operations own;\nstatic struct rake_operations other;\n\n"
    b"int elm_init(struct spade_operations *ops)\n{\n"
    b"\town.%s = %s;\n\tops->%s = %s;\n\tother.dig_page = generic_dig_page;\n\treturn 0;\n}\n"
)


def test_a_table_that_is_filled_in_code_follows_as_well(workshop):
    """A driver that fills a copy of a table would keep the old name and the old function, and not build."""
    (rule,) = initialiser_rules([GONE, RENAMED], tables(*["generic_dig_folio"] * 4))
    name = PortRule("name", "name", "", table_rule(RENAMED), Declarations(), ())
    code = FILLED % ((b"dig_page", b"generic_dig_page") * 2)
    ported = apply_rules([name, rule], {"a.c": code}, workshop.runner)

    assert FILLED % ((b"dig_folio", b"generic_dig_folio") * 2) == ported.texts["a.c"]
    assert () == ported.refused


def test_a_condition_that_code_does_not_show_makes_no_rule_for_it():
    """What stands beside an entry is not seen where a table is filled, and half of them get something else."""
    common = {"fill_page": "generic_fill"}
    tells = common | {"turn_page": "generic_turn"}
    (rule,) = initialiser_rules([GONE], beside(*[("one_way", tells)] * 8, *[("another", common)] * 4))

    assert "@stored" not in rule.text


def test_tables_that_do_not_agree_make_no_rule():
    """The one half would get what the other half has."""
    assert [] == initialiser_rules([GONE, RENAMED], tables("one_way", "one_way", "another", "another"))


def test_a_condition_tells_tables_apart():
    """What half of all tables have beside it would be its condition, and tables that need another function get this one."""
    common = {"fill_page": "generic_fill"}
    tells = common | {"turn_page": "generic_turn"}
    agree, other = [("one_way", tells)] * 8, [("another", common)] * 4
    (rule,) = initialiser_rules([GONE], beside(*agree, *other))

    assert " .turn_page = generic_turn," in rule.text
    assert [] == initialiser_rules([GONE], beside(*[("one_way", common)] * 8, *other[:2], *[("another", {})] * 2))
