"""Which functions only look at what they are given."""

import pytest

from cocci_gen.facts.calls.looks import looks

CODE = """\
static int tells(struct page *p) { int x = p->x; return x; }
static int asks(struct page *p) { if (PageDirty(p)) return tells(p); return 0; }
static int stores(struct page *p) { p->x = 0; return 1; }
static int copies(struct page *p, char *to) { memcpy(to, page_address(p), 8); return 1; }
static int calls(struct page *p) { return p->ops->look(p); }
static int writes(struct page *p) { return elsewhere(p); }
static int around(struct page *p) { return p->x ? around(p) : 0; }
"""


@pytest.mark.parametrize(
    ("name", "only"),
    [
        ("tells", True),
        ("asks", True),
        ("stores", False),
        ("copies", False),
        ("calls", False),
        ("writes", False),
        ("around", False),
        ("nowhere", False),
    ],
)
def test_who_stores_nothing_and_calls_nobody_unknown_only_looks(index_of, name, only):
    """A getter that is given the page would count as what wrote it, and a fix would start and end writeback of lost data."""
    assert only == looks(index_of({"fs/a.c": CODE})).only(name, "fs/a.c")
