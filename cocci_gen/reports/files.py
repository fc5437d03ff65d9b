"""A file of the tree of a run -> what the run has looked at in it, or why it did not."""

from __future__ import annotations

import textwrap

from cocci_gen.reports.record import RunRecord
from cocci_gen.scan.standings import Stand

_COLUMNS = 120
_ASKED = (Stand.FOUND, Stand.REFUTED, Stand.KEPT)


def file_lines(record: RunRecord, path: str) -> list[str]:
    """Which functions of a file are bound, or that it is no part of the module; [] for what is no file of the run."""
    left_out = record.header.module.get("left_out")
    if isinstance(left_out, list) and path in left_out:
        return [f"{path} was left out: no makefile of the module names an object of it, so no build takes it"]
    stands = [one for one in record.standings if one.path == path]
    lost = {one.function for one in record.unexamined if one.path == path and one.function}
    names = sorted({one.function for one in stands} | lost)
    if not names:
        return []
    asked = {one.function for one in stands if one.stand in _ASKED}
    parts = [
        ("examined by spatch", sorted(asked)),
        ("settled by the facts of the tree", [one for one in names if one not in asked | lost]),
        ("not examined for some obligation", sorted(lost)),
    ]
    lines = [f"{path}: {len(names)} {'function is' if len(names) == 1 else 'functions are'} bound by rules"]
    for head, functions in parts:
        if functions:
            text = f"  {head}: {', '.join(f'{name}()' for name in functions)}"
            lines += textwrap.wrap(text, _COLUMNS, subsequent_indent="      ", break_on_hyphens=False)
    return lines
