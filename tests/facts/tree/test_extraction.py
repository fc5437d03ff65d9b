"""Stage 3 `extraction`: the processes that read a tree, and how they end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Reads four files in two processes; what a library does at a fork is what a signal comes between.
READING = """\
import os, signal, sys
from pathlib import Path
from cocci_gen.facts.tree import extraction
from cocci_gen.kernel.tree import KernelTree

def struck():
    os.kill(os.getpid(), int(sys.argv[3]))
    str()  # a signal is heard between two steps

extraction._OUTLINED = 1
signal.signal(signal.SIGTERM, signal.default_int_handler)
with KernelTree.open(Path(sys.argv[1])) as tree:
    oids = sorted(blob.oid for blob in tree.blobs().values())
    os.register_at_fork(**{sys.argv[2]: struck})
    try:
        print(len(list(extraction.outlines_of(tree, oids, 0, 2))))
    except KeyboardInterrupt:
        print("interrupted")
    except extraction.CocciGenError:
        print("a worker ended")
"""


#: Two processes that the kernel kills at their first job, with many more jobs waiting.
DYING = """\
import os, signal, sys
from pathlib import Path
from cocci_gen.facts.tree import extraction
from cocci_gen.kernel.tree import KernelTree

def dies(tree, oids, version):
    os.kill(os.getpid(), signal.SIGKILL)

extraction._outlines_of, extraction._OUTLINED = dies, 5_000
with KernelTree.open(Path(sys.argv[1])) as tree:
    oids = ["%040x" % number for number in range(50_000)]
    try:
        list(extraction.outlines_of(tree, oids, 0, 2))
    except extraction.CocciGenError as error:
        print(error)
"""


def test_killed_workers_end_the_run_with_much_left_to_do(tmp_path, make_repository):
    """Python 3.11 waits for ever for what does not fit into the pipe to the last worker: a nightly run would never end."""
    folder = make_repository(tmp_path / "k", {"fs/a.c": b"int a;\n"})
    words = [sys.executable, "-c", DYING, folder]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert "smaller -j" in ended.stdout, ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
@pytest.mark.parametrize(("place", "end"), [("after_in_parent", "interrupted"), ("after_in_child", "a worker ended")])
def test_ctrl_c_while_workers_are_forked_is_heard(tmp_path, make_repository, number, place, end):
    """Python swallows what is raised there: the scan would go on, with lines on the screen that nobody understands."""
    folder = make_repository(tmp_path / "k", {f"fs/f{number}.c": b"int i%d;\n" % number for number in range(4)})
    words = [sys.executable, "-c", READING, folder, place, str(int(number))]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert (end, "") == (ended.stdout.strip(), ended.stderr)
