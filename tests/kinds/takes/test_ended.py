"""A request that a method was given is ended on every way, or handed on."""

import pytest

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.document.readings import Mode
from cocci_gen.kinds.takes.ended import EndedRule

OWED = Obligation(
    "netfs_request_ops", "issue_read", "must_call", "netfs_io_subrequest", PROSE, "", RuleSource("a.rst", 1, ""),
    Mode.ENDED, "", ("done",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("if (!r->len) return; done(r);", True),
        ("if (!r->len) { done(r); return; } done(r);", False),
        ("struct op *op = new_op(); if (!op) return; op->r = r; send(op);", True),
        ("struct op *op = new_op(); op->r = r; send(op);", False),
        ("send(r);", False),
        ("struct own *own = container_of(r, struct own, sub); own->credits++; done(&own->sub);", False),
        ("struct own *own = container_of(r, struct own, sub); own->credits++;", True),
    ],
)
def test_a_request_is_ended_or_handed_on(facts_of, body, breaks):
    """What is neither leaves those waiting who wait for it."""
    code = f"void done(void *r);\nstatic void f(struct netfs_io_subrequest *r)\n{{\n\t{body}\n}}\n"
    table = "const struct netfs_request_ops ops = { .issue_read = f };\n"
    duties, _ = EndedRule().duties(OWED, facts_of({"fs/a.c": code + table}, methods=("issue_read",)))

    assert breaks is bool(duties)


PUT = Obligation(
    "address_space_operations", "write_end", "must_call", "folio", PROSE, "", RuleSource("a.rst", 1, ""),
    Mode.ENDED, "", ("folio_put", "put_page"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ("unlock_page(page); return 0;", True),
        ("unlock_page(page); put_page(page); return 0;", False),
        ("return half(page, private);", False),
        ("struct wc *wc = private; return finish(wc);", False),
        ("return finish(mapping);", True),
        ("folio_mark_accessed(page_folio(page)); return 0;", True),
    ],
)
def test_a_page_is_given_back_by_the_one_who_ends_the_write(facts_of, body, breaks):
    """What the other half of the pair was told to hand through may have the page in it."""
    code = "static int half(struct page *page, void *private) { folio_put(page_folio(page)); return 0; }\n"
    code += f"static int f(struct address_space *mapping, struct page *page, void *private)\n{{\n\t{body}\n}}\n"
    table = "const struct address_space_operations ops = { .write_end = f };\n"
    duties, _ = EndedRule().duties(PUT, facts_of({"fs/a.c": code + table}, methods=("write_end",)))

    assert breaks is bool(duties)


def test_a_name_that_the_tree_does_not_know_binds_nobody(facts_of):
    """Linux 7.3 writes of netfs_write_subreq_terminated(), which is called otherwise in the code: each way would break that."""
    text = "static void f(struct netfs_io_subrequest *r)\n{\n\tfinished(r);\n}\n"
    table = "const struct netfs_request_ops ops = { .issue_read = f };\n"
    duties, missing = EndedRule().duties(OWED, facts_of({"fs/a.c": text + table}, methods=("issue_read",)))

    assert () == duties
    assert ["the document names done(), and no code of this tree does"] == [one.reason for one in missing]
