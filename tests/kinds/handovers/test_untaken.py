"""What is told of a function of which nobody knows what it takes."""

import pytest

from cocci_gen.kinds.handovers.rule import HandoverRule

CODE = """static int heath_write_begin(const struct kiocb *k, struct address_space *mapping, loff_t pos, unsigned len,
	struct folio **foliop, void **fsdata)
{
	%s
}
const struct address_space_operations heath_aops = { .write_begin = heath_write_begin };
"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("*foliop = heath_folio(mapping); return 0;", "no call of heath_write_begin() is known to take"),
        ("return heath->ops->begin(foliop);", "`heath->ops->begin` is called through a pointer with foliop"),
        ("*foliop = filemap_grab_folio(mapping, 0); return 0;", ""),
        ("return -EINVAL;", ""),
    ],
)
def test_a_function_that_takes_by_unknown_calls_is_told(facts_of, make_obligation, body, why):
    """Its silence passed for "examined, and nothing is wrong"."""
    facts = facts_of({"fs/heath.c": CODE % body}, methods=("write_begin",))
    _, missing = HandoverRule().duties(make_obligation("write_begin", "returns_locked"), facts)

    assert [one.reason[: len(why)] for one in missing] == ([why] if why else [])
