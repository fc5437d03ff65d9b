"""Outlines of real files: none lacks what tree-sitter finds in the file."""

import pytest

from cocci_gen.code.texts.outline import outline
from cocci_gen.code.texts.source import EVERY, file_facts
from cocci_gen.facts.tree.indexed_files import OUTSIDE
from cocci_gen.kernel.tree import KernelTree

#: What tree-sitter takes for the name of a function where macros stand, and nobody calls.
NO_NAMES = {"if", "while", "switch", "for", "module_exit"}


@pytest.mark.kernel
@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_no_outline_lacks_what_is_there(debian_kernel, version):
    """A file that is wrongly not parsed takes its findings with it, without a word."""
    with KernelTree.open(debian_kernel(version)) as tree:
        paths = [p for p in sorted(tree.blobs()) if p.endswith((".c", ".h")) and not p.startswith(OUTSIDE)]
        core = [path for path in paths if path.startswith(("fs/", "mm/", "block/"))]
        chosen = [tree.blobs()[path].oid for path in (*core[::6], *paths[::150])]
        missing = []
        for _, text in tree.read_blobs(dict.fromkeys(chosen)):
            facts, names = file_facts(text, EVERY), outline(text)
            missing += [
                s.name for s in facts.functions if s.name.encode() not in names.functions and s.name not in NO_NAMES
            ]
            missing += [
                f"{entry.tag}.{entry.method} = {entry.function}"
                for entry in facts.entries
                if (entry.tag or len(entry.variable.split()) == 1)  # else a macro that tree-sitter takes for a variable
                and (
                    entry.function.encode() not in names.targets
                    or entry.method.encode() not in (names.tabled if entry.tag else names.assigned)
                    or (entry.tag and entry.tag.encode() not in names.tags)
                )
            ]

    assert [] == missing
