"""What is shipped: the wheel holds the package and its data folders, exactly what git knows, and nothing else."""

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("cocci_gen", "templates", "semantic_patches")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what git knows here, with a secret that git ignores beside the templates."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    with (folder / ".gitignore").open("a") as file:
        file.write("*.secret\n")
    (folder / "templates/key.secret").write_text("do not ship")
    return folder


def build(checkout, target, what):
    """Build `wheel` or `sdist` with the build backend itself, so that nothing is fetched."""
    code = f"import sys, hatchling.build as backend; print(backend.build_{what}(sys.argv[1]))"
    ended = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=checkout, capture_output=True, text=True, check=False
    )

    assert 0 == ended.returncode, ended.stderr
    return target / ended.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    """The wheel, unpacked as pip would."""
    path = build(checkout, tmp_path_factory.mktemp("dist"), "wheel")
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)
    return target


def files(folder):
    """Paths of all files below a folder, caches left out."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_exactly_what_git_knows(checkout, wheel):
    """A forgotten template breaks every installed copy; a file that git ignores may be a secret."""
    expected = set()
    for folder in SHIPPED:
        prefix = "cocci_gen/" if folder == "cocci_gen" else f"cocci_gen/{folder}/"
        expected |= {prefix + name for name in files(checkout / folder) if not name.endswith(".secret")}

    assert expected == {name for name in files(wheel) if name.startswith("cocci_gen/")}


def test_wheel_holds_nothing_else(wheel):
    """Tests and corpus are of use only in a checkout."""
    assert {"cocci_gen"} == {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")}


def test_data_folders_are_found_in_an_installed_copy(wheel, tmp_path):
    """The templates lie inside the package there, and beside it in a checkout."""
    code = "import cocci_gen.resources as r; print(r.data_folder('templates'), r.data_folder('semantic_patches'))"
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert [str(wheel / "cocci_gen/templates"), str(wheel / "cocci_gen/semantic_patches")] == ended.stdout.split()


def test_wheel_brings_the_command_and_the_licence(wheel):
    """Without the entry point there is no `cocci-gen`; without the licence text nobody may pass the wheel on."""
    (info,) = wheel.glob("*.dist-info")
    scripts = configparser.ConfigParser()
    scripts.read(info / "entry_points.txt")

    assert "cocci_gen.start:main" == scripts["console_scripts"]["cocci-gen"]
    assert (ROOT / "LICENSE").read_bytes() == (info / "licenses/LICENSE").read_bytes()


def test_sdist_holds_the_corpus_and_the_tests(checkout, tmp_path):
    """Whoever packages cocci-gen for a distribution runs the tests from the sdist."""
    with tarfile.open(build(checkout, tmp_path, "sdist")) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}

    assert {"corpus/README.md", "tests/conftest.py", "Makefile", "LICENSE"} <= names
    assert not [name for name in names if name.endswith(".secret")]


def test_dependencies_are_what_is_imported():
    """A dependency that is not declared fails on the first machine but this one; one that is not used is a burden."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[<>=!~ ]", line)[0].lower().replace("-", "_") for line in project["dependencies"]}
    optional = {"distributed", "dask"}
    trees = [ast.parse(path.read_bytes()) for path in (ROOT / "cocci_gen").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported = {name.split(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"cocci_gen"} - optional

    assert declared == {{"git": "gitpython"}.get(name, name) for name in imported}


def test_no_python_in_the_data_folders():
    """hatchling refuses the editable install of `make setup` as soon as a data folder holds a Python file."""
    assert [] == [path for folder in SHIPPED[1:] for path in (ROOT / folder).rglob("*.py")]
