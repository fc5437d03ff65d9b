"""Rules that want the same lines: a person's against those of the tree, and two of a person's."""

import pytest

from cocci_gen.port.edits.own_rules import read_own_rules

CALL = "- plot_may_sow(&init_owner, plot)\n+ {new}\n"


@pytest.fixture
def ruled(workshop, tmp_path):
    """Texts of a person's rules by name -> the module ported with them."""

    def make(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.cocci").write_text(f"@{name}@\nsymbol init_owner, plot, mine, other;\n@@\n{text}")
        return workshop.port(own_rules=read_own_rules(tmp_path, workshop.runner))

    return make


def test_a_rule_of_a_person_wins_against_the_tree_and_that_is_told(ruled):
    """The tree would overrule the one who knows the code, or nobody would know that it did not."""
    port = ruled(mine=CALL.format(new="plot_may_sow(mine, plot)"))

    assert b"err = plot_may_sow(mine, plot);" in port.ported.texts["elm.c"]
    assert any(one.startswith("your rule mine.cocci stands in place of `plot_may_sow(") for one in port.remarks)


def test_two_rules_of_a_person_that_want_the_same_line_are_told(ruled):
    """The second one would be without effect, and its author not know why."""
    port = ruled(
        a=CALL.format(new="plot_may_sow(mine, plot)"),
        b=CALL.format(new="plot_may_sow(other, plot)"),
    )

    assert b"err = plot_may_sow(mine, plot);" in port.ported.texts["elm.c"]
    assert "your rule a.cocci and your rule b.cocci both change elm.c:17: the first one had it" in port.remarks


def test_rules_of_a_person_on_other_lines_are_no_conflict(ruled):
    """Every second rule would be called a conflict."""
    port = ruled(
        a="- elm_dig(plot, depth)\n+ elm_dig(plot, mine)\n",
        b="- elm_sell(0)\n+ elm_sell(1)\n",
    )

    assert b"elm_dig(plot, mine)" in port.ported.texts["elm.c"]
    assert b"elm_sell(1)" in port.ported.texts["elm.c"]
    assert () == port.remarks


def test_a_rule_of_a_person_that_finds_nothing_is_told(ruled):
    """A typing error in a rule would pass for a place that needs nothing."""
    port = ruled(a="- elm_digg(plot)\n+ elm_dig(plot)\n")

    assert ("your rule a.cocci changes nothing in this code",) == port.remarks
