"""A file and the tree -> the tests of a page flag that can never hold there, as nothing of its folder sets the flag.

The flag that a page is being written to the local cache is set by a file system itself, or by the read helpers of netfs that it
uses.  A wait that hangs on it is dead code in a file system that does neither.
"""

from __future__ import annotations

import re

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.page_words import page_words

#: What sets the flag PG_private_2 or leads to where it is set; looked for in all files of a folder and below.
SETS_FLAG = re.compile(
    rb"\b(?:(?:Set|TestSet)Page(?:FsCache|Private2)|folio_(?:test_)?set_(?:fscache|private_2)|set_page_(?:fscache|private_2)|"
    rb"folio_start_(?:fscache|private_2)|netfs_(?:read_folio|readpage|readahead|write_begin|begin_read|(?:un)?buffered_\w+))\b"
)


def unset_flags(graph: Graph, path: str, index: KernelIndex) -> frozenset[str]:
    """The names of tests that a function of a file makes, and that never hold in the folder of the file."""
    text = "\n".join(node.text for node in graph.nodes)
    tests = frozenset(name for name in page_words().asks_private_2 if name in text)
    folder = folder_of(path) + "/"
    files = (one for one in index.paths() if one.startswith(folder)) if tests else ()
    return frozenset() if any(SETS_FLAG.search(index.text(one)) for one in files) else tests
