"""Numbers night by night -> an SVG picture with a title, words for screen readers, and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 360, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 10, 26


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot: its name and where its points lie; `dots` are all points, `points` the same for a polyline."""

    name: str
    dots: tuple[tuple[float, float, float], ...]  # x, y, value
    unit: str = ""

    @property
    def points(self) -> str:
        """The attribute of a polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in self.dots)

    @property
    def last(self) -> str:
        """The last value: lines that lie on each other hide all but one."""
        return f"{self.dots[-1][2]:g}{self.unit}" if self.dots else ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture to be laid out by the template: lines, ticks of the axes (place, text), and the same in words."""

    title: str
    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    words: str
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _WIDTH - _RIGHT
    bottom: int = _HEIGHT - _BOTTOM

    @property
    def empty(self) -> bool:
        """Whether no night has a value: the frame alone looks like a fault."""
        return not any(line.dots for line in self.lines)


def plot(
    title: str, days: Sequence[str], lines: Sequence[tuple[str, Sequence[float | None]]], top: float = 0, unit: str = ""
) -> Plot:
    """Lines over days; a night without a value (None) has no point.  `top` is the top of the axis where it is fixed."""
    values = [value for _, numbers in lines for value in numbers if value is not None]
    highest = top or max([*values, 2])
    highest += 0 if top else highest % 2  # the tick in the middle counts findings, too
    steps = max(len(days) - 1, 1)

    def across(night: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (night / steps if len(days) > 1 else 0.5)

    def up(value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / highest

    drawn = [
        Line(name, tuple((across(n), up(v), v) for n, v in enumerate(numbers) if v is not None), unit)
        for name, numbers in lines
    ]
    ends = dict.fromkeys((0, len(days) - 1))
    ticks = [(up(part), f"{part:g}{unit}") for part in dict.fromkeys((0, highest / 2, highest))]
    words = "; ".join(
        f"{name}: {', '.join('no value' if v is None else f'{v:g}{unit}' for v in numbers)}" for name, numbers in lines
    )
    return Plot(title, tuple(drawn), tuple((across(n), days[n]) for n in ends), tuple(ticks), words)
