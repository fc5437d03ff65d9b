"""The command line: a file with the options of scans, so that they need not be typed every time."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

import click

from cocci_gen.errors import RuleDocumentError, UsageProblem

#: Verbs that take the table [scan], each as far as it has the option.
SCANNING = ("scan", "run", "check")


def user_settings() -> Path:
    """The file that is read where none is named: it lies with the user, never in a tree."""
    import platformdirs

    return Path(platformdirs.user_config_dir("cocci-gen")) / "config.toml"


def default_map(group: click.Group, path: Path) -> dict[str, dict[str, object]]:
    """A file of settings -> what click takes for options that are not given.

    [scan] holds the long names of the options of `cocci-gen scan` (`rule`, `path`, `jobs`, `timeout`, ...); those that may be
    repeated take lists.  RuleDocumentError for no TOML, UsageProblem for a table or option that is unknown.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleDocumentError(path, 0, f"is no TOML: {error}; mend that line") from error
    if unknown := sorted(set(data) - {"scan"}):
        raise UsageProblem(f"{path}: {unknown[0]!r} is unknown; there is only [scan]")
    table = data.get("scan", {})
    if not isinstance(table, dict):
        raise UsageProblem(f"{path}: write [scan], with the options below it")
    found: dict[str, dict[str, object]] = {}
    known: set[str] = set()
    for verb in SCANNING:
        options = _options(group.commands[verb]) if verb in group.commands else {}
        known |= set(options)
        found[verb] = {
            str(options[key].name): _value(path, key, options[key], table[key]) for key in table if key in options
        }
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1)
            raise UsageProblem(f"{path}: {key!r} is no option of scan{'; perhaps ' + near[0] if near else ''}")
    return found


def _options(command: click.Command) -> dict[str, click.Option]:
    """Long name, without its dashes -> option."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    return {name.removeprefix("--"): one for one in options for name in one.opts if name.startswith("--")}


def _value(path: Path, key: str, option: click.Option, value: object) -> object:
    """The value, in the form that click converts; a folder is taken from where the file lies."""
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not option.multiple:
        raise UsageProblem(f"{path}: {key} takes one value, no list")
    if not all(isinstance(one, str | int | float | bool) for one in values):
        raise UsageProblem(f"{path}: {key} takes texts and numbers")
    if isinstance(option.type, click.Path):
        values = [str(path.parent / Path(str(one)).expanduser()) for one in values]
    return values if option.multiple else values[0]
