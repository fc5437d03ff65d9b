"""A duty -> the words of its semantic patch, of the one that reports and of those that mend."""

from __future__ import annotations

import re

from cocci_gen.coccinelle.smpl import any_call
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.exits.around import RECORDING
from cocci_gen.kinds.exits.delegates import stopping
from cocci_gen.kinds.exits.machines import LATE, PROMISED
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.page_duty import PageDuty


def context(owing: Owing, duty: PageDuty, mode: str, **more: object) -> dict[str, object]:
    """The values for the template of a kind; `mode` is "report" or the fix that is wanted, `more` what that needs."""
    study = Study(duty, owing.machine, owing.exempt)
    # A callee that is told by a constant whether to stop the path stops it at some of its calls, and spatch sees its name alone.
    sometimes = {touch.callee for touch in stopping(owing, duty) if touch.callee and not study.always(touch)}
    found = tuple(t for t in stopping(owing, duty) if t.callee not in sometimes and (t.callee or study.always(t)))
    stops = sorted({touch.callee for touch in found if re.fullmatch(r"\w+", touch.callee)} - set(owing.primary))
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    written = written.replace(RECORDING, "")
    symbols = set(
        re.findall(
            r"(?<![\w.>])[a-z_]\w*(?![\w(])", re.sub(r"\b(?:return|goto|break|sizeof|struct)\b|goto \w+", "", written)
        )
    )
    keeps = sorted(n for n in duty.aliases if n.isidentifier()) if any(not touch.callee for touch in found) else []
    indirect = any(not re.fullmatch(r"\w*", touch.callee) for touch in found)
    pointers = sorted(n for n in duty.aliases if n.isidentifier()) if indirect else []
    openers = sorted(
        {
            call.callee
            for number in duty.starts
            for call in duty.graph.nodes[number].calls
            if _opens(owing, duty, call.callee)
        }
    )
    wrongs = [one for one in study.wrongs() if one.event.call is not None] if mode == "report" else []
    ends = {one.event.node for one in study.wrongs() if one.says == PROMISED} if mode == "report" else set[int]()
    promised = sorted({duty.graph.nodes[number].text for number in ends})
    symbols |= {name for text in promised for name in re.findall(r"return ([a-z_]\w*);", text)}
    late = mode == "report" and any(study.says(one) == LATE for one in study.explored().arrivals)
    return {
        "mode": mode,
        "symbols": sorted(symbols | set(keeps) | set(pointers)),
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "primary": any_call(owing.primary),
        "ended": any_call((*owing.primary, *stops)),
        "opened": any_call(openers) if openers else "",
        "stops": stops,
        "keeps": keeps,
        "pointers": pointers,
        "exempt": list(owing.exempt),
        "steps": sorted(
            {one.event.call.callee for one in wrongs if one.event.call is not None and one.event.call.direct}
        ),
        "promised": promised,
        "late": late,
        **more,
    }


def _opens(owing: Owing, duty: PageDuty, callee: str) -> bool:
    return callee in duty.takers or owing.opens in call_vocabulary().marks.get(callee, ())
