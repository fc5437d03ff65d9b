"""Stage 1: everything that locking.rst says is read, with its line, or refused with a way out."""

import json

import pytest

from cocci_gen.document.table_listing import document_to_json, document_to_text
from cocci_gen.document.tables import read_document
from cocci_gen.errors import RuleDocumentError

PATH = "Documentation/filesystems/locking.rst"
REAL = [
    "v5.8",
    pytest.param("6.1", marks=pytest.mark.kernel),
    pytest.param("6.12", marks=pytest.mark.kernel),
]

SMALL = b"""\
demo_operations
===============

prototypes::

\tint (*open) (struct inode *, struct file *);
\tvoid (*close)(struct file *);  /* last one */

locking rules:
\tall may block

=======\t\t========== =========
ops\t\td_lock     may block
=======\t\t========== =========
open:\t\tyes (both) no[1]_
close\t\t           yes
=======\t\t========== =========

->open() must not block.  It returns zero on success.

.. [1]:
   ->open for leases is allowed
   to block.
"""


def table(rows, top="====== ======= =====", middle=None, bottom=None, heading="ops    d_lock  note"):
    """A document with one table; rows are lines of text."""
    lines = ["demo_operations", "===============", "", top, heading, middle or top, *rows, bottom or top, ""]
    return "\n".join(lines).encode()


def cells(document):
    """Method -> texts of its cells, of the only table."""
    (found,) = [one for section in document.sections for one in section.tables]
    return {row.method: [cell.text for cell in row.cells] for row in found.rows}


def facts_of(document):
    """A document in the shape of tests/data/locking-*.toml."""
    sections = []
    for section in document.sections:
        if not section.struct:
            continue
        facts = {"title": section.title, "line": section.line}
        facts["prototypes"] = [[prototype.method, prototype.line] for prototype in section.prototypes]
        for one in section.tables:
            facts["columns"] = list(one.columns)
            facts["rows"] = [[row.method, row.line, [cell.text for cell in row.cells]] for row in one.rows]
        sections.append(facts)
    return {"lines": document.lines, "section": sections}


@pytest.mark.parametrize("version", REAL)
def test_tables_and_prototypes_equal_the_facts(version, locking_rst, locking_facts):
    """A cell that slips into the next column, or a row that is lost, makes a wrong rule for every file system."""

    assert locking_facts(version) == facts_of(read_document(locking_rst(version), PATH))


@pytest.mark.parametrize("version", ["v5.8", "6.1", "6.12"])
def test_tables_rebuilt_from_the_facts_are_read_again(version, locking_facts, rst_of_facts):
    """The parser must be tested where Debian's kernels are not."""
    facts = locking_facts(version)

    assert facts == facts_of(read_document(rst_of_facts(facts), PATH))


@pytest.mark.parametrize("version", REAL)
def test_every_line_is_claimed_once(version, locking_rst):
    """A line that nobody claims is a rule that is dropped in silence."""
    text = locking_rst(version)
    document = read_document(text, PATH)
    filled = [number for number, line in enumerate(text.decode().split("\n"), start=1) if line.strip()]

    assert filled == sorted(document.roles)
    prose = {
        line
        for section in document.sections
        for clause in section.clauses
        for line in range(clause.line, clause.last_line + 1)
    }
    claimed_as_prose = {line for line, role in document.roles.items() if role == "prose"}
    assert claimed_as_prose == prose & claimed_as_prose
    prototypes = {
        line
        for section in document.sections
        for prototype in section.prototypes
        for line in range(prototype.line, prototype.last_line + 1)
    }
    assert prototypes >= {line for line, role in document.roles.items() if role == "prototype"}


@pytest.mark.parametrize("version", REAL)
def test_every_word_of_prose_is_in_a_clause(version, locking_rst):
    """Words lost between two sentences would change what a rule says."""
    text = locking_rst(version).decode().split("\n")
    document = read_document("\n".join(text).encode(), PATH)
    written = [
        word for line, role in sorted(document.roles.items()) if role == "prose" for word in text[line - 1].split()
    ]
    clauses = sorted(
        (clause for section in document.sections for clause in section.clauses if not clause.footnote),
        key=lambda clause: clause.line,
    )

    assert written == [word for clause in clauses for word in clause.text.split()]


@pytest.mark.parametrize("version", REAL)
def test_structures_and_odd_prototypes(version, locking_rst):
    """All thirteen structures are there, and what is wrong with a prototype is said, not hidden."""
    document = read_document(locking_rst(version), PATH)
    structs = [section.struct for section in document.sections if section.struct]

    assert len(structs) == 13
    assert "xattr_handler" in structs
    dname = document.section("dentry_operations").prototype("d_dname")
    assert dname.problems == ("brackets do not balance",)
    assert dname.signature == "char *(struct dentry *, char *, int)"
    assert (
        document.section("vm_operations_struct").prototype("access").signature
        == "int(struct vm_area_struct *, unsigned long, void *, int, int)"
    )


def test_a_small_document_is_read_whole():
    """Tabs, a missing colon, a footnote, a comment behind a prototype and a label with prose under it, all at once."""
    document = read_document(SMALL, PATH)
    (section,) = document.sections

    assert {"open": ["yes (both)", "no[1]_"], "close": ["", "yes"]} == cells(document)
    assert section.struct == "demo_operations"
    assert [(p.method, p.line, p.comment) for p in section.prototypes] == [("open", 6, ""), ("close", 7, "last one")]
    assert [(c.subjects, c.line, c.text) for c in section.clauses] == [
        ((), 10, "all may block"),
        (("open",), 19, "->open() must not block."),
        (("open",), 19, "It returns zero on success."),
        (("open",), 22, "->open for leases is allowed to block."),
    ]
    assert section.clauses[-1].footnote == "1"
    assert section.tables[0].rows[0].cells[1].footnotes == ("1",)
    assert section.tables[0].rows[0].cells[1].plain == "no"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(["open:  yes     x"], {"open": ["yes", "x"]}, id="colon"),
        pytest.param(["open   yes     x"], {"open": ["yes", "x"]}, id="no colon"),
        pytest.param(["open\tyes\tx"], {"open": ["yes", "x"]}, id="tabs under spaces"),
        pytest.param(["open"], {"open": ["", ""]}, id="blank cells"),
        pytest.param(["open           x"], {"open": ["", "x"]}, id="blank cell before a filled one"),
        pytest.param(["open   yes     a\t(see below)"], {"open": ["yes", "a (see below)"]}, id="two fields in a cell"),
        pytest.param(["open   yes, and more  x"], {"open": ["yes, and more", "x"]}, id="a cell past its border"),
        pytest.param(["a_very_long_name: yes  x"], {"a_very_long_name": ["yes", "x"]}, id="a method past its border"),
        pytest.param(["open   yes     a", "       or no"], {"open": ["yes or no", "a"]}, id="a cell of two lines"),
        pytest.param(["open, close  no   x"], {"open": ["no", "x"], "close": ["no", "x"]}, id="two methods"),
        pytest.param(
            ["open   yes     x", "", "close  no"], {"open": ["yes", "x"], "close": ["no", ""]}, id="blank line"
        ),
        pytest.param(["->open() yes     x"], {"open": ["yes", "x"]}, id="arrow and brackets"),
    ],
)
def test_rows_of_every_spelling(rows, expected):
    """The real tables were written by many hands; each spelling must land in the right column."""

    assert expected == cells(read_document(table(rows), PATH))


def test_borders_that_disagree():
    """The border that the rows fit decides, and the reader is told; none that fits is an error."""
    rows = ["open      yes     x", "close     no      y"]
    document = read_document(
        table(rows, middle="========  ======  ====", bottom="========  ======  ====", heading="ops       d_lock  note"),
        PATH,
    )

    assert {"open": ["yes", "x"], "close": ["no", "y"]} == cells(document)
    assert [(note.line, "disagree" in note.text) for note in document.notes] == [(4, True)]
    with pytest.raises(RuleDocumentError, match=r"locking.rst:4: the borders .* same columns"):
        read_document(table(["open   yes     x", "close      no      y"], middle="========== ======== ==="), PATH)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param(b"", 1, "no prototypes block", id="empty"),
        pytest.param(b"just prose\n", 1, "Linux 5.3 or later", id="no rule document"),
        pytest.param(table(["open yes"]).rsplit(b"\n", 2)[0][:-20], 4, "no bottom border", id="no bottom border"),
        pytest.param(table([]), 4, "no rows", id="no rows"),
        pytest.param(table(["x"], middle="text  more"), 4, "none under its headings", id="no border under the heading"),
        pytest.param(table(["       yes     x"]), 7, "names no method", id="first row without method"),
        pytest.param(table(["open   yes, although so"]), 7, "widen the borders", id="cells that cannot be told apart"),
        pytest.param(table(["(what) yes     x"]), 7, "is no method", id="no method"),
        pytest.param(
            table(["x  y"], heading="ops           note"), 5, "column 2 .* has no heading", id="no column name"
        ),
        pytest.param(table(["x  y"], heading="ops    note   note"), 5, "has the heading of another", id="same names"),
        pytest.param(table(["x  y"], heading=" "), 4, "no heading between", id="blank heading"),
        pytest.param(SMALL + b"\n+---+---+\n", 25, "a grid table", id="grid table"),
        pytest.param(SMALL + b"\n=====\nops yes\n", 25, "border without a table", id="border without table"),
        pytest.param(SMALL + b"x\0y\n", 24, "NUL", id="binary"),
        pytest.param(SMALL + b"x" * 5000, 24, "5000 bytes", id="huge line"),
        pytest.param(b"x" * (1 << 20), 1, "too many", id="huge document"),
    ],
)
def test_a_broken_document_is_refused_with_line_and_way_out(text, line, words):
    """Whoever edits the document must learn where it broke and what to do; never a traceback, never silence."""
    with pytest.raises(RuleDocumentError, match=words) as caught:
        read_document(text, PATH)

    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert "; " in str(caught.value)


def test_bytes_that_a_terminal_obeys_are_replaced_and_noted():
    """A document from an untrusted tree is printed; escape sequences and reordering marks must not reach it."""
    text = SMALL.replace(b"It returns", b"It \x1b[31mret\xe2\x80\xaeurns \xff")
    document = read_document(text, PATH)
    printed = document_to_text(document) + json.dumps(document_to_json(document), ensure_ascii=False)

    assert not {"\x1b", "\u202e"} & set(printed)
    assert [(note.line, note.text) for note in document.notes] == [
        (19, "bytes that are not UTF-8 replaced, control characters replaced")
    ]


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_line_ends_and_byte_order_mark(ending):
    """A document that went through another system is the same document."""
    text = b"\xef\xbb\xbf" + SMALL.replace(b"\n", ending)

    assert facts_of(read_document(SMALL, PATH)) == facts_of(read_document(text, PATH))


def test_json_and_text_hold_every_cell_and_sentence():
    """Other programs read the JSON; a cell without its line could not be cited."""
    document = read_document(SMALL, PATH)
    values = json.loads(json.dumps(document_to_json(document)))
    text = document_to_text(document)

    (section,) = values["sections"]
    assert section["tables"][0]["rows"][0]["cells"][0] == {
        "column": "d_lock",
        "text": "yes (both)",
        "line": 15,
        "footnotes": [],
    }
    assert values["roles"] == {
        "border": 3, "footnote": 3, "heading": 1, "label": 2, "prose": 2, "prototype": 2, "row": 2, "title": 2
    }  # fmt: skip
    for clause in section["clauses"]:
        assert clause["text"] in text
    assert "close: d_lock: -; may block: yes" in text
    assert "1 structures, 2 prototypes, 1 tables, 2 rows, 3 cells (1 blank), 4 sentences" in text


def test_facts_are_complete(locking_facts):
    """The stored facts stand for the documents; a truncated file would make every test above pass too easily."""
    counts = {}
    for version in ("v5.8", "6.1", "6.12"):
        sections = locking_facts(version)["section"]
        rows = [row for section in sections for row in section.get("rows", [])]
        counts[version] = (len(sections), len(rows), sum(1 for row in rows for cell in row[2] if cell))

    assert {"v5.8": (13, 105, 162), "6.1": (13, 105, 168), "6.12": (13, 108, 171)} == counts
