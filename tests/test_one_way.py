"""Data flows one way: a room imports only the rooms that are named beside it, and no circle runs through the modules."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "cocci_gen"
#: Each room in the order of the story, and what it may import besides itself and what everybody may.
ROOMS = (
    ("kernel", ()),
    ("document", ()),
    ("code", ()),
    ("facts", ("kernel", "document", "code")),
    ("findings", ("document", "facts")),
    ("coccinelle", ("code", "facts")),
    ("kinds", ("kernel", "document", "code", "facts", "findings", "coccinelle")),
    ("filters", ("findings",)),
    ("scan", ("kernel", "document", "code", "facts", "findings", "coccinelle", "kinds", "filters")),
    ("series", ("kernel", "document", "findings")),
    ("runs", ("kernel", "document", "code", "facts", "findings", "coccinelle", "kinds", "filters", "scan", "series")),
    ("corpus", ("kernel", "document", "code", "facts", "findings", "coccinelle", "kinds", "filters", "scan")),
)
#: The rooms that join the others; the later imports the earlier, and nobody imports `cli` but `start`.
JOINING = ("reports", "port", "api", "cli", "start")
#: The rooms inside a room, in the order of its story: each imports only those before it.
INNER = {
    "code": ("texts", "graphs", "states", "searches"),
    "facts": ("tree", "calls", "branches", "locks", "pages", "walks", "sleeps"),
    "kinds/takes": ("words", "lockers", "holdings", "judged", "fixes"),
    "port": (
        "texts", "changes", "lessons", "remains", "members", "headers", "tables", "methods", "calls", "documents", "edits",
        "output", "checks", "measures",
    ),
}  # fmt: skip
#: The modules beside inner rooms that join them, and the first of these rooms that may import such modules.
WHOLE = {"port": (("store", "header_rules", "knowledge", "used", "pipeline", "desk", "making"), "checks")}
EVERYBODY = (
    "errors", "programs", "conversation", "temporary", "resources", "own_words", "toml_places", "__init__", "__version__",
)  # fmt: skip
PRINTERS = ("cli", "start")


@cache
def parsed(text):
    """The syntax tree of a module's text; several tests ask for the same ones."""
    return ast.parse(text)


@cache
def imports_in(text):
    """The import statements of a text, at any depth of the code."""
    return [node for node in ast.walk(parsed(text)) if isinstance(node, ast.Import | ast.ImportFrom)]


def modules(package):
    """Name -> path of every module; a room counts as one name with several files."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        found.setdefault(path.relative_to(package).parts[0].removesuffix(".py"), []).append(path)
    return found


def imported_modules(path, package):
    """What a file imports of the package, as lists of names below it, in any spelling, at any depth of the code."""
    inside = [package.name, *path.relative_to(package).parts[:-1]]
    for node in imports_in(path.read_bytes()):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        else:
            base = inside[: len(inside) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            targets = [[*base, alias.name] for alias in node.names]
        yield from (target[1:] for target in targets if target[0] == package.name and len(target) > 1)


def imported(path, package):
    """First names below the package that a file imports."""
    return {target[0] for target in imported_modules(path, package)}


def allowed_imports(rooms=ROOMS, joining=JOINING):
    """Room -> what it may import."""
    allowed = {name: {name, *others, *EVERYBODY} for name, others in rooms}
    before = {name for name, _ in rooms} | set(EVERYBODY)
    for name in joining:
        before = before | {name}
        allowed[name] = before
    allowed |= {name: set(EVERYBODY) for name in EVERYBODY}
    return allowed


def complaints(package):
    """Every import that the list of rooms does not allow, and every room that it does not know."""
    allowed = allowed_imports()
    for name, paths in modules(package).items():
        if name not in allowed:
            yield f"{name}: is no room of the list"
            continue
        targets = set().union(*(imported(path, package) for path in paths))
        for target in sorted(targets - allowed[name]):
            yield f"{name} imports {target}"


def families(package):
    """Imports from one family of kinds into another, whose part would then not be replaced alone."""
    for path in sorted((package / "kinds").rglob("*.py")):
        family = path.relative_to(package / "kinds").parts[0]
        for target in imported_modules(path, package):
            other = target[1] if target[0] == "kinds" and len(target) > 1 else family
            inside = (package / "kinds" / family).is_dir() and (package / "kinds" / other).is_dir()
            if inside and other != family:
                yield f"{family} imports {other}"


def inner_complaints(package, outer):
    """Imports from one inner room into a later one, and inner rooms that the list does not have."""
    rooms, (whole, first) = INNER[outer], WHOLE.get(outer, ((), INNER[outer][-1]))
    inside = Path(outer).parts
    for path in sorted((package / outer).rglob("*.py")):
        room, *rest = path.relative_to(package / outer).parts
        if rest and room not in rooms:
            yield f"{room}: is no room of the list"
        elif rest:
            place = rooms.index(room)
            known = {*rooms[: place + 1], *(whole if place >= rooms.index(first) else ())}
            targets = [target[len(inside)] for target in imported_modules(path, package) if below(target, inside)]
            yield from (f"{room} imports {target}" for target in sorted({*targets} - known))


def below(target, inside):
    """Whether an import leads below a room."""
    return tuple(target[: len(inside)]) == inside and len(target) > len(inside)


def circles(package):
    """Modules that come back to themselves by the imports at their top."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package).with_suffix("").parts)
        top = parsed(path.read_bytes()).body
        found[name] = {
            node.module.removeprefix(f"{package.name}.")
            for node in top
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package.name}.")
        }
    while free := {name for name, targets in found.items() if not targets & set(found)}:
        found = {name: targets for name, targets in found.items() if name not in free}
    return found


def test_data_flows_one_way():
    """A room that reads a later one's types could not be tested, rerun or understood alone."""

    assert [] == list(complaints(PACKAGE))


def test_no_family_of_kinds_imports_another():
    """A family can only be rewritten alone as long as no other one leans on it."""

    assert [] == list(families(PACKAGE))


@pytest.mark.parametrize("outer", INNER)
def test_no_inner_room_imports_a_later_one(outer):
    """What edits code would soon ask what is told of it, and nobody could read a room in the order of its story."""

    assert [] == list(inner_complaints(PACKAGE, outer))


def test_no_modules_import_each_other():
    """Two modules of a room that need each other are one module that nobody has named."""

    assert {} == circles(PACKAGE)


def test_every_room_says_what_goes_in_and_what_comes_out():
    """The first line of a room is the map by which a newcomer finds his way."""
    lines = {}
    for init in PACKAGE.rglob("__init__.py"):
        doc = ast.get_docstring(parsed(init.read_bytes())) or ""
        lines[init.parent.relative_to(PACKAGE).as_posix()] = doc.split("\n")[0]

    assert [] == [room for room, line in lines.items() if not line.endswith(".")]


def test_cli_is_imported_by_nobody():
    """Whoever imports the command line prints or exits through it sooner or later."""
    users = [name for name, paths in modules(PACKAGE).items() for path in paths if "cli" in imported(path, PACKAGE)]

    assert set(users) <= {"cli", "start"}


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
        for effect in side_effects(parsed(path.read_bytes()))
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
    (package / "code.py").write_text(f'"""A Graph."""\n{spelling}\n')
    (package / "series.py").write_text('"""Finding -> Series."""\n')

    assert ["code imports series"] == list(complaints(package))


def test_an_import_between_families_and_a_circle_are_seen(tmp_path):
    """The two tests above would pass for ever if they could not see what they look for."""
    package = tmp_path / "cocci_gen"
    for family, other in (("exits", "locks"), ("locks", "keeps"), ("keeps", "exits")):
        (package / "kinds" / family).mkdir(parents=True)
        (package / "kinds" / family / "rule.py").write_text(f"from cocci_gen.kinds.{other}.rule import Rule\n")

    assert ["exits imports locks", "keeps imports exits", "locks imports keeps"] == list(families(package))
    assert {"kinds.exits.rule", "kinds.keeps.rule", "kinds.locks.rule"} == set(circles(package))


def test_an_inner_room_that_looks_ahead_and_one_that_nobody_knows_are_seen(tmp_path):
    """The test of inner rooms above would pass for ever if it could not see what it looks for."""
    package = tmp_path / "cocci_gen"
    for room, other in (
        ("texts", "edits.layout"),
        ("calls", "texts.lines"),
        ("calls", "pipeline"),
        ("attic", "texts.lines"),
    ):
        (package / "port" / room).mkdir(parents=True, exist_ok=True)
        (package / "port" / room / f"{other.partition('.')[0]}.py").write_text(f"import cocci_gen.port.{other}\n")

    assert ["attic: is no room of the list", "calls imports pipeline", "texts imports edits"] == list(
        inner_complaints(package, "port")
    )


def test_no_module_is_a_drawer():
    """`utils` is where things go whose noun nobody looked for."""

    assert not {"utils", "helpers", "common", "core", "manager", "models"} & {
        path.stem for path in PACKAGE.rglob("*.py")
    }
