"""What the document about porting says of functions that have other names."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.documents.porting_notes import PORTING_RST, noted, notes_between
from cocci_gen.port.documents.said_renames import said_rename_rules
from cocci_gen.port.lessons.rules import told
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

OLD = "int shut_len(struct gate *gate);\nint lift_len(struct gate *gate, int high);\n"
NEW = "int shut_now(struct gate *gate);\nint lift_now(struct gate *gate, int high);\n"
SAYS = "Title\n\n---\n\n**mandatory**\n\n%s\n"
BOTH = "Functions shut_len() and lift_len() have been renamed to\nshut_now(), lift_now()."


def kernels(old, new, note):
    """Two kernels with one header each, and a document that says something in the second."""
    return [
        of_texts(name, {"include/linux/gate.h": header.encode(), PORTING_RST: (SAYS % text).encode()})
        for name, header, text in (("old", old, "Nothing."), ("new", new, note))
    ]


def rules(old=OLD, new=NEW, note=BOTH):
    """The rules for two headers and a note."""
    before, after = kernels(old, new, note)
    sides = [read_headers([("include/linux/gate.h", one.read("include/linux/gate.h"))]) for one in (before, after)]
    found = compare(*sides, (), ())
    return list(said_rename_rules(found, notes_between(before, after), declarations_of(after), after))


def test_a_name_that_the_document_gives_is_a_rule():
    """Nothing in the headers pairs the two, and the calls of each module would be left to a person."""
    found = rules()

    assert {"shut_len(): shut_now", "lift_len(): lift_now"} == {
        f"{one.evolution}: {one.text.partition('+ ')[2].split()[0]}" for one in found
    }
    assert {f"{PORTING_RST}:5 says so"} == {told(one.ground) for one in found}


LIST = "Several functions are renamed:\n\n-  shut_len -> shut_now\n-  lift_len -> lift_now"


def test_a_list_of_names_says_as_much():
    """`user_path_create -> start_creating_user_path` stands in such a list alone."""
    assert [one.text for one in rules()] == [one.text for one in rules(note=LIST)]
    assert [] == rules(note=LIST.replace("renamed", "alike"))


def test_what_a_pointer_leads_to_may_be_const_by_now():
    """Who has a `struct path` has one that end_creating_path() does not change as well."""
    new = NEW.replace("struct gate *gate)", "const struct gate *gate)")

    assert 2 == len(rules(new=new))
    assert 1 == len(rules(old=OLD.replace("shut_len(struct", "shut_len(const struct")))


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (OLD, NEW, BOTH.replace("shut_len() and ", "")),
        (OLD, NEW, BOTH.replace("renamed to", "joined by")),
        (OLD, NEW, BOTH.replace("have been renamed to", "are there, and")),
        (OLD, NEW.replace("gate *gate", "gate *gate, long since"), BOTH),
        (OLD, NEW.replace("int ", "void "), BOTH),
        (OLD, NEW.replace("_now", "_soon"), BOTH),
        (OLD, OLD + NEW, BOTH),
    ],
    ids=[
        "one less",
        "another word",
        "no word",
        "another parameter",
        "it returns something else",
        "not there",
        "still there",
    ],
)
def test_what_the_document_does_not_say_or_the_headers_deny_is_none(old, new, note):
    """A call would go to a function that takes or gives something else."""
    assert [] == rules(old, new, note)


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        (f"{BOTH}  They do not lock any more.", [3]),
        (BOTH, []),
        (f"They do not lock any more.  {LIST}", [3]),
        (LIST, []),
    ],
    ids=["more", "the names alone", "more than a list", "a list alone"],
)
def test_what_the_section_says_beside_is_told_where_the_port_wrote_the_name(note, lines):
    """A check that the function does no longer would be lost, and the port would have hidden it."""
    notes = notes_between(*kernels(OLD, NEW, note))
    before, after = (
        read_code([("a.c", b"int f(struct gate *g)\n{\n\treturn %s(g);\n}\n" % name)], frozenset())
        for name in (b"shut_len", b"shut_now")
    )

    assert lines == [one.line for one in noted(notes, before, after)]
