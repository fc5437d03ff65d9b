"""Stage 8 `rule_book`: the rule of this tree, as it stands there."""

import subprocess

import pytest

from cocci_gen.document.obligations import PROSE, Obligation, RuleSource
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.words.rule_book import RuleBook, read_rule_book

PATH = "Documentation/filesystems/locking.rst"
ROW = "writepage:\t\tyes, unlocks (see below)\tmaybe"
SENTENCES = (
    RuleSource(PATH, 9, "Once set_page_writeback() has been run, something else happens."),
    RuleSource(PATH, 7, "Unless it redirties, writepage *must* run set_page_writeback() against the page."),
)


def obligation(line, quote, column="folio locked"):
    """An obligation of ->writepage."""
    return Obligation(
        "address_space_operations", "writepage", "writeback", "page", column, "x", RuleSource(PATH, line, quote)
    )


def test_a_row_is_quoted_as_it_stands():
    """The blanks between the columns say which column a word stands in."""
    book = RuleBook({PATH: ("x", ROW)}, {})
    [words] = book.rules(obligation(2, " ".join(ROW.split())), ())

    assert words.quote == f"  {ROW.expandtabs(8)}"
    assert (words.line, words.column) == (2, "folio locked")


def test_what_is_not_that_line_is_quoted_in_its_own_words():
    """A row over two lines, or a document that changed, must not give a quotation of something else."""
    book = RuleBook({PATH: ("x", "something else")}, {})

    assert book.rules(obligation(2, "a b c"), ())[0].quote == "  a b c"
    assert book.rules(obligation(99, "a b c"), ())[0].quote == "  a b c"
    assert book.rules(obligation(0, "a " * 60), ())[0].quote.count("\n") == 1


def test_the_sentence_that_names_what_is_owed_is_quoted_too():
    """`see below` explains nothing; the sentence that says `must run set_page_writeback()` does."""
    book = RuleBook({}, {"address_space_operations.writepage.writeback": SENTENCES})
    row, sentence = book.rules(obligation(2, "writepage: yes"), ("set_page_writeback", "redirty"))

    assert (row.column, sentence.column, sentence.line) == ("folio locked", "", 7)
    assert len(book.rules(obligation(2, "writepage: yes"), ("unlock_page",))) == 1
    assert len(book.rules(obligation(7, SENTENCES[1].quote, PROSE), ("set_page_writeback",))) == 1


def test_the_book_of_a_real_tree(small_kernel):
    """Row and sentences are found in the document of the tree itself."""
    with KernelTree.open(small_kernel) as tree:
        text = tree.read(PATH).decode().split("\n")
        number = next(n for n, line in enumerate(text, 1) if line.startswith("writepage:"))
        found = obligation(number, " ".join(text[number - 1].split()))
        words = read_rule_book(tree, [found]).rules(found, ("redirty_page_for_writepage", "set_page_writeback"))

    assert words[0].quote.split() == text[number - 1].split()
    assert "set_page_writeback()" in words[1].quote


def test_a_broken_document_only_says_less(demo_kernel):
    """A tree without the document, or with a broken one, still gets its series."""
    with KernelTree.open(demo_kernel) as tree:
        assert read_rule_book(tree, [obligation(2, "writepage: yes")]) == RuleBook({}, {})


@pytest.mark.parametrize(
    ("code", "said"),
    [("static vm_fault_t fault_dirty_shared_page(struct vm_fault *vmf)\n{\n}\n", True), ("int x;\n", False)],
)
def test_what_dirties_a_shared_page_is_of_this_tree(demo_kernel, code, said):
    """A message that names a function which the tree has not is refuted by one look."""
    (demo_kernel / "mm").mkdir(exist_ok=True)
    (demo_kernel / "mm/memory.c").write_text(code)
    for words in (["add", "-A"], ["commit", "-q", "-m", "memory"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    with KernelTree.open(demo_kernel) as tree:
        assert read_rule_book(tree, []).dirties == ("fault_dirty_shared_page()" if said else "")
