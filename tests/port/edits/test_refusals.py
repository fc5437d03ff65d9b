"""What spatch says of a rule that it does not take."""

from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations, PortRule


def test_a_rule_that_spatch_does_not_take_is_told_in_one_sentence(workshop):
    """port.txt had the slice, the status and spatch's own place in its text."""
    text = "@r@\nexpression x;\n@@\n- f(x\n+ g(x)\n"
    rule = PortRule("r", "e", "t", text, Declarations(), (frozenset({"f"}),))
    ported = apply_rules([rule], {"a.c": b"int a(void)\n{\n\treturn f(1);\n}\n"}, workshop.runner)

    assert ["spatch does not take it (minus: parse error)"] == [one.reason for one in ported.refused]
