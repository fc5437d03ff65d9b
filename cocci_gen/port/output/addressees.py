"""The code of a port -> the Addressee of its mails."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cocci_gen.kernel.module_settings import maintainers_of, read_settings
from cocci_gen.kernel.modules import NoRepository, open_module
from cocci_gen.kernel.subject_prefix import Prefix, find_prefixes
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.output.series import Addressee
from cocci_gen.port.texts.modules import without_version
from cocci_gen.series.assembly import NOBODY, read_maintainers
from cocci_gen.series.mails.commits import base_date


def addressee_in_tree(tree: KernelTree, paths: Iterable[str]) -> Addressee:
    """The kernel that the code is of, and its paths -> those whom MAINTAINERS names."""
    people = read_maintainers(tree)

    def section(path: str) -> str:
        found = people.leading_section(path)
        return found.title if found and found.title else "no section"

    prefixes = find_prefixes(tree, paths)
    return Addressee(section, people, prefixes, tree.identity() or NOBODY, tree.commit, base_date(tree))


def addressee_of_module(kernel: KernelTree, module: Path, paths: Iterable[str]) -> Addressee:
    """The kernel that a module was written for, the module's folder and its paths -> those whom its own cocci-gen.toml names."""
    opened = open_module(str(module))
    settings = read_settings(opened)
    code = kernel if isinstance(opened.repository, NoRepository) else opened.repository
    name = without_version(settings.name)
    prefix = Prefix(settings.prefix or f"{name}: ", capital=False, source="the name of the module")
    prefixes = dict.fromkeys(paths, prefix)
    person = kernel.identity() or NOBODY
    return Addressee(lambda path: name, maintainers_of(settings), prefixes, person, "", base_date(code))
