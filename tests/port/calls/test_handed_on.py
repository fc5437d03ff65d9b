"""Functions of the code itself that hand a parameter on whose type changed."""

import pytest

SOW = (
    b"int elm_sow(struct owner *owner, struct plot *plot, int seeds)\n{\n\tint err;\n\n"
    b"\terr = plot_may_sow(&init_owner, plot);\n"
)
#: A function without a table of its own, which the method calls.
HELPER = (
    b"static int elm_may(struct owner *owner, struct plot *plot)\n{\n\tif (!plot)\n\t\treturn 0;\n"
    b"\treturn plot_may_sow(owner, plot);\n}\n\n"
)
OF_HELPER = SOW.replace(b"plot_may_sow(&init_owner, plot)", b"elm_may(owner, plot)")
AFTER = HELPER.replace(b"struct owner *owner", b"struct owner_map *map").replace(
    b"plot_may_sow(owner", b"plot_may_sow(map"
)


def ported(workshop, pair, old, new):
    """The module with some text in place of another -> its ported text."""
    module = pair("module")
    assert old in module["elm.c"]
    return workshop.port(module | {"elm.c": module["elm.c"].replace(old, new)}).ported.texts["elm.c"]


def test_a_function_that_only_hands_a_parameter_on_follows(workshop, pair):
    """The method would hand the new structure to a function that takes the old one."""
    text = ported(workshop, pair, SOW, HELPER + OF_HELPER)

    assert AFTER in text
    assert b"err = elm_may(map, plot);" in text


def test_a_caller_that_gives_a_constant_gives_its_successor(workshop, pair):
    """The constant of the old kernel would be handed to a function that takes the new structure."""
    other = b"int elm_look(struct plot *plot)\n{\n\treturn elm_may(&init_owner, plot);\n}\n\n"
    text = ported(workshop, pair, SOW, HELPER + other + OF_HELPER)

    assert AFTER in text
    assert b"return elm_may(&no_map, plot);" in text


@pytest.mark.parametrize(
    "other",
    [
        b"int elm_look(struct plot *plot)\n{\n\treturn elm_may(plot->p_owner, plot);\n}\n\n",
        b"int (*elm_other)(struct owner *owner, struct plot *plot) = elm_may;\n\n",
    ],
    ids=["another caller", "a pointer to it"],
)
def test_a_function_that_others_give_something_else_stays(workshop, pair, other):
    """A guess that compiles: another caller would hand the old structure to it."""
    text = ported(workshop, pair, SOW, HELPER + other + OF_HELPER)

    assert b"elm_may(struct owner *owner, struct plot *plot)\n" in text


def test_a_function_that_looks_into_its_parameter_stays(workshop, pair):
    """Members of the old structure would be looked for in the new one."""
    helper = HELPER.replace(b"if (!plot)", b"if (owner->age)")

    assert helper in ported(workshop, pair, SOW, helper + OF_HELPER)


def test_a_body_that_only_hands_its_parameter_on_is_sure_whatever_others_did(workshop, pair):
    """The examples take a constant of their own in place of the parameter, so that nobody agrees on a name for it."""
    head = b"struct owner *owner, struct plot *plot, int seeds)\n{\n"
    new = {}
    for name in ("ash", "beech"):
        path = f"fs/{name}/{name}.c"
        text = pair("new")[path]
        new[path] = text.replace(f"return {name}_put(map, plot".encode(), f"return {name}_put(&no_map, plot".encode())
        assert text != new[path]
    handed = (
        SOW.replace(b"&init_owner", b"owner") + b"\tif (err)\n\t\treturn err;\n\treturn 0;\n}\n\nint elm_other(" + head
    )
    module = pair("module") | {"elm.c": pair("module")["elm.c"].replace(SOW, handed + b"\tint err = 0;\n\n")}
    port = workshop.port(module, new=new)
    told = [one.reason for one in port.leftovers if one.function == "elm_sow"]

    assert b"err = plot_may_sow(map, plot);" in port.ported.texts["elm.c"]
    assert [] == told
