"""BatchConfig -> the verdicts of people that count for a batch: of a file that nobody has written yet, none.

A first night comes before the first verdict, so a baseline that is not there is an empty one, and that is said each night until
it is: a misspelt name looks the same.  One that was there on an earlier night is missed, since without it all that people
have rejected would be sent.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cocci_gen.errors import CocciGenError, UsageProblem
from cocci_gen.runs.folder import read_header
from cocci_gen.runs.nightly.config import BatchConfig
from cocci_gen.runs.people import People, people_in


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What counts, and what there is to say of a file that is not there yet; "" where it is, or none was named."""

    people: People = field(default_factory=People)
    missing: str = ""


def read_verdicts(config: BatchConfig) -> Verdicts:
    """The file that a batch names -> its verdicts; UsageProblem for one that is gone since an earlier night, and
    RuleDocumentError for one that is broken."""
    path = config.baseline
    if path is None:
        return Verdicts()
    if path.exists():
        return Verdicts(people_in(path))
    for folder, verdicts in _counted(config.output, path):
        raise UsageProblem(
            f"the baseline {path} is gone: {folder} counted {verdicts} of its verdicts, and what they rejected would come "
            f"as new; bring it back, or make an empty one to begin anew: touch {shlex.quote(str(path))}"
        )
    return Verdicts(missing=_told(path))


def _counted(output: Path, path: Path) -> Iterator[tuple[Path, object]]:
    """The runs of earlier nights that counted verdicts of a file, with their number."""
    for run in sorted(output.glob("*/*/run.json"), reverse=True):
        try:
            baseline = read_header(run.parent)[0].baseline
        except CocciGenError:  # a run that was killed or damaged says nothing of the file
            continue
        if baseline.get("file") == str(path) and baseline.get("verdicts"):
            yield run.parent, baseline["verdicts"]


def _told(path: Path) -> str:
    others = [one.name for one in sorted(path.parent.glob("*.toml"))]
    near = difflib.get_close_matches(path.name, others, n=1, cutoff=0.7)
    meant = f"did you mean {near[0]}, which lies beside it? Else the" if near else "the"
    return (
        f"the baseline {path} is not there yet, so nothing counts as judged; {meant} first verdict makes it: "
        f"cocci-gen review RUN --baseline {shlex.quote(str(path))}"
    )
