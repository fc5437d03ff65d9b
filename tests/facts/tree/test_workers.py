"""Stage 3 `workers`: a second process that works from the other end."""

import os
import threading
import time

import pytest

from cocci_gen.errors import CocciGenError
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.workers import Second, may_fork
from cocci_gen.kernel.tree import KernelTree


def nothing():
    """What a second process need not do."""


def told_where(task):
    """A task with the process that did it."""
    return task, os.getpid()


def test_both_processes_work_and_the_results_stand_in_order():
    """The other process begins at the end, this one at the beginning, and nothing is lost or done out of order."""

    def slowly(task):
        time.sleep(0.01)
        return told_where(task)

    second = Second(range(40), slowly)
    with second.working(nothing, nothing):
        found = second.results()
    assert [task for task, _ in found] == list(range(40))
    assert found[0][1] == os.getpid()
    assert found[-1][1] != os.getpid()


def test_what_both_did_counts_once():
    """The other process had begun a task when this one came to it."""
    second = Second("abc", str.upper)
    second._done, second._back = {2: "C"}, 2
    assert second.results() == ["A", "B", "C"]


def test_this_process_does_what_the_other_one_cannot():
    """Where the other process ends early, the rest is done here; here an error is heard."""
    here = os.getpid()

    def only_here(task):
        if os.getpid() != here and task < 7:
            raise CocciGenError("no")
        return task

    second = Second(range(10), only_here)
    with second.working(nothing, nothing):
        assert second.results() == list(range(10))


def test_the_other_process_begins_and_ends_as_told(tmp_path):
    """What it opens for itself it opens ahead of its first task, and what it has read it writes at the end."""
    second = Second([tmp_path / "work"], lambda path: path.write_text((tmp_path / "begun").read_text()))
    with second.working(lambda: (tmp_path / "begun").write_text("so"), lambda: (tmp_path / "end").write_text("done")):
        time.sleep(0.3)
        second.listen()
        second.results()
    assert ((tmp_path / "work").read_text(), (tmp_path / "end").read_text()) == ("so", "done")


def test_more_than_a_pipe_holds_is_found_ahead():
    """The other process waits where nobody takes what it has found, and goes on when somebody does."""
    second = Second(range(8), lambda task: bytes([task]) * 600_000)
    with second.working(nothing, nothing):
        time.sleep(0.2)
        second.listen()
        assert [found[0] for found in second.results()] == list(range(8))


def test_an_error_here_ends_the_other_process():
    """Nobody is left to work for."""
    second = Second(range(1000), lambda task: time.sleep(1))
    begun = time.monotonic()
    with pytest.raises(KeyError), second.working(nothing, nothing):
        raise KeyError
    assert time.monotonic() - begun < 30


def test_nothing_is_forked_off_beside_other_threads():
    """They would not be there in the other process, and what they held would be held for good."""
    assert may_fork() == (
        threading.active_count() == 1
    )  # tests before this one may have left some: a cluster's client does
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        go_on.set()
        thread.join()


def test_the_other_process_shares_neither_git_nor_the_file_of_the_index(tmp_path, make_repository):
    """Answers would go to whoever reads first, and SQLite's file would break; what it has read is there for this one."""
    files = {f"fs/f{number}.c": b"int f%d(void)\n{\n\treturn %d;\n}\n" % (number, number) for number in range(6)}
    with KernelTree.open(make_repository(tmp_path / "k", files)) as tree:
        index = KernelIndex(tree, tmp_path / "cache", frozenset())
        index.update(0)
        git, file = tree._reader, index._store.file._connection
        assert index.text("fs/f0.c")

        def look(path):
            ours = (tree._reader is git, index._store.file._connection is file)
            return [(index.graph(one).name, *ours) for one in index.functions_in(path)]

        second = Second(sorted(files), look)
        with second.working(index.part, index.save):
            time.sleep(1)
            second.listen()
            assert second.results() == [[(f"f{number}", False, False)] for number in range(6)]
        (last,) = index.functions_in("fs/f5.c")
        assert index._store.graph(last.oid, last.span.start) is not None
        assert index.text("fs/f5.c") == files["fs/f5.c"]
        index.close()
