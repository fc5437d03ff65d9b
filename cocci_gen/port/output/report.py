"""What was found and done -> port.json, the text for a terminal, and the files of the output folder."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cocci_gen.errors import UsageProblem
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.edits.application import Applied, Ported
from cocci_gen.port.lessons.rules import ByPerson, Declarations, Learned, PortRule, Said, told
from cocci_gen.port.remains.leftovers import Leftover, grouped
from cocci_gen.port.remains.untold_errors import untold_errors
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.unified import diff_of
from cocci_gen.port.texts.version_header import known_from
from cocci_gen.port.texts.versions import for_both
from cocci_gen.runs.folder import write_files

_OURS = re.compile(r"uncompiled\.diff|(?:diffs|semantic_patches)/\w[\w.-]*\.(?:diff|cocci)")


@dataclass(frozen=True, slots=True)
class Port:
    """All that a run of `port` has to tell; `uncompiled` are changes of rules and files that all stand where the new kernel does
    not compile them, or perhaps not, and `apart` are the texts of files as they would be with such changes; `titles` is
    what mails call both kernels, where `old` and `new` are folders and revisions of the user's, and `guard` the version under
    whose condition each change stands ("" for none)."""

    old: str
    new: str
    code: str
    used: tuple[Met, ...]
    rules: tuple[PortRule, ...]
    ported: Ported
    leftovers: tuple[Leftover, ...]
    built: Mapping[str, object]
    remarks: tuple[str, ...] = ()
    uncompiled: tuple[Applied, ...] = ()
    apart: Mapping[str, bytes] = field(default_factory=dict)
    titles: tuple[str, str] = ("the old kernel", "the new kernel")
    guard: str = ""

    @property
    def left_in(self) -> tuple[str, ...]:
        """The file of each place that is left for a person: those of the leftovers, and those where a rule was refused."""
        return (*(one.path for one in self.leftovers), *(one.path for one in self.ported.refused))

    @property
    def left(self) -> int:
        """How many places that are."""
        return len(self.left_in)


def listing(used: Sequence[Met]) -> str:
    """The evolutions for one's code, for a terminal."""
    lines = []
    width = max((len(one.evolution.id) for one in used), default=0)
    for one in used:
        places = f"{len(one.places):4d}"
        lines.append(f"{places}  {one.evolution.id:{width}}  {described(one.evolution)}")
    return "\n".join(lines) or "nothing that this code uses changed between the two"


def listing_json(used: Sequence[Met]) -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {
            "evolution": one.evolution.id,
            "what": type(one.evolution).__name__,
            "change": described(one.evolution),
            "places": list(one.places),
        }
        for one in used
    ]


def kept_old(port: Port, texts: Mapping[str, bytes], version: tuple[int, int, int]) -> Port:
    """The same port with every change under a condition, so that the code builds on the old kernels as well."""
    both = {
        path: for_both(texts[path], text, version, known_from(path, texts)) for path, text in port.ported.texts.items()
    }
    words = f"KERNEL_VERSION({', '.join(str(number) for number in version)})"
    lines = {path: _lines_in(text, both[path]) for path, text in port.ported.texts.items()}
    left = tuple(replace(one, line=lines.get(one.path, {}).get(one.line, one.line)) for one in port.leftovers)
    return replace(port, ported=replace(port.ported, texts=both), leftovers=left, guard=words)


def _lines_in(text: bytes, both: bytes) -> dict[int, int]:
    """The lines (from 1) of a ported file -> where they stand once each change has its condition."""
    found: dict[int, int] = {}
    for tag, start, end, first, _ in opcodes(text.split(b"\n"), both.split(b"\n")):
        if tag == "equal":
            found |= {start + step + 1: first + step + 1 for step in range(end - start)}
    return found


def _guarded(port: Port) -> list[str]:
    """What the condition of `kept_old` is, and is not."""
    about = "the version of the newer kernel, not of the release in which each change came: lower it where you know that one"
    return [f"{port.guard}, {about}"] if port.guard and port.ported.applied else []


def check_own(folder: Path) -> None:
    """UsageProblem where a folder holds files and no port has written them: what is of this name there would go."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "port.json").exists():
        raise UsageProblem(f"{folder}: holds files that are of no port; name a new folder for this one")


def write_port(folder: Path, port: Port, texts: Mapping[str, bytes]) -> None:
    """Write diffs/, semantic_patches/, port.json and port.txt, and beside port.diff what rules would change where the new kernel
    does not compile it; what an earlier run left of them goes."""
    files: dict[str, bytes] = {}
    changed = [rule for rule in port.rules if any(one.rule.id == rule.id for one in port.ported.applied)]
    for number, rule in enumerate(changed, 1):
        name = f"{number:04d}-{rule.stem}"
        diffs = [diff_of(one.path, one.before, one.after) for one in port.ported.applied if one.rule.id == rule.id]
        files[f"diffs/{name}.diff"] = b"".join(diffs)
        files[f"semantic_patches/{name}.cocci"] = _commented(rule).encode("utf-8", "surrogateescape")
    whole = [diff_of(path, texts[path], port.ported.texts[path]) for path in sorted(texts)]
    files["port.diff"] = b"".join(whole)
    apart = [diff_of(path, port.ported.texts[path], text) for path, text in sorted(port.apart.items())]
    if apart:
        files["uncompiled.diff"] = b"".join(apart)
    files["port.json"] = json.dumps(port_json(port), indent=1, ensure_ascii=True).encode() + b"\n"
    files["port.txt"] = port_text(port).encode("utf-8", "replace") + b"\n"
    write_files({folder / inside: data for inside, data in files.items()})
    for place in sorted((*folder.glob("*/*"), folder / "uncompiled.diff")) if folder.is_dir() else ():
        inside = place.relative_to(folder).as_posix()
        if _OURS.fullmatch(inside) and inside not in files and place.is_file():
            place.unlink()


def _commented(rule: PortRule) -> str:
    """A rule as scripts/coccinelle writes them."""
    return f"/// {rule.title}\n//# {told(rule.ground)}\n// Generated by cocci-gen port, for {rule.evolution}\n\n{rule.text}"


def port_json(port: Port) -> dict[str, object]:
    """All of it for programs."""
    done = Counter(one.rule.id for one in port.ported.applied)
    return {
        "from": port.old,
        "to": port.new,
        "code": port.code,
        "evolutions": listing_json(port.used),
        "rules": [
            {
                "id": rule.id,
                "evolution": rule.evolution,
                "title": rule.title,
                "ground": _ground_json(rule),
                "files": sorted({one.path for one in port.ported.applied if one.rule.id == rule.id}),
            }
            for rule in port.rules
            if done[rule.id]
        ],
        "not compiled": [
            {"rule": one.rule.id, "evolution": one.rule.evolution, "title": one.rule.title, "file": one.path}
            for one in port.uncompiled
        ],
        "refused": [{"rule": one.rule.id, "file": one.path, "reason": one.reason} for one in port.ported.refused],
        "leftovers": [one.json() for one in port.leftovers],
        "guard": port.guard,
        "build": dict(port.built),
        "remarks": list(port.remarks),
    }


def _ground_json(rule: PortRule) -> dict[str, object]:
    match rule.ground:
        case Learned(shown=shown, of=of, groups=groups, examples=examples, others=others):
            return {"learned": True, "shown": shown, "of": of, "groups": groups, "examples": list(examples),
                    "others": list(others)}  # fmt: skip
        case ByPerson(file=file):
            return {"person": file}
        case Declarations():
            return {"declarations": True}
        case Said(where=where):
            return {"said": where}


def port_text(port: Port) -> str:
    """What a person reads first."""
    done: dict[str, set[str]] = {}
    for one in port.ported.applied:
        done.setdefault(one.rule.id, set()).add(one.path)
    lines = [f"port {port.code}: {port.old} -> {port.new}", ""]
    lines += [f"done ({counted(len(done), 'semantic patch', 'semantic patches')})"]
    alike: dict[tuple[str, str], set[str]] = {}
    for rule in port.rules:
        if rule.id in done:
            alike.setdefault((rule.title, told(rule.ground)), set()).update(done[rule.id])
    lines += [f"  {title} ({counted(len(paths), 'file')}): {ground}" for (title, ground), paths in alike.items()]
    if port.built:
        lines += ["", "built", *(f"  {key}: {value}" for key, value in port.built.items() if key != "errors")]
        errors = port.built.get("errors")
        untold = list(untold_errors(errors, port.leftovers)) if isinstance(errors, Mapping) else []
        lines += ["  what the compiler stops at, and no place below names:"] if untold else []
        lines += [f"    {one}" for one in untold]
    lines += [f"  each under #if LINUX_VERSION_CODE >= {words}" for words in _guarded(port)]
    lines += ["", f"left for you ({counted(port.left, 'place')})"]
    lines += [f"  {line}" for line in grouped(port.leftovers)]
    lines += [f"  {one.path}: {one.rule.title}: {one.reason}" for one in port.ported.refused]
    if port.uncompiled:
        lines += [
            "",
            f"not done, as the new kernel does not or may not compile it ({len(port.uncompiled)}, in uncompiled.diff)",
        ]
        lines += [f"  {one.path}: {one.rule.title}" for one in port.uncompiled]
    if port.remarks:
        lines += ["", "about the code", *(f"  {one}" for one in port.remarks)]
    return "\n".join(lines)


def counted(number: int, one: str, more: str = "") -> str:
    """A number with its word: `1 place`, `2 places`."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def summary(port: Port, folder: Path) -> Iterable[str]:
    """The last words on a terminal."""
    files = {one.path for one in port.ported.applied}
    rules = {one.rule.id for one in port.ported.applied}
    yield f"evolutions    {len(port.used)} that this code meets"
    changed = counted(len(files), "file")
    yield f"changed       {changed} by {counted(len(rules), 'semantic patch', 'semantic patches')}"
    yield from (f"under #if     LINUX_VERSION_CODE >= {words}" for words in _guarded(port))
    yield f"left for you  {counted(port.left, 'place')} (see {folder}/port.txt)"
    for key, value in port.built.items():
        if key != "errors":
            yield f"{key:13} {value}"
