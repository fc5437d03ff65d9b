"""Loops over dirty folios: what is told where a way to the unlock cannot be seen through."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.exits.loops import LoopRule
from cocci_gen.kinds.suspects import FixPlan

TEXT = """\
static int demo_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		{0}
		folio_unlock(folio);
	}
	return err;
}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("ops->write(folio);", ["what every way to this unlock passes cannot be seen through"]),
        ("if (err) ops->write(folio);", []),
        ("folio_start_writeback(folio); ops->write(folio);", []),
        ("", []),
    ],
    ids=["unseen", "seen on another way", "kept before", "broken"],
)
def test_what_cannot_be_seen_is_told(facts_of, body, told):
    """Behind a call through a pointer the loop was silently taken for right."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "writepages")
    obligation = Obligation(
        "address_space_operations", "writepages", "writeback", "page", "prose", "", source, mode=PER_FOLIO
    )
    _, missing = LoopRule().duties(obligation, facts_of({"fs/demo/a.c": TEXT.replace("{0}", body)}))

    assert told == [one.reason.partition(":")[0] for one in missing]


GIVEN = """\
static int write_one(struct request *rq, struct folio *folio)
{
	if ({0})
		folio_start_writeback(folio);
	folio_unlock(folio);
	return 0;
}
"""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("static int group(struct folio *f) { return f->private; }\n", "on which nothing of the folio was written"),
        ("static int group(struct folio *f) { store(f->data); return 0; }\n", ""),
    ],
    ids=["only looks", "may write"],
)
def test_who_only_looks_at_the_folio_has_not_written_it(facts_of, given, reason):
    """Writeback was started and ended around the unlock of a folio that was to be written later, and its data were lost."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "writepages")
    obligation = Obligation(
        "address_space_operations", "writepages", "writeback", "page", "prose", "", source, mode=PER_FOLIO
    )
    code = given + TEXT.replace("{0}", "err = group(folio);")
    [duty], _ = LoopRule().duties(obligation, facts_of({"fs/demo/a.c": code}))
    [suspect] = LoopRule().judge(duty, range(1, 30), "")

    assert reason in suspect.plan.reason if reason else isinstance(suspect.plan, FixPlan)


@pytest.mark.parametrize(
    ("test", "sure"),
    [("rq->origin == FLUSH", Confidence.LOW), ("rq->failed", Confidence.HIGH), ("rq->length > SOME", Confidence.HIGH)],
)
def test_what_tells_callers_apart_is_not_sure(facts_of, test, sure):
    """netfs_write_folio() of 6.17 gets folios under writeback from another caller, and says so by a member of its request."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "writepages")
    obligation = Obligation(
        "address_space_operations", "writepages", "writeback", "page", "prose", "", source, mode=PER_FOLIO
    )
    loop = TEXT.replace("{0}", "err = write_one(mapping->rq, folio);").replace("\t\tfolio_unlock(folio);\n", "")
    duties, _ = LoopRule().duties(obligation, facts_of({"fs/demo/a.c": GIVEN.replace("{0}", test) + loop}))
    [duty] = [one for one in duties if one.definition.name == "write_one"]

    assert [sure] == [one.finding.confidence for one in LoopRule().judge(duty, range(1, 30), "")]
