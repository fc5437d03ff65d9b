"""Data flows one way: a stage imports only earlier stages and what stands beside them."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "cocci_gen"
#: The order of the stages; DESIGN.md names the modules.
STAGES = ("tables", "obligations", "index", "smpl", "spatch", "findings", "filters", "series")
#: How the first line of a docstring states a module's place -> its rank; a module imports nothing of a higher rank.
PLACES = (
    (re.compile(r"Stage (\d) of 8: .+ -> .+"), lambda match: int(match[1])),
    (re.compile(r"Leaf of stage (\d): .+"), lambda match: int(match[1])),
    (re.compile(r"Leaf between stages \d and (\d): .+"), lambda match: int(match[1])),
    (re.compile(r"Leaf: .+"), lambda match: 0),
    (re.compile(r"The stages joined: .+"), lambda match: len(STAGES) + 1),
    (re.compile(r"Beside the stages: .+"), lambda match: len(STAGES) + 1),
    (re.compile(r"The command line: .+"), lambda match: len(STAGES) + 2),
)
PRINTERS = ("cli",)


def docstring_line(path):
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_bytes())) or "").split("\n")[0]


def modules(package):
    """Name -> path of every module; a folder (`filters`) counts as one name with several files."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        found.setdefault(path.relative_to(package).parts[0].removesuffix(".py"), []).append(path)
    return found


def imported(path, package):
    """First names below the package that a file imports, in any spelling, at any depth of the code."""
    names = set()
    inside = [package.name, *path.relative_to(package).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        names |= {target[1] for target in targets if target[0] == package.name and len(target) > 1}
    return names


def rank_of(name, paths):
    """The rank that a module's docstring claims; None when it claims none."""
    (path,) = [path for path in paths if path.stem == name or (path.stem == "__init__" and path.parent.name == name)]
    line = docstring_line(path)
    return next((rank(match) for place, rank in PLACES if (match := place.fullmatch(line))), None)


def complaints(package, stages=STAGES):
    """Every import against the direction, every docstring that misstates a module's place or states none."""
    found = modules(package)
    found.pop("__init__", None)
    ranks = {name: rank_of(name, paths) for name, paths in found.items()}
    for name, rank in ranks.items():
        if rank is None:
            yield f"{name}: the first line of its docstring states no place"
        elif name in stages and rank != stages.index(name) + 1:
            yield f"{name}: is stage {stages.index(name) + 1}, and its docstring says another place"
    for name, paths in found.items():
        targets = set().union(*(imported(path, package) for path in paths)) - {name}
        for target in sorted(targets & set(found)):
            if ranks[name] is not None and ranks[target] is not None and ranks[target] > ranks[name]:
                yield f"{name} (rank {ranks[name]}) imports {target} (rank {ranks[target]})"


def test_data_flows_one_way():
    """A stage that reads a later one's types could not be tested, rerun or understood alone."""

    assert [] == list(complaints(PACKAGE))


def test_cli_is_imported_by_nobody():
    """Whoever imports the command line prints or exits through it sooner or later."""
    users = [name for name, paths in modules(PACKAGE).items() for path in paths if "cli" in imported(path, PACKAGE)]

    assert set(users) <= {"cli"}


def test_every_module_of_the_command_line_says_so():
    """Its modules are named after verbs, as stages are: only the first line tells `cli/series.py` from `series.py`."""
    lines = {path: docstring_line(path) for path in modules(PACKAGE)["cli"]}

    assert lines
    assert [] == [path for path, line in lines.items() if not line.startswith("The command line: ")]


@pytest.mark.parametrize(
    "spelling", ["print(1)", "import sys\nsys.exit(1)", "import os\nos.environ['A']", "import os\nos._exit(1)"]
)
def test_seeded_side_effects_are_seen(spelling):
    """The test of prints and exits below would pass for ever if it could not see them."""

    assert side_effects(ast.parse(spelling))


def side_effects(tree):
    """Prints, exits and reads of the environment in a syntax tree."""
    forbidden = {
        ("sys", "exit"),
        ("sys", "stdout"),
        ("sys", "argv"),
        ("os", "environ"),
        ("os", "getenv"),
        ("os", "_exit"),
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in forbidden:
                yield f"line {node.lineno}: {node.value.id}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in ("print", "SystemExit", "exit"):
            yield f"line {node.lineno}: {node.id}"


def test_only_cli_prints_reads_the_environment_or_exits():
    """A stage that does so cannot be used by another program, nor tested without a fake terminal."""
    found = [
        f"{path.name} {effect}"
        for name, paths in modules(PACKAGE).items()
        if name not in PRINTERS
        for path in paths
        for effect in side_effects(ast.parse(path.read_bytes()))
    ]

    assert [] == found


def test_only_programs_starts_programs():
    """A second place that starts programs has its own ideas of time limits, environments and shells."""
    found = [
        name
        for name, paths in modules(PACKAGE).items()
        for path in paths
        if re.search(rb"\bsubprocess\b|\bos\.(system|popen|exec|spawn|fork)", path.read_bytes())
    ]

    assert {"programs"} >= set(found)


@pytest.mark.parametrize(
    "spelling",
    [
        "from cocci_gen import series",
        "from cocci_gen.series.assembly import Series",
        "import cocci_gen.series.assembly",
        "from . import series",
        "from .series import Series",
        "def late():\n    from cocci_gen.series.assembly import Series",
    ],
)
def test_every_spelling_of_a_wrong_import_is_seen(tmp_path, spelling):
    """An import that the test above cannot see would let the direction rot."""
    package = tmp_path / "cocci_gen"
    package.mkdir()
    (package / "__init__.py").write_text('"""A package."""\n')
    (package / "spatch.py").write_text(f'"""Stage 5 of 8: SemanticPatch -> Outcome."""\n{spelling}\n')
    (package / "series.py").write_text('"""Stage 8 of 8: Finding -> Series."""\n')

    assert ["spatch (rank 5) imports series (rank 8)"] == list(complaints(package))


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Reads the tables.", "tables: the first line of its docstring states no place"),
        ("Stage 2 of 8: RuleTable -> Obligation.", "tables: is stage 1, and its docstring says another place"),
        ("Leaf: a table.", "tables: is stage 1, and its docstring says another place"),
    ],
)
def test_a_misstated_place_is_seen(tmp_path, docstring, expected):
    """The first docstring lines are the map of the tool; a wrong one leads readers astray."""
    package = tmp_path / "cocci_gen"
    package.mkdir()
    (package / "tables.py").write_text(f'"""{docstring}"""\n')

    assert [expected] == list(complaints(package))


def test_no_module_is_a_drawer():
    """`utils` is where things go whose noun nobody looked for."""

    assert not {"utils", "helpers", "common", "core", "manager", "models"} & {
        path.stem for path in PACKAGE.rglob("*.py")
    }
