"""Whose patches a series holds: the kernel's own, or those of a module outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree


@dataclass(frozen=True, slots=True)
class KernelHome:
    """The tree that is patched is the kernel: it has the rules and MAINTAINERS."""


@dataclass(frozen=True, slots=True)
class ModuleHome:
    """A module is patched; `rules` is the kernel with the rules, `prefix` begins subjects where the module's
    history shows none."""

    rules: KernelTree
    maintainers: Maintainers
    prefix: Prefix


KERNEL = KernelHome()
Home = KernelHome | ModuleHome
