"""The module's own `cocci-gen.toml` -> who gets its patches, in the terms of MAINTAINERS.

    [module]
    name = "demofs"                                  # optional: the name of its folder
    maintainers = ["A Developer <a@demofs.example>"]
    reviewers = []                                   # optional
    lists = ["demofs-devel@lists.example"]           # optional
    prefix = "demofs: "                              # optional: of subjects, where the history shows none

The kernel's MAINTAINERS has nothing to say here.  The same file may hold [[verdict]] entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cocci_gen.errors import RuleDocumentError
from cocci_gen.kernel.maintainers import Maintainers, Recipient, Section
from cocci_gen.kernel.modules import SETTINGS, Module
from cocci_gen.toml_places import line_of, tables_in

_KEYS = ("name", "maintainers", "reviewers", "lists", "prefix")


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """What the file says; empty words where it says nothing."""

    name: str
    maintainers: tuple[str, ...]
    reviewers: tuple[str, ...]
    lists: tuple[str, ...]
    prefix: str


class ModuleMaintainers(Maintainers):
    """The people of one module, who look after every file of it."""

    __slots__ = ()

    @property
    def source(self) -> str:
        """Where the people are named."""
        return f"the module's {SETTINGS}, as it is in the revision that was scanned,"

    @property
    def advice(self) -> str:
        """What can be done where it names nobody."""
        return "; name one in [module], commit it and scan again, or ask on the list who takes the patch"

    def leading_section(self, path: str) -> Section | None:
        """The module, also where its file names nobody yet: its series bears its name all the same."""
        return next((match.section for match in self.matches(path)), None)

    def recipients(self, path: str, *, subscriber_lists: bool = False) -> tuple[Recipient, ...]:
        """Everybody whom the file names."""
        named = Maintainers.recipients(self, path, subscriber_lists=subscriber_lists)
        return tuple(replace(one, reason=f"{SETTINGS}, [module]") for one in named)


def read_settings(module: Module) -> ModuleSettings:
    """A module -> its settings; RuleDocumentError names the line that is wrong."""
    text = module.settings().decode("utf-8", "replace")
    path = module.root / SETTINGS
    table = tables_in(text, path).get("module", {})
    if not isinstance(table, dict):
        raise RuleDocumentError(path, line_of(text, "module"), "write [module], with one bracket")
    for key in table:
        if key not in _KEYS:
            raise RuleDocumentError(
                path, line_of(text, "module", key), f"{key!r} is unknown in [module]; there are {', '.join(_KEYS)}"
            )
    maintainers, reviewers, lists = (
        _people(table, key, text, str(path)) for key in ("maintainers", "reviewers", "lists")
    )
    name = _word(table, "name", text, str(path)) or module.name
    return ModuleSettings(name, maintainers, reviewers, lists, _word(table, "prefix", text, str(path)))


def maintainers_of(settings: ModuleSettings) -> Maintainers:
    """Settings -> the one section to which every file of the module belongs."""
    lines = [settings.name]
    for letter, values in (("M", settings.maintainers), ("R", settings.reviewers), ("L", settings.lists)):
        lines += [f"{letter}:\t{value}" for value in values]
    text = "\n".join([*lines, "S:\tMaintained", "F:\t*", "F:\t*/", ""])
    return ModuleMaintainers.parse(text.encode(), ())


def _word(table: Mapping[str, object], key: str, text: str, path: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not value.isprintable():
        raise RuleDocumentError(path, line_of(text, "module", key), f"{key} must be a string in quotes, on one line")
    return value


def _people(table: Mapping[str, object], key: str, text: str, path: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(
        isinstance(one, str) and one.isprintable() and "@" in one for one in value
    ):
        raise RuleDocumentError(
            path, line_of(text, "module", key), f'{key} must be a list of addresses: {key} = ["A <a@b.example>"]'
        )
    return tuple(value)
