"""A git repository and its user -> who the user is, and whether the repository may be read at all.

GitPython reads the user's own configuration, and decides what that includes for a repository.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.repository import Repository

if TYPE_CHECKING:
    import git


@dataclass(frozen=True, slots=True)
class Person:
    """Who the user says they are, from the git configuration."""

    name: str
    email: str


def identity(repository: Repository) -> Person | None:
    """Name and address of the user from the repository's and the user's git configuration; None where not set."""
    own = repository.settings()
    said = [own.get(f"user.{key}") or _last(_of_the_user(repository, "user", key)) for key in ("name", "email")]
    name, email = " ".join(said[0].split()), "".join(said[1].split())
    return Person(name, email) if name and email else None


def check_owner(repository: Repository) -> None:
    """KernelTreeError for a repository of somebody else that the user's `safe.directory` does not name.

    As git has it, which asks this only where it finds a repository by itself.
    """
    if all(path.lstat().st_uid == os.geteuid() for path in repository.owners()):
        return
    trusted: list[str] = []
    for folder in _of_the_user(repository, "safe", "directory"):
        trusted = [*trusted, folder] if folder else []  # an empty one takes back what was said before
    names = {str(repository.root), str(repository.git_dir)}
    if not any(
        folder == "*"
        or os.path.normpath(folder) in names
        or (folder.endswith("/*") and str(repository.root).startswith(folder[:-1]))
        for folder in trusted
    ):
        raise KernelTreeError(
            f"detected dubious ownership in repository at {repository.root}: it belongs to somebody else; if you trust it, "
            f"`git config --global --add safe.directory {repository.root}`"
        )


@dataclass(frozen=True, slots=True)
class _Branch:
    name: str


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What GitPython asks of a repository to decide about `includeIf` in the user's own configuration."""

    git_dir: str
    active_branch: _Branch
    remotes: tuple[str, ...] = ()


def _of_the_user(repository: Repository, section: str, option: str) -> tuple[str, ...]:
    """The values of a setting in the configuration of the machine and of the user, in the order they are said."""
    import git  # 0.13 s, so not before it is needed
    from git.config import get_config_path

    head = (repository.git_dir / "HEAD").read_text("utf-8", "surrogateescape").strip()
    branch = head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else ""
    conditions = cast("git.Repo", _Conditions(str(repository.git_dir), _Branch(branch)))
    files = [get_config_path("system"), get_config_path("user"), get_config_path("global")]
    with git.GitConfigParser(files, read_only=True, repo=conditions) as config:
        if not config.has_option(section, option):
            return ()
        return tuple(str(value) for value in config.get_values(section, option))


def _last(values: tuple[str, ...]) -> str:
    return values[-1] if values else ""
