"""No cell, kind or sentence of locking.rst is skipped in silence: the documents are walked, and the corpus is asked."""

import re
from collections import Counter

import pytest

from cocci_gen.corpus.cases import Word
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.document.beside import read_beside, texts_beside
from cocci_gen.document.listing import Support, count
from cocci_gen.document.obligations import Declined, Obligation, Unread, read_obligations
from cocci_gen.document.successors import successors
from cocci_gen.document.tables import LOCKING_RST, read_document
from cocci_gen.document.taken import taken
from cocci_gen.kinds.working import fixing_kinds, working_kinds
from cocci_gen.resources import data_folder

FIRING = frozenset({Word.VIOLATES})
SILENT = frozenset({Word.OK})
DOCUMENTS = ["v5.8", pytest.param("6.1", marks=pytest.mark.kernel), pytest.param("6.12", marks=pytest.mark.kernel)]
DOCUMENTS += [pytest.param("7.3", marks=pytest.mark.kernel)]
READ_AT_LEAST = 0.95
TESTED_AT_LEAST = 0.95
#: Of the tables alone: cells that only refer to the prose, or speak of a page that these prototypes lack, are declined.
TESTED_IN_TABLES = 0.91
MARKS_AT_LEAST = 4
#: `// Source:` of a case that fires: the code that an upstream commit mended, or that shape in another method.
UPSTREAM = re.compile(r'(?:shape of the code before|after the shape of) (?P<commit>[0-9a-f]{12,40}) \("[^"]+"\)')
COMMITS_AT_LEAST = 2


@pytest.fixture(scope="module")
def tables_of(locking_facts, rst_of_facts):
    """tables_of("v5.8") -> the document of the tables alone; their prose is no part of these facts."""
    return lambda version: read_document(rst_of_facts(locking_facts(version)), "locking.rst")


@pytest.fixture(scope="module")
def the_corpus():
    """The corpus of this repository."""
    return read_corpus(data_folder("templates").parent / "corpus")


@pytest.fixture(scope="module")
def support(the_corpus):
    """What this copy of cocci-gen can do."""
    return Support(working_kinds(), fixing_kinds(), the_corpus.tested())


@pytest.fixture(params=["v5.8", "6.1", "6.12"])
def cells(request, tables_of):
    """The readings of all tables of one kernel, from the facts alone."""
    return read_obligations(tables_of(request.param))


@pytest.fixture(params=DOCUMENTS)
def readings(request, locking_rst):
    """The readings of one real document."""
    return read_obligations(read_document(locking_rst(request.param), "Documentation/filesystems/locking.rst"))


def asked_for(text):
    """Ids of the obligations of a document, those that other methods took over and those that its rows imply included."""
    found = read_obligations(read_document(text, LOCKING_RST))
    return {one.id for one in (*found, *successors(found), *taken(found)) if isinstance(one, Obligation)}


def asked_beside(tree):
    """Ids of the obligations that the other documents of a small kernel give, of those that they imply, and of those whose row is
    gone from its own."""
    beside = read_beside(texts_beside(tree.get))
    own = read_obligations(read_document(tree[LOCKING_RST], LOCKING_RST))
    return {one.id for one in (*beside, *taken((), beside), *successors(own, beside)) if isinstance(one, Obligation)}


def cells_of(figures):
    """(read, tested) as parts of all cells that say something."""
    return figures.cells_read / figures.cells, figures.cells_tested / figures.cells


def test_the_facts_become_the_whole_document(locking_facts, tables_of):
    """A row that is lost on the way from the facts to a document would be missed by every test below."""
    for version in ("v5.8", "6.1", "6.12"):
        wanted = sum(len(section.get("rows", ())) for section in locking_facts(version)["section"])
        found = sum(len(table.rows) for section in tables_of(version).sections for table in section.tables)

        assert wanted == found


def test_cells_are_read_and_tested(cells, support):
    """A new column or word that nobody reads, or a folder of the corpus that goes, would pass without this."""
    figures = count(cells, support)
    _, tested = cells_of(figures)

    assert figures.cells_unread == 0  # without the prose, a cell that only refers to it is declined
    assert tested >= TESTED_IN_TABLES


def test_the_real_documents_are_read_and_tested(readings, support):
    """The facts hold neither prose nor prototypes; what a user is shown is counted from the document itself."""
    figures = count(readings, support)
    read, tested = cells_of(figures)

    assert read >= READ_AT_LEAST
    assert tested >= TESTED_AT_LEAST
    assert figures.clauses_unread == 0


def test_nothing_is_unread_or_declined_without_a_reason(readings):
    """Words that no reading fits, or that are declined without a word, are words that nobody has thought about."""
    assert [] == [one.text for one in readings if isinstance(one, Unread)]
    assert [] == [one.text for one in readings if isinstance(one, Declined) and not one.reason.strip()]


def test_every_kind_that_a_document_asks_for_has_a_rule(readings, support):
    """A kind without a rule is a promise in the listing that no scan keeps."""
    assert set() == {one.kind for one in readings if isinstance(one, Obligation)} - set(support.kinds)


@pytest.mark.parametrize("kind", sorted(working_kinds()))
def test_every_kind_fires_and_stays_silent(kind, the_corpus):
    """A kind that never fires in the corpus may have a dead template; one that is never silent may fire everywhere."""
    marks = Counter(mark.word for case in the_corpus.cases for mark in case.marks if mark.short.endswith(f".{kind}"))

    assert sum(marks[word] for word in FIRING) >= MARKS_AT_LEAST
    assert sum(marks[word] for word in SILENT) >= MARKS_AT_LEAST


@pytest.mark.parametrize("kind", sorted(working_kinds()))
def test_every_kind_finds_what_upstream_has_mended(kind, the_corpus):
    """Without cases after real fixes, a kind may know nothing but the shapes that its author thought of."""
    firing = [
        case
        for case in the_corpus.cases
        if any(mark.word in FIRING and mark.short.endswith(f".{kind}") for mark in case.marks)
    ]
    commits = {found["commit"] for case in firing if (found := UPSTREAM.match(case.source))}

    assert len(commits) >= COMMITS_AT_LEAST


def test_a_commit_is_named_in_full(the_corpus):
    """A hash that is cut short, or that has no subject beside it, cannot be looked up in years to come; the state of another
    repository is no commit of the kernel, and is named with it: `owner/name at 0123456`."""
    sources = {
        case.path: re.sub(r"\w[\w.-]*/[\w.-]+ at [0-9a-f]{7,40}\b", "", case.source) for case in the_corpus.cases
    }
    words = {path: re.findall(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b", source) for path, source in sources.items()}
    named = {path: re.findall(r'\b([0-9a-f]{12,40}) \("[^"]+"\)', source) for path, source in sources.items()}

    assert words == named


def test_every_case_belongs_to_an_obligation_of_its_kernel(the_corpus):
    """A folder whose obligation no rule of its kernel asks for would count as a test of nothing."""
    own = {version: asked_for(tree[LOCKING_RST]) | asked_beside(tree) for version, tree in the_corpus.trees.items()}

    assert [] == [
        case.path
        for case in the_corpus.cases
        for mark in case.marks
        if mark.word is Word.VIOLATES and not case.is_document
        if f"{case.struct}.{mark.short}" not in own[case.kernel]
    ]


def test_every_document_is_about_the_structure_of_its_folder(the_corpus):
    """A method that the document does not mention is owed by no line of it, but its section must be there."""
    documents = [case for case in the_corpus.cases if case.is_document]

    assert documents
    assert [] == [
        case.path
        for case in documents
        if not any(name.startswith(f"{case.struct}.") for name in asked_for(case.text) if name.endswith(".prototype"))
    ]
