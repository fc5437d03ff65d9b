"""The small pair of kernels of corpus/port, and a spatch."""

from pathlib import Path

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.checks.elsewhere import knowledge_for
from cocci_gen.port.knowledge import Teaching, read_kernels
from cocci_gen.port.lessons.examples import ROOTS
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.trees import of_texts

PAIR = Path(__file__).resolve().parents[2] / "corpus" / "port"


def texts_of(folder):
    """Path -> text of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def naming(sources):
    """Words -> the files outside the usual folders that name some of them, as a repository tells them."""
    outside = [
        path for path in sources.below([""], (".c",)) if not path.startswith(tuple(f"{root}/" for root in ROOTS))
    ]
    texts = {path: words_of(text) for path, text in sources.texts(outside)}
    return lambda words: {
        path: there for path, some in texts.items() if (there := frozenset(words) & {word.decode() for word in some})
    }


class Workshop:
    """Ports the module of the pair, or another one, with the pair as it is or changed."""

    def __init__(self, folder):
        self.cache = JobCache(folder / "port.sqlite")
        self.runner = SpatchRunner(self.cache, 2)

    def port(self, module=None, new=None, old=None, excluded=(), **options):
        """The module -> Port; groups that are excluded teach nothing."""
        before = of_texts("old", texts_of(PAIR / "old") | (old or {}))
        after = of_texts("new", texts_of(PAIR / "new") | (new or {}))
        kernels = read_kernels(before, after, self.cache)
        texts = module or texts_of(PAIR / "module")
        teaching = Teaching(tuple(excluded), ROOTS)
        known = knowledge_for(kernels, teaching, texts, naming(before), self.cache, lambda stage, done, total: None)
        return port_code(kernels, known, of_texts("module", texts), self.runner, **options)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """One cache and one spatch for all."""
    made = Workshop(tmp_path_factory.mktemp("port"))
    yield made
    made.runner.close()
    made.cache.close()


@pytest.fixture(scope="session")
def ported(workshop):
    """The module of the pair, ported."""
    return workshop.port()


@pytest.fixture(scope="session")
def pair():
    """Name of a folder of the pair -> its texts by path."""
    return lambda name: texts_of(PAIR / name)


@pytest.fixture(scope="session")
def laid():
    """laid(folder, {path: text}): writes the texts below a folder, with the folders that they need."""

    def lay(folder, texts):
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text)

    return lay


@pytest.fixture(scope="session")
def kernel_places(tmp_path_factory, make_repository, pair):
    """Both kernels of the pair as repositories."""
    folder = tmp_path_factory.mktemp("trees")
    return [make_repository(folder / name, pair(name)) for name in ("old", "new")]


@pytest.fixture(scope="session")
def kernel_trees(kernel_places):
    """Both kernels of the pair, opened."""
    with KernelTree.open(kernel_places[0], "HEAD") as old, KernelTree.open(kernel_places[1], "HEAD") as new:
        yield old, new
