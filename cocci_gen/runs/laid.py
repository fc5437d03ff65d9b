"""What a check has laid over a revision (the patches of a mail, what is not committed) <-> laid.json of its run folder.

A run of `scan` names a commit, and that is where all who read it find the code.  The code of a checked series is in no
commit: its files go with the run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cocci_gen.errors import StorageError
from cocci_gen.findings.stored import oddity, read_json, read_plain
from cocci_gen.kernel.applying import Applied, NotApplied, apply_patches
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.patches import Letter, PatchSeries, message_id, whole_id
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.worktree import read_work_tree
from cocci_gen.runs.folder import LAID, RunHeader
from cocci_gen.series.mails.commits import REFS, State, write_states
from cocci_gen.series.texts import CheckedMail


@dataclass(frozen=True, slots=True)
class Layer:
    """One change: what it is called, its subject, who sent it and in which mail ("" where nobody did), and the state after it,
    which is all that differs from the revision."""

    name: str
    subject: str
    sender: str
    state: Applied
    message_id: str = ""


def layers_of_patches(
    repository: KernelTree, series: PatchSeries, name: str, option: str = "--rev"
) -> tuple[tuple[Layer, ...], tuple[NotApplied, ...]]:
    """The patches of the file `name` on the revision that `option` chooses -> one layer for each, up to the first that does not
    apply, and that one."""
    layers = list[Layer]()
    states = zip(series.patches, apply_patches(repository, series, name, option), strict=False)
    for number, (patch, state) in enumerate(states, 1):
        if isinstance(state, NotApplied):
            return tuple(layers), (state,)
        sender = patch.letter.sender if isinstance(patch.letter, Letter) else ""
        layers.append(Layer(series.place(patch, number), patch.subject, sender, state, message_id(patch)))
    return tuple(layers), ()


def layers_of_work_tree(repository: KernelTree) -> tuple[Layer, ...]:
    """What is not committed, as one layer; none where everything is."""
    work = read_work_tree(repository)
    count = len(work.files) + len(work.gone)
    if not count:
        return ()
    subject = f"uncommitted changes in {count} {'file' if count == 1 else 'files'}"
    return (Layer("work tree", subject, "", Applied(work.files, work.gone)),)


def laid(repository: KernelTree, layers: Sequence[Layer]) -> KernelTree:
    """A revision with the last of its layers over it, in memory."""
    if not layers:
        return repository
    return LayeredTree(repository, layers[-1].state.files, layers[-1].state.gone)


def answered(header: RunHeader, layers: Sequence[Layer]) -> dict[str, CheckedMail]:
    """The header of a run of `check` and its layers -> by the fingerprint of what a mail brings that mail."""
    changes = header.change.get("changes")
    brought = {one["name"]: one["new"] for one in changes} if isinstance(changes, list) else {}
    return {
        str(fingerprint): CheckedMail(one.message_id, one.subject, one.sender)
        for one in layers
        if one.message_id
        for fingerprint in brought.get(one.name, ())
    }


def committed(repository: KernelTree, layers: Sequence[Layer]) -> str:
    """The layers as commits below refs/cocci-gen/ of the repository, on top of the revision -> the last one, for a series that
    stands on them; nothing else is touched."""
    states = [State(one.subject or one.name, one.sender, one.state.files, one.state.gone) for one in layers]
    return write_states(repository, f"{REFS}/checked/{repository.commit[:12]}", states)


def layers_to_bytes(layers: Sequence[Layer]) -> bytes:
    """The layers as they lie in a run folder, each with the files that it changes alone: a series may be long."""
    rows, before = [], Applied({}, frozenset())
    for one in layers:
        changed = {path: text for path, text in one.state.files.items() if before.files.get(path) != text}
        rows.append(
            {
                "name": one.name,
                "subject": one.subject,
                "sender": one.sender,
                "message_id": one.message_id,
                "files": {path: text.decode("utf-8", "surrogateescape") for path, text in changed.items()},
                "as_before": sorted(before.files.keys() - one.state.files.keys()),
                "gone": sorted(one.state.gone),
            }
        )
        before = one.state
    return json.dumps({"format": 1, "layers": rows}, sort_keys=True).encode("ascii") + b"\n"


def read_layers(folder: Path) -> tuple[Layer, ...]:
    """The folder of a run of `check` -> its layers; none where commits were checked, StorageError for what is no such file."""
    try:
        return tuple(_layers(read_json(read_plain(folder, LAID))["layers"]))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(f"{folder / LAID} cannot be read ({oddity(error)}); check the change again") from error


def _layers(rows: list[dict[str, Any]]) -> Iterator[Layer]:
    files: dict[str, bytes] = {}
    for row in rows:
        left = {path: text for path, text in files.items() if path not in row["as_before"]}
        files = left | {str(path): text.encode("utf-8", "surrogateescape") for path, text in row["files"].items()}
        state = Applied(files, frozenset(map(str, row["gone"])))
        yield Layer(
            str(row["name"]), str(row["subject"]), str(row["sender"]), state, whole_id(str(row.get("message_id", "")))
        )
