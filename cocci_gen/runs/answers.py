"""Answers to the mails of a run -> verdicts in the baseline, and RUN/series/answers.json, from which a reroll takes the tags.

Who refuses a patch must not get it again the next night; who took one must not either.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cocci_gen.errors import StorageError
from cocci_gen.findings.stored import read_json, read_plain
from cocci_gen.runs.baseline import Ruling, Status, record, shown_path
from cocci_gen.runs.folder import read_findings
from cocci_gen.series.rerolls.former import FormerPatch, read_former
from cocci_gen.series.rerolls.replies import Answer, Said, read_answers

LIST = "answers.json"
#: What a verdict of the list makes of a finding; a tag or a question leaves it where it is.
_STATUS = {Said.REFUSED: Status.WONTFIX, Said.TAKEN: Status.SENT}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one patch: the weightiest thing said, the trailers given, and how many verdicts were written."""

    patch: FormerPatch
    said: Said
    tags: tuple[str, ...]
    verdicts: int


def hear(run: Path, mbox: Path, baseline: Path, today: date) -> tuple[Heard, ...]:
    """The folder of a run that was mailed, the mbox of its thread and the file of verdicts -> what came of each patch that was
    answered; the verdicts are written."""
    answers = read_answers(mbox, read_former(run))
    findings = {one.finding.fingerprint: one.finding for one in read_findings(run)}
    by_patch: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_patch[answer.patch.change_id].append(answer)
    heard = []
    for said in by_patch.values():
        deciding = min(said, key=lambda answer: list(Said).index(answer.said))
        written = 0
        for fingerprint in deciding.patch.fingerprints if deciding.said in _STATUS else ():
            if (finding := findings.get(fingerprint)) is not None:
                reason = f"{deciding.said.value} on the list: Message-ID {deciding.message_id}"
                place = (finding.obligation.id, shown_path(finding.file), finding.function)
                record(baseline, Ruling(fingerprint, *place, _STATUS[deciding.said], reason, today, deciding.who))
                written += 1
        tags = tuple(dict.fromkeys(tag for answer in said for tag in answer.tags))
        heard.append(Heard(deciding.patch, deciding.said, tags, written))
    _write(run / "series" / LIST, heard)
    return tuple(heard)


def tags_of(run: Path) -> dict[str, tuple[str, ...]]:
    """The folder of a run -> the trailers that its patches were given, by change id; none where nobody has read answers."""
    path = run / "series" / LIST
    try:
        data = read_json(read_plain(path))
        return {str(one["change_id"]): tuple(map(str, one["tags"])) for one in data["patches"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(
            f"{path} is no list of answers; remove it, or read the thread again with --replies"
        ) from error


def _write(path: Path, heard: Iterable[Heard]) -> None:
    earlier = tags_of(path.parent.parent)
    rows = {
        one.patch.change_id: {
            "change_id": one.patch.change_id,
            "subject": one.patch.subject,
            "kind": one.patch.kind,
            "said": one.said.value,
            "tags": list(dict.fromkeys((*earlier.get(one.patch.change_id, ()), *one.tags))),
        }
        for one in heard
    }
    text = json.dumps({"format": 1, "patches": list(rows.values())}, indent=2, sort_keys=True)
    temporary = path.with_name(f".{path.name}")
    try:
        temporary.write_text(f"{text}\n", "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
