"""Leaf beside `keepers`, `release_outcomes`: whether a call unlocks its page, and what it returns then."""

import pytest

from cocci_gen.code.control_flow import Call
from cocci_gen.kinds.keeps.release_outcomes import DEPTH, ReleaseOutcome, outcome_of

DOES = "static int does(struct folio *f, bool keep)\n{\n\tint err = work();\n\n{0}\treturn err;\n}\n"


@pytest.fixture
def outcome(facts_of):
    """outcome(C text, argument) -> what `does(folio, argument)` may return having unlocked the folio."""

    def find(text, argument="keep"):
        facts = facts_of({"fs/a.c": text})
        return outcome_of(Call("does", True, ("folio", argument), 1), "fs/a.c", {"folio"}, facts.effects)

    return find


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\tfolio_unlock(f);\n", ReleaseOutcome.ANY),
        ("\tif (err)\n\t\tfolio_unlock(f);\n", ReleaseOutcome.NONZERO),
        ("\tif (!err)\n\t\tfolio_unlock(f);\n", ReleaseOutcome.ZERO),
        ("\tif (err) {\n\t\tfolio_unlock(f);\n\t\treturn -EIO;\n\t}\n", ReleaseOutcome.NONZERO),
        ("\tif (err) {\n\t\tfolio_unlock(f);\n\t\treturn other();\n\t}\n", ReleaseOutcome.ANY),
        ("\tf = next(f);\n\tif (err)\n\t\tfolio_unlock(f);\n", ReleaseOutcome.ANY),
        ("\tfolio_put(f);\n", ReleaseOutcome.NEVER),
    ],
    ids=["always", "on failure", "on success", "constant", "unknown result", "another folio", "never"],
)
def test_with_what_results_a_call_unlocks(outcome, body, expected):
    """A release that comes with a failure only was blamed on the path of success."""
    assert expected == outcome(DOES.replace("{0}", body))


@pytest.mark.parametrize(
    ("argument", "expected"),
    [("true", ReleaseOutcome.NEVER), ("false", ReleaseOutcome.ANY), ("keep", ReleaseOutcome.ANY)],
)
def test_a_constant_that_is_passed_decides(outcome, argument, expected):
    """`d383e346f97d`: two methods share a helper, and one tells it to leave the page alone."""
    inner = "static void inner(struct folio *f, bool keep)\n{\n\tif (!keep)\n\t\tfolio_unlock(f);\n}\n"

    assert expected == outcome(DOES.replace("{0}", "\tif (!keep)\n\t\tfolio_unlock(f);\n"), argument)
    assert expected == outcome(inner + DOES.replace("{0}", "\tinner(f, keep);\n"), argument)


def test_what_lies_too_deep_may_be_anything(outcome):
    """An answer that was not looked for is no answer."""
    chain = "static void f0(struct folio *f) { if (never()) folio_unlock(f); }\n"
    for number in range(1, DEPTH + 2):
        chain += f"static void f{number}(struct folio *f) {{ f{number - 1}(f); }}\n"

    assert outcome(chain + DOES.replace("{0}", f"\tf{DEPTH + 1}(f);\n")) is ReleaseOutcome.ANY
