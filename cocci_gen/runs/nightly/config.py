"""A TOML file -> BatchConfig: which trees and revisions are scanned night after night, and where it goes.

output = "nightly"              # folders are taken from where this file lies
baseline = "cocci-gen.toml"     # optional: verdicts of people; one that is not there yet is an empty one
keep = 14                       # runs kept for each tree and revision; 14 where it is not said
jobs = 2                        # optional, like cache, timeout (seconds of a job), spatch, scheduler and checkpatch (a script)

[[tree]]
path = "/srv/linux"
name = "linux"                  # optional: the name of the folder
revisions = ["v6.1", "origin/master"]
rules = ["address_space_operations.*"]    # optional: globs of obligation ids
paths = ["fs", "mm"]                      # optional: folders to examine
module = "/srv/demofs:src"                # optional: a module to lay over the tree, as with --module; paths are its own
module_revision = "main"                  # optional: of the module's repository, HEAD where it is not said
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cocci_gen.errors import RuleDocumentError, UsageProblem
from cocci_gen.toml_places import line_of, tables_in, user_text

#: Runs kept for each tree and revision where the file does not say.
_KEEP = 14
_TOP = ("output", "baseline", "keep", "jobs", "cache", "timeout", "spatch", "scheduler", "checkpatch", "tree")
#: What the words that must be there look like.
_FOR_INSTANCE = {"output": "nightly", "path": "/srv/linux"}
_TREE = ("path", "name", "revisions", "rules", "paths", "module", "module_revision")


#: Options of the command line -> the keys that stand for them here.
_KEYS = {
    "kernel": "path", "rev": "revisions", "rule": "rules", "path": "paths", "module": "module", "module-rev": "module_revision",
    "baseline": "baseline", "cache": "cache", "spatch": "spatch", "scheduler": "scheduler", "checkpatch": "checkpatch",
}  # fmt: skip
_OPTION = re.compile(rf"--({'|'.join(sorted(_KEYS, key=len, reverse=True))})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys of a table of the file stand ("" for what stands above all tables)."""

    path: Path
    text: str
    table: str = ""
    number: int = 0

    def problem(self, key: str, message: str) -> RuleDocumentError:
        """What is wrong with a key, with its line; options that the message names are called as the file calls them."""
        line = line_of(self.text, self.table, key, self.number)
        return RuleDocumentError(self.path, line, _OPTION.sub(lambda found: _KEYS[found[1]], message))


@dataclass(frozen=True, slots=True)
class BatchTarget:
    """One revision of one tree; `name` is the folder of its runs, `module` (DIR or DIR:SUBDIR, "" for none) is laid over it."""

    name: str
    path: Path
    revision: str
    rules: tuple[str, ...]
    paths: tuple[str, ...]
    module: str = ""
    module_revision: str = ""
    #: Where its keys stand in the file.
    places: Places = field(default_factory=lambda: Places(Path("batch.toml"), ""), compare=False)


@dataclass(frozen=True, slots=True)
class BatchConfig:
    """What a batch does; None where the file leaves a choice to its caller."""

    targets: tuple[BatchTarget, ...]
    output: Path
    baseline: Path | None
    cache: Path | None
    jobs: int | None
    keep: int
    timeout: float
    program: str
    scheduler: str
    checkpatch: Path | None = None
    #: Where the keys above all trees stand in the file.
    places: Places = field(default_factory=lambda: Places(Path("batch.toml"), ""), compare=False)


def read_config(path: Path) -> BatchConfig:
    """The file -> BatchConfig; RuleDocumentError tells what is wrong, where it can with its line."""
    try:
        text = user_text(path)
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be read ({error.strerror})") from error
    return _Reader(Places(path, text)).config(tables_in(text, path))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Values of a table of the file, each of the type that it must have."""

    places: Places

    def config(self, data: Mapping[str, object]) -> BatchConfig:
        self._known(data, _TOP)
        trees = data.get("tree")
        if not isinstance(trees, list) or not trees or not all(isinstance(tree, dict) for tree in trees):
            raise self._problem("tree", "there is no [[tree]]; each needs at least path and revisions")
        targets = tuple(target for number, tree in enumerate(trees) for target in self._tree(number).targets(tree))
        for number, target in enumerate(targets):
            if target.name in {earlier.name for earlier in targets[:number]}:
                raise self._problem(
                    "tree", f"two runs would share the folder {target.name!r}; give each [[tree]] a name of its own"
                )
        jobs, keep = self._number(data, "jobs", 0), self._number(data, "keep", _KEEP)
        return BatchConfig(
            targets=targets,
            output=self._folder(self._word(data, "output")),
            baseline=self._beside_work(data, "baseline") if "baseline" in data else None,
            cache=self._folder(self._word(data, "cache")) if "cache" in data else None,
            jobs=int(jobs) or None,
            keep=int(keep),
            timeout=self._number(data, "timeout", 60, whole=False),
            program=self._word(data, "spatch") if "spatch" in data else "spatch",
            scheduler=self._word(data, "scheduler") if "scheduler" in data else "",
            checkpatch=self._script(data, "checkpatch") if "checkpatch" in data else None,
            places=self.places,
        )

    def _tree(self, number: int) -> _Reader:
        """A reader of the number-th [[tree]]."""
        return _Reader(replace(self.places, table="tree", number=number))

    def targets(self, tree: Mapping[str, object]) -> list[BatchTarget]:
        self._known(tree, _TREE)
        path = self._folder(self._word(tree, "path"))
        module, module_revision = self._module(tree)
        name = path.name.removesuffix(".git")
        name = f"{Path(module.partition(':')[0]).name}-{name}" if module else name
        name = self._word(tree, "name") if "name" in tree else name
        revisions = self._words(tree, "revisions")
        if not revisions:
            raise self._problem("revisions", 'a [[tree]] needs revisions, for instance revisions = ["HEAD"]')
        rules, paths = self._words(tree, "rules"), self._words(tree, "paths")
        rest = (rules, paths, module, module_revision, self.places)
        return [BatchTarget(_folder_name(f"{name}-{one}"), path, one, *rest) for one in revisions]

    def _module(self, tree: Mapping[str, object]) -> tuple[str, str]:
        """The module of a tree, its folder taken from where the file lies, and its revision; "" where there is none."""
        if "module" not in tree:
            if "module_revision" in tree:
                raise self._problem(
                    "module_revision", "module_revision says something of a module; name it: module = ..."
                )
            return "", ""
        folder, colon, subdir = self._word(tree, "module").partition(":")
        revision = self._word(tree, "module_revision") if "module_revision" in tree else ""
        return f"{self._folder(folder)}{colon}{subdir}", revision

    def _known(self, data: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                raise self._problem(key, f"{key!r} is unknown here; there are {', '.join(known)}")

    def _word(self, data: Mapping[str, object], key: str) -> str:
        if key not in data:
            where = "a [[tree]]" if self.places.table else "the file"
            raise self._problem(key, f'{where} needs {key}, for instance {key} = "{_FOR_INSTANCE[key]}"')
        value = data[key]
        if not isinstance(value, str) or not value or "\0" in value:
            raise self._problem(key, f"{key} must be a string in quotes")
        return value

    def _words(self, data: Mapping[str, object], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._problem(key, f'{key} must be a list of strings: {key} = ["..."]')
        return tuple(value)

    def _number(self, data: Mapping[str, object], key: str, default: float, *, whole: bool = True) -> float:
        value = data.get(key, default)
        good = isinstance(value, int | float) and not isinstance(value, bool) and (not whole or isinstance(value, int))
        if not good or (key in data and not 0 < float(str(value)) < 1e6):
            raise self._problem(key, f"{key} must be a {'whole ' if whole else ''}number above 0")
        return float(str(value))

    def _beside_work(self, data: Mapping[str, object], key: str) -> Path:
        """A file that may be made later, in a folder that is there."""
        path = self._folder(self._word(data, key))
        if not path.parent.is_dir():
            raise self._problem(key, f"there is no folder {path.parent}; {key} names a file in one that is there")
        if path.is_dir():
            raise self._problem(key, f"{path} is a folder; {key} names a file, for instance {path / 'cocci-gen.toml'}")
        return path

    def _script(self, data: Mapping[str, object], key: str) -> Path:
        """A file that is there."""
        path = self._folder(self._word(data, key))
        if not path.is_file():
            raise self._problem(key, f"there is no file {path}")
        return path

    def _folder(self, name: str) -> Path:
        return (self.places.path.parent / Path(name).expanduser()).resolve()

    def _problem(self, key: str, message: str) -> RuleDocumentError:
        return self.places.problem(key, message)


def _folder_name(text: str) -> str:
    """A name that is one harmless folder."""
    return re.sub(r"[^\w.+-]+", "_", text, flags=re.ASCII).lstrip(".-") or "tree"
