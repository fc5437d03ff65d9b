"""What changed that some code meets."""

import pytest

CODE = b"""\
#include <linux/finch.h>

long brook_age(struct cage *cage%s)
{
	return %s->%sf_age;
}
"""


@pytest.mark.parametrize(
    ("parameter", "reached", "told"),
    [(b"", b"cage->c_first", True), (b", struct mystery *m", b"m", False)],
    ids=["through another structure", "by nobody knows what"],
)
def test_a_structure_need_not_be_named_to_be_used(workshop, parameter, reached, told):
    """`sb->s_bdev->bd_inode` was neither ported nor told in files that do not say `struct block_device`."""
    port = workshop.port({"brook.c": CODE % (parameter, reached, b"f_u.")})

    assert CODE % (parameter, reached, b"" if told else b"f_u.") == port.ported.texts["brook.c"]
    assert told is ("finch.f_u" in {one.evolution.id for one in port.used})
