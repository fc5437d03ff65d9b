"""RunRecord -> the HTML page of a run.

Every text of a tree goes through `visible` and through the escaping of the template; a Content-Security-Policy lets nothing
run or load but the style and the one script that ship here, the latter by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from cocci_gen import __version__
from cocci_gen.document.tables import LOCKING_RST
from cocci_gen.reports.changed import changed_by
from cocci_gen.reports.hostile import visible
from cocci_gen.reports.html.plots import Plot, plot
from cocci_gen.reports.html.views import about, finding_views, matrix, reasons
from cocci_gen.reports.nights import History, Target, series_of
from cocci_gen.reports.record import RunRecord
from cocci_gen.runs.pages import Source
from cocci_gen.scan.pipeline import Judged
from cocci_gen.series.mails.mail import send_email_line


def run_page(record: RunRecord, selected: Sequence[Judged], source: Source) -> str:
    """The page of one run; `source` reads the files of its tree."""
    path = next((one.finding.obligation.source.path for one in record.findings), LOCKING_RST)
    return render(
        "run.html.j2",
        record=record,
        findings=finding_views(record, selected, source),
        matrix=matrix(record, source, path),
        reasons=reasons(record),
        about=about(record),
        changed_by=partial(changed_by, record.header.change),
        commands={one.title: send_email_line(one.folder) for one in record.series if one.ready},
    )


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target with its pictures: of all sections together, then one per section."""

    target: Target
    plots: tuple[Plot, ...]
    sections: tuple[Plot, ...]


def history_page(history: History) -> str:
    """The page of a batch: its nights as pictures and numbers, and trees against revisions."""
    views = tuple(map(_target_view, history.targets))
    return render("history.html.j2", history=history, views=views, version=__version__)


def _target_view(target: Target) -> TargetView:
    if not target.nights:
        return TargetView(target, (), ())
    days = [night.day for night in target.nights]
    found = plot("open findings", days, series_of(target.nights))
    share = plot("true among those that people judged", days, [("precision", _precision(target, ""))], 100, " %")
    parts = []
    for section in target.sections:
        parts.append(plot(f"{section}: open findings", days, series_of(target.nights, section)))
        precision = _precision(target, section)
        if any(value is not None for value in precision):
            parts.append(plot(f"{section}: precision", days, [("precision", precision)], 100, " %"))
    return TargetView(target, (found, share), tuple(parts))


def _precision(target: Target, section: str) -> list[float | None]:
    """Per cent of true ones, night by night; None where nobody has judged any."""
    judged = [night.judgement(section) for night in target.nights]
    return [round(100 * one.true / one.judged, 1) if one.judged else None for one in judged]


def render(template: str, **values: object) -> str:
    """A template of this folder, with the style and the script that all pages share."""
    style, script = _part("style.css"), _part("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return _environment().get_template(template).render(style=style, script=script, digest=digest, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(_part)
    )
    environment.finalize = _shown
    return environment


def _shown(value: object) -> object:
    """What every `{{ }}` goes through before it is escaped."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _part(name: str) -> str:
    return (files("cocci_gen") / "reports" / "html" / name).read_text(encoding="utf-8")
