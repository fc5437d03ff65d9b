"""`kinds/exits/givers`: who hands a page on and may itself be who forgets the release behind the call."""

import pytest

from cocci_gen.kinds.registry import RULES

UNLOCKS = RULES["unlocks"][0]
OPS = "static const struct address_space_operations demo_aops = { .read_folio = demo_read_folio };\n"
DECODE = """\
static int decode(struct folio *own, int n)
{
	struct folio *folio = own;

	if (n)
		folio = other(n);
	if (n)
		folio_unlock(folio);
	return n ? -EIO : 0;
}
"""
HEAD = "static int demo_read_folio(struct file *file, struct folio *folio)\n"


@pytest.mark.parametrize(
    ("body", "keeper", "torn"),
    [
        ("int err = -EIO; if (file->n) goto out; err = decode(folio, file->x); out: return err;", "demo_read_folio", "decode"),
        ("int err = -EIO; if (file->n) return err; err = decode(folio, file->x); return err;", "", ""),
        ("int err = -EIO; if (file->n) { folio_unlock(folio); return 0; } err = decode(folio, file->x); return err;", "", ""),
    ],
)  # fmt: skip
def test_who_keeps_it_beside_the_call(facts_of, make_obligation, body, keeper, torn):
    """A release was put into each of two helpers, where the one behind both was missing."""
    text = f"{DECODE}{HEAD}{{\n\t{body}\n}}\n{OPS}"
    facts = facts_of({"fs/a.c": text}, methods=("read_folio",))
    found, _ = UNLOCKS.duties(make_obligation("read_folio", UNLOCKS.kind), facts)
    duties = {duty.graph.name: duty for duty in found}

    assert duties["decode"].keeper == keeper
    assert duties["demo_read_folio"].torn == torn
