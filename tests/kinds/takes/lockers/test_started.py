"""Whether a call that is given a locked buffer may start the I/O that ends the lock."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.lockers.started import starters_of
from cocci_gen.kinds.takes.words.sorts import states

TREE = """\
#define log_it(handle, bh) __log_it(__func__, handle, bh)
struct journal_head { struct buffer_head *b_bh; };
static int add_head(struct buffer_head *bh) { struct journal_head *jh = head_of(); jh->b_bh = bh; return 0; }
int __log_it(const char *where, struct handle *handle, struct buffer_head *bh) { return add_head(bh); }
void write_it(struct buffer_head *bh) { struct buffer_head *one = bh; submit_bh(1, one); }
void write_below(struct buffer_head *bh) { write_it(bh); }
void put_aside(struct chunk *chunk, struct buffer_head *bh) { chunk->list[chunk->count++] = bh; }
void give_away(struct ops *ops, struct buffer_head *bh) { ops->write(bh); }
void leave_last(struct chunk *chunk, struct buffer_head *bh) { chunk->last = bh; }
void end_last(struct chunk *chunk) { unlock_buffer(chunk->last); }
void write_page(struct buffer_head *bh) { start(bh->b_page); }
void around(struct buffer_head *bh) { around(bh); }
"""


@pytest.mark.parametrize(
    ("callee", "arguments", "may"),
    [
        pytest.param("log_it", ("handle", "bh"), False, id="entered-in-a-journal"),
        pytest.param("write_it", ("bh",), True, id="submitted"),
        pytest.param("write_below", ("bh",), True, id="submitted-further-down"),
        pytest.param("put_aside", ("chunk", "bh"), True, id="put-aside-with-others"),
        pytest.param("give_away", ("ops", "bh"), True, id="by-a-pointer"),
        pytest.param("leave_last", ("chunk", "bh"), True, id="where-another-ends-it"),
        pytest.param("write_page", ("bh",), True, id="by-its-page"),
        pytest.param("around", ("bh",), True, id="what-calls-itself"),
        pytest.param("nobody_knows", ("bh",), True, id="nowhere-to-be-seen"),
        pytest.param("nobody_knows", ("other",), False, id="given-something-else"),
    ],
)
def test_who_may_end_what_it_is_given(facts_of, callee, arguments, may):
    """Whatever is given a buffer might write it: a lock that was kept past a journal's entry was told to nobody."""
    index = facts_of({"fs/a.c": TREE}).index
    (state,) = (one for one in states() if one.thing.name == "buffer_lock")
    assert starters_of(index).may_end(Call(callee, True, arguments, 1), "fs/a.c", state, {"bh"}) is may


def test_what_a_page_is_put_into_is_submitted_by_others(facts_of):
    """A function that hands a page under writeback on, and does no more, is no proof that nobody writes it."""
    index = facts_of({"fs/a.c": "void look_at(struct page *page) { count(page->index); }\n"}).index
    (state,) = (one for one in states() if one.thing.name == "page_writeback")
    assert starters_of(index).may_end(Call("look_at", True, ("page",), 1), "fs/a.c", state, {"page"})
