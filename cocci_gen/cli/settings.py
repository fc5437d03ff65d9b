"""The command line: a file with the options of scans, so that they need not be typed every time."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import click

from cocci_gen.errors import RuleDocumentError, UsageProblem
from cocci_gen.toml_places import line_of, tables_in, user_text

#: Verbs that take the table [scan], each as far as it has the option.
SCANNING = ("scan", "run", "check")
#: Values are tried as click would take them before it knows which verb was typed.
_NOBODY = click.Context(click.Command("scan"))


def user_settings() -> Path:
    """The file that is read where none is named: it lies with the user, never in a tree."""
    import platformdirs

    return Path(platformdirs.user_config_dir("cocci-gen")) / "config.toml"


def default_map(group: click.Group, path: Path) -> dict[str, dict[str, object]]:
    """A file of settings -> what click takes for options that are not given.

    [scan] holds the long names of the options of `cocci-gen scan` (`rule`, `path`, `jobs`, `timeout`, ...); those that may be
    repeated take lists.  RuleDocumentError names the line that is wrong.
    """
    try:
        text = user_text(path)
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be read ({error.strerror})") from error
    data = tables_in(text, path)
    if unknown := sorted(set(data) - {"scan"}):
        raise RuleDocumentError(
            path,
            line_of(text, unknown[0]),
            f"{unknown[0]!r} is unknown; there is only [scan]",
        )
    table = data.get("scan", {})
    if not isinstance(table, dict):
        raise RuleDocumentError(path, line_of(text, "scan"), "write [scan], with one bracket, and the options below it")
    found: dict[str, dict[str, object]] = {}
    known: set[str] = set()
    for verb in SCANNING:
        options = _options(group.commands[verb]) if verb in group.commands else {}
        known |= set(options)
        found[verb] = {
            str(options[key].name): _value(_Place(path, text, key), options[key], table[key])
            for key in table
            if key in options
        }
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1)
            offer = f"perhaps {near[0]}" if near else "`cocci-gen scan --help` names them, here without their dashes"
            raise _Place(path, text, key).problem(f"{key!r} is no option of scan; {offer}")
    return found


def _options(command: click.Command) -> dict[str, click.Option]:
    """Long name, without its dashes -> option."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    return {name.removeprefix("--"): one for one in options for name in one.opts if name.startswith("--")}


@dataclass(frozen=True, slots=True)
class _Place:
    """A key of [scan]."""

    path: Path
    text: str
    key: str

    def problem(self, words: str) -> RuleDocumentError:
        """What is wrong with it, with its line."""
        return RuleDocumentError(self.path, line_of(self.text, "scan", self.key), words)


def _value(place: _Place, option: click.Option, value: object) -> object:
    """The value, in the form that click converts; a folder is taken from where the file lies."""
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not option.multiple:
        raise place.problem(f"{place.key} takes one value, no list")
    if not all(isinstance(one, str | int | float | bool) for one in values):
        raise place.problem(f"{place.key} takes texts and numbers")
    if isinstance(option.type, click.Path):
        values = [str(place.path.parent / Path(str(one)).expanduser()) for one in values]
    try:
        option.type_cast_value(_NOBODY, values if option.multiple else values[0])
    except click.BadParameter as error:
        raise place.problem(f"{place.key}: {error.message}") from error
    return values if option.multiple else values[0]
