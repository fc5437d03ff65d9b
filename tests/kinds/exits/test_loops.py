"""Loops over dirty folios: what is told where a way to the unlock cannot be seen through."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.kinds.exits.loops import LoopRule

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
