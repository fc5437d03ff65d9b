"""A Scan and a mark that it does not report -> why: no such obligation, not examined, refuted, kept, or rejected by a filter."""

from __future__ import annotations

from difflib import get_close_matches

from cocci_gen.filters import Accepted, Rejected
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.standings import Stand, Standing

_STANDS = {
    Stand.NOT_EXAMINED: "was not examined",
    Stand.KEPT: "was examined",
    Stand.SETTLED: "was not given to spatch",
    Stand.REFUTED: "is refuted",
}


def why_silent(scan: Scan, path: str, line: int, identity: str) -> str:
    """Why a scan says nothing at a line of a file about an obligation; a sentence in every case."""
    here = [one for one in scan.findings if (one.finding.file, one.finding.obligation.id) == (path, identity)]
    at_once = [one for one in here if one.finding.line == line]
    if rejected := [_rejection(one) for one in at_once if not isinstance(one.verdict, Accepted)]:
        return f"rejected by {'; '.join(rejected)}"
    known = sorted({one.id for one in scan.obligations})
    if identity not in known:
        near = get_close_matches(identity, known, n=2)
        return f"the rules of this tree hold no such obligation{'; perhaps ' + ' or '.join(near) if near else ''}"
    standing = _standing_at(scan, path, line, identity)
    if standing is None:
        named = sorted({one.function for one in scan.standings if (one.path, one.obligation) == (path, identity)})
        bound = f" (it binds {', '.join(f'{name}()' for name in named)})" if named else ""
        return f"the obligation binds no function there: no operations table of the tree leads to one{bound}"
    elsewhere = [str(one.finding.line) for one in here if isinstance(one.verdict, Accepted)]
    if standing.stand is Stand.FOUND:
        return f"{standing.function}() is reported elsewhere, in line {', '.join(elsewhere) or 'unknown'}"
    return f"{standing.function}() {_STANDS[standing.stand]}: {standing.reason}"


def _rejection(judged: Judged) -> str:
    reasons = judged.verdict.reasons if isinstance(judged.verdict, Rejected) else ()
    return "; ".join(f"{one.filter}: {one.reason}" for one in reasons)


def _standing_at(scan: Scan, path: str, line: int, identity: str) -> Standing | None:
    """The function that a line lies in, as far as the scan has looked at it: the last that begins before it."""
    functions = [one for one in scan.standings if one.path == path and one.line <= line]
    if not functions:
        return None
    name = max(functions, key=lambda one: one.line).function
    return next((one for one in functions if (one.function, one.obligation) == (name, identity)), None)
