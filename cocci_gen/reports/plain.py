"""A run -> one JSON document: run.json, the selected findings as in findings.jsonl, and what was not examined.

The schemas in `schemas/` name and explain every field of these and of the other files of a run.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files

from cocci_gen.reports.record import RunRecord
from cocci_gen.runs.scan_json import finding_to_json
from cocci_gen.scan.pipeline import Judged

#: Version of the document; a field that goes or changes its meaning raises it, a new one does not.
FORMAT = 1


class Schema(StrEnum):
    """The files that have a schema: a line of findings.jsonl, and so on."""

    FINDING = "finding"
    UNEXAMINED = "unexamined"
    EXAMINED = "examined"
    HELPERS = "helpers"
    RUN = "run"
    SERIES = "series"
    SUMMARY = "summary"
    REPORT = "report"
    CHECK = "check"


def report(record: RunRecord, selected: Sequence[Judged]) -> dict[str, object]:
    """The document that `findings --format json` prints."""
    return {
        "format": FORMAT,
        "run": {**dataclasses.asdict(record.header), "counts": dict(record.counts)},
        "complete": record.complete,
        "findings": [finding_to_json(one) for one in selected],
        **({"gone": [finding_to_json(one) for one in record.gone]} if record.header.change else {}),
        "unexamined": [dataclasses.asdict(one) for one in record.unexamined],
    }


def schema_text(name: Schema) -> str:
    """A JSON Schema (draft 2020-12) as it ships."""
    return (files("cocci_gen") / "reports" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")


def as_text(value: object) -> str:
    """JSON for people and programs: ASCII, since bytes of a tree that are no UTF-8 stand in it as surrogates."""
    return json.dumps(value, indent=2, ensure_ascii=True)
