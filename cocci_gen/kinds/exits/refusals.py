"""A path to an exit -> whether it refuses who calls, and not the page: another caller is to try it again.

Direct reclaim, a task inside a transaction, a pass that does not wait: nothing is said of the page then, as good as ever.
"""

from __future__ import annotations

import re

from cocci_gen.code.searches.paths import Path
from cocci_gen.kinds.exits.siblings import handing_over
from cocci_gen.kinds.page_duty import PageDuty

#: The names that a test begins from: no members, calls or constants.
_ROOTS = re.compile(r"(?<![\w.])(?<!->)[a-z_]\w*\b(?! ?\()")


def controls(duty: PageDuty) -> list[str]:
    """The parameters that tell for whom, and how much, is to be written."""
    return [one.name for one in duty.graph.parameters if one.type == "struct writeback_control *" and one.name]


def refuses_cleansing(duty: PageDuty, path: Path) -> bool:
    """`if (wbc->sync_mode == WB_SYNC_NONE) ... return 0;`: nothing was written, and the page is to be tried again."""
    if not path.decisions:
        return False
    last = path.decisions[-1]
    test = duty.graph.nodes[last.node].text
    cleansing = test.endswith(("sync_mode == WB_SYNC_NONE", "->for_reclaim")) and last.label == "true"
    return cleansing or (
        test.endswith(("sync_mode != WB_SYNC_NONE", "sync_mode == WB_SYNC_ALL")) and last.label == "false"
    )


def refuses_caller(duty: PageDuty, path: Path) -> bool:
    """Whether the last test before an exit asks about the running task or the sort of writeback alone, and the page was given to
    nobody who may have written it."""
    if not path.decisions:
        return False
    nodes = duty.graph.nodes
    callers = {"current", *controls(duty)}
    roots = set(_ROOTS.findall(nodes[path.decisions[-1].node].text))
    return bool(roots) and roots <= callers and not handing_over(duty) & set(path.nodes)
