"""Where writeback around an unlock begins and ends: before the I/O, and after what records its outcome."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.kinds.exits.around import RECORDING, Span, Written, span_of


@pytest.fixture
def span():
    """span(body, waits) -> the Span of the only unlock; `write()` writes, the names of `waits` wait for writeback."""

    def make(body, waits=()):
        text = f"static int f(struct page *page, int x)\n{{\n{body}\n}}\n"
        graph = graph_of(text.encode(), 1, Reading())
        assert graph is not None

        def calling(*names):
            return frozenset(n for n, node in enumerate(graph.nodes) for c in node.calls if c.callee in names)

        [unlock] = calling("unlock_page")
        return span_of(Written(graph, unlock, calling("write"), calling(*waits), aliases(graph, "page")))

    return make


@pytest.mark.parametrize(
    ("body", "first"),
    [
        pytest.param("write(page);\nunlock_page(page);\nreturn 0;", "write(...);", id="plain"),
        pytest.param("x = write(page);\nunlock_page(page);\nreturn x;", "x = write(...);", id="assigned"),
        pytest.param("p = kmap(page);\nwrite(p);\nunlock_page(page);\nreturn 0;", "p = kmap(...);", id="mapped"),
        pytest.param(
            "a_lock(x);\nwrite(page);\na_unlock(x);\nunlock_page(page);\nreturn 0;", "a_lock(...);", id="locked"
        ),
        pytest.param("a_lock(x);\nwrite(page);\nunlock_page(page);\nreturn 0;", "write(...);", id="lock-kept"),
        pytest.param("int y = write(page);\n\nunlock_page(page);\nreturn y;", "", id="declared"),
        pytest.param("if (write(page))\n\treturn 1;\nunlock_page(page);\nreturn 0;", "", id="another-way-out"),
        pytest.param("while (x--)\n\twrite(page);\nunlock_page(page);\nreturn 0;", "", id="in-a-loop"),
        pytest.param(
            "begin(x);\nif (x)\n\twrite(page);\nunlock_page(page);\nreturn 0;", "begin(...);", id="one-branch"
        ),
        pytest.param("if (x)\n\treturn 1;\nunlock_page(page);\nwrite(page);\nreturn 0;", "", id="written-behind"),
    ],
)
def test_writeback_starts_before_the_io(span, body, first):
    """Started twice, or on a way that never comes to its end, it would hang whoever waits for it."""
    assert span(body).first == first


def test_what_waits_for_writeback_is_not_put_behind_its_start(span):
    """It would wait for itself."""
    body = "write(page);\nsettle(page);\nunlock_page(page);\nreturn 0;"
    assert span(body).first == "write(...);"
    assert span(body, ["settle"]) == Span()


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        pytest.param("return 0;", (), id="nothing"),
        pytest.param("mark_inode_dirty(x);\nreturn 0;", ("mark_inode_dirty(...);",), id="state"),
        pytest.param("if (x)\n\tmapping_set_error(m, x);\nreturn 0;", (RECORDING,), id="error"),
        pytest.param("x = 1;\nmark_inode_dirty(x);\nreturn 0;", ("x = 1;", "mark_inode_dirty(...);"), id="assigned"),
        pytest.param("x = 1;\nreturn 0;", (), id="nothing-recorded"),
        pytest.param("iput(x);\nmark_inode_dirty(x);\nreturn 0;", (), id="something-dropped-first"),
        pytest.param("if (x)\n\treturn 1;\nmark_inode_dirty(x);\nreturn 0;", (), id="another-way-out"),
        pytest.param("if (x)\n\tmark_inode_dirty(x);\nelse\n\tmapping_set_error(m, x);\nreturn 0;", (), id="else"),
    ],
)
def test_writeback_ends_when_the_outcome_is_recorded(span, behind, expected):
    """Who waits for writeback looks for the error next; but what is dropped on the way may wait for writeback itself."""
    assert span(f"write(page);\nunlock_page(page);\n{behind}").behind == expected


def test_what_others_come_to_as_well_is_not_behind_the_unlock(span):
    """Writeback would be ended on a way on which it was not begun."""
    assert span("write(page);\nif (x)\n\tunlock_page(page);\nmark_inode_dirty(x);\nreturn 0;").behind == ()
