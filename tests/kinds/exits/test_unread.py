"""Tests by which a table's ->read_folio refuses a page: one taken for such wrongly hides a loss of data."""

import pytest

from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.exits.unread import refused_reads

TABLE = "static const struct address_space_operations box_aops = { .read_folio = box_read };\n"
OTHER = "static const struct address_space_operations other_aops = { .read_folio = other_read };\n"
READ = "static int %s_read(struct file *file, struct folio *folio)\n{\n%s\n}\n"
BODY = "int err = %s;\nif (sealed(folio->mapping->host)) goto out;\nerr = get(folio);\nout: folio_unlock(folio); return err;"
REFUSES, READS = BODY % "-EACCES", BODY % "0"
SEALED = ("sealed(_->mapping->host)", "true")


def asker(index):
    """The method of which a refusal decides something."""
    return index.definitions("box_read")[0]


def tables(*names):
    """Registrations of a method in tables of fs/box/a.c."""
    return tuple(Registration("address_space_operations", name, "fs/box/a.c", 1) for name in names)


@pytest.mark.parametrize(("body", "refuses"), [(REFUSES, True), (READS, False)], ids=["an-error", "not-an-error"])
def test_a_branch_with_nothing_but_errors_behind_refuses(facts_of, body, refuses):
    """What comes back with success may have read the page."""
    index = facts_of({"fs/box/a.c": READ % ("box", body) + TABLE}).index
    assert refuses == (SEALED in refused_reads(asker(index), tables("box_aops"), index))


def test_every_table_must_refuse(facts_of):
    """A method that serves two tables sees the pages that one of them reads."""
    text = READ % ("box", REFUSES) + TABLE + READ % ("other", READS) + OTHER
    index = facts_of({"fs/box/a.c": text}).index
    assert SEALED not in refused_reads(asker(index), tables("box_aops", "other_aops"), index)
    assert refused_reads(asker(index), (), index) == frozenset()


def test_how_a_call_went_is_no_refusal(facts_of):
    """`if (err)` stands in both, and asks for two different things."""
    body = "int err = get(folio);\nif (err) goto out;\nerr = 0;\nout: folio_unlock(folio); return err;"
    index = facts_of({"fs/box/a.c": READ % ("box", body) + TABLE}).index
    assert refused_reads(asker(index), tables("box_aops"), index) == frozenset()
