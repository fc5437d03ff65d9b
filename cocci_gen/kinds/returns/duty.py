"""Function x Code -> ValueDuty, a function whose value a method returns, and where that may be one that no caller can take."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.calls.steps import Step
from cocci_gen.kinds.duties import Duty
from cocci_gen.kinds.returns.candidates import Candidate
from cocci_gen.kinds.returns.codes import Code
from cocci_gen.kinds.returns.precedents import NO_PRECEDENT, Precedent
from cocci_gen.kinds.returns.tested_codes import Untold

#: What was not read yet.
_NOTHING_READ = Graph("", "", (), (), (), whole=False)


@dataclass(frozen=True, slots=True)
class ValueDuty(Duty):
    """A function whose value the method returns, and where it may be wrong; `serves` are other methods that the code names
    and that the function is registered for too, `unset` tests of page flags that nothing in the folder of its file sets, `untold`
    branches for error numbers that nobody is seen to return, `precedent` a function that does already what a fix would (and at
    which wait), `helper` what the tree makes codes of error numbers with, `later` what writeback does with a page that was not
    prepared, `signals` the tested calls that a signal ends; `read` is the graph as the search takes it, and `given` says where
    variables in it have error numbers from."""

    code: Code
    candidates: tuple[Candidate, ...]
    serves: tuple[str, ...]
    unset: frozenset[str] = frozenset()
    untold: tuple[Untold, ...] = ()
    precedent: Precedent = NO_PRECEDENT
    helper: str = ""
    later: tuple[Step, ...] = ()
    signals: tuple[tuple[str, Step], ...] = ()
    read: Graph = _NOTHING_READ
    given: tuple[tuple[str, Step], ...] = ()
