"""Which calls take a page for the caller, by what they are called with and by what they wrap."""

import pytest

from cocci_gen.kinds.handovers.contracts import contracts
from cocci_gen.kinds.handovers.grabs import Grabs

WRAPPER = """static struct folio *reed_get(struct address_space *m, pgoff_t index, int flags)
{
	if (reed_dry(m))
		return ERR_PTR(-EAGAIN);
	return __filemap_get_folio(m, index, flags, 0);
}
static struct folio *reed_begin(struct address_space *m, pgoff_t index)
{
	int how = FGP_WRITEBEGIN;
	how |= reed_order(m);
	return reed_get(m, index, how);
}
static struct folio *reed_any(struct address_space *m, pgoff_t index)
{
	if (reed_dry(m))
		return reed_last(m);
	return reed_begin(m, index);
}
static struct folio *reed_own(struct address_space *m, pgoff_t index, int flags)
{
	flags = FGP_CREAT;
	return reed_get(m, index, flags);
}
static int reed(struct address_space *m)
{
	int mine = FGP_LOCK | FGP_CREAT, either = FGP_LOCK;
	if (reed_dry(m))
		either = FGP_CREAT;
	%s;
	return 0;
}
"""


@pytest.mark.parametrize(
    ("call", "taken"),
    [
        ("reed_begin(m, 0)", True),
        ("reed_get(m, 0, FGP_LOCK)", True),
        ("reed_get(m, 0, mine)", True),
        ("reed_get(m, 0, either)", False),
        ("reed_get(m, 0, FGP_CREAT)", False),
        ("reed_any(m, 0)", False),
        ("reed_own(m, 0, FGP_LOCK)", False),
    ],
)
def test_a_wrapper_takes_what_it_is_told_to(index_of, call, taken):
    """A lock that a wrapper takes for its caller was owed by nobody, and one that it does not take must be owed by nobody."""
    index = index_of({"fs/reed.c": WRAPPER % call})
    graph = next(index.graph(one) for one in index.functions_in("fs/reed.c") if one.name == "reed")
    made = next(one for one in graph.calls() if one.text == call)

    assert taken is Grabs(contracts()["write_begin"], index).takes(graph, "fs/reed.c", made)
