"""Leaf beside `exits`, `given_up`: a call that failed keeps nothing of what it was given."""

import pytest

from cocci_gen.code.searches.paths import Path
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import FixPlan

KEEPS = (
    "static struct request *make(struct folio *f)\n{\n\tstruct request *r = get();\n\n\tr->folio = f;\n\treturn r;\n}\n"
)
HEAD = "static int demo_read_folio(struct file *file, struct folio *folio)\n{\n"
OPS = "}\nstatic const struct address_space_operations demo_aops = { .read_folio = demo_read_folio };\n"
CODE = (
    "\tstruct request *r;\n\tint err = 0;\n\n"
    "\tr = make(folio);\n\tif (IS_ERR(r)) {\n{0}\t\tgoto out;\n\t}\n"
    "out:\n\treturn err;\n"
)


@pytest.fixture
def suspects(facts_of, make_obligation):
    """suspects(code, helper) -> what `unlocks` makes of a star at the last return."""

    def find(code, helper=KEEPS):
        facts = facts_of({"fs/a.c": helper + HEAD + code + OPS}, methods=("read_folio",))
        rule = RULES["unlocks"][0]
        (duty,) = rule.duties(make_obligation("read_folio"), facts)[0]
        last = max(node.line for node in duty.graph.nodes if node.kind == "return")
        return rule.judge(duty, [last], ""), rule.semantic_patch(duty).text

    return find


def ways(found):
    """Whether there is a way to each."""
    return [isinstance(one.path, Path) for one in found[0]]


def test_what_a_failed_call_was_to_keep_is_free_again(suspects):
    """`11974eec839c`: the request that was to hold the folio does not exist, and nobody unlocks it."""
    code = CODE.replace("{0}", "\t\terr = PTR_ERR(r);\n")
    (one,), text = suspects(code)

    assert (Confidence.HIGH, "IS_ERR(r)") == (one.finding.confidence, one.finding.breach.condition)
    assert "make" not in text  # spatch must not stop at what stops only the paths of success
    assert isinstance(one.plan, FixPlan)
    assert "+folio_unlock(folio);\n goto out;" in one.plan.semantic_patch.text


@pytest.mark.parametrize(
    ("failure", "helper"),
    [
        ("\t\tfolio_unlock(folio);\n", KEEPS),
        ("\t\terr = 1;\n", KEEPS.replace("\treturn r;", "\tqueue_work(f);\n\treturn r;")),
        ("\t\terr = 1;\n", KEEPS.replace("\treturn r;", "\tstranger(f);\n\treturn r;")),
        ("\t\terr = 1;\n", KEEPS.replace("\treturn r;", "\tfolio_unlock(f);\n\treturn r;")),
    ],
    ids=["unlocked", "handed on as well", "unseen", "unlocks itself"],
)
def test_what_a_call_may_have_done_before_it_failed_counts(suspects, failure, helper):
    """Only a call that does nothing but store the page is known to have done nothing when it fails."""
    assert [False] == ways(suspects(CODE.replace("{0}", failure), helper))


def test_success_keeps_the_page(suspects):
    """Behind the test of the failure, the request unlocks the page in its completion."""
    code = (
        "\tstruct request *r;\n\n\tr = make(folio);\n\tif (IS_ERR(r)) {\n\t\tfolio_unlock(folio);\n\t\treturn 1;\n\t}\n"
    )

    assert [False] == ways(suspects(code + "\treturn 0;\n"))
