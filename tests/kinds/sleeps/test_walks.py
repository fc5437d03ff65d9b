"""How a method is come to in rcu-walk, and how it leaves it."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.values import Number
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.sleeps.walks import sent_back, wrong_ways_out
from cocci_gen.kinds.sleeps.ways_out import WayOutRule

TABLE = "static const struct dentry_operations {0}_ops = {{ .d_revalidate = {0} }};\n"
BACK = "int {0}(struct dentry *d, unsigned int flags) {{ if (flags & LOOKUP_RCU) return -ECHILD; return 1; }}\n"
FORTH = "int {0}(struct dentry *d, unsigned int flags) {{ if (flags & LOOKUP_RCU) return 1; return -ECHILD; }}\n"


@pytest.mark.parametrize(
    ("files", "sent"),
    [
        ({"fs/a/a.c": BACK + TABLE}, "a"),
        ({"fs/a/b.c": BACK + TABLE}, "a"),
        ({"fs/b/a.c": BACK + TABLE}, ""),
        ({"fs/a/a.c": FORTH + TABLE}, ""),
        ({}, ""),
    ],
)
def test_a_walk_that_is_sent_back_before(index_of, files, sent):
    """Where ->d_revalidate lets no walk pass, ->get_link never sees one; one of another file system says nothing."""
    texts = {path: text.format("a") for path, text in files.items()}
    texts.setdefault("fs/a/a.c", "")
    texts["fs/a/a.c"] += "int link(void) { return 0; }\n"
    index = index_of(texts, methods=("d_revalidate",))
    (definition,) = index.definitions("link")

    assert sent == sent_back(index, definition, sleep_words())


def test_one_that_lets_walks_pass_is_enough(index_of):
    """A file system has several kinds of dentries, and one may be walked."""
    text = "".join(one.format(name) for one, name in ((BACK, "a"), (TABLE, "a"), (FORTH, "b"), (TABLE, "b")))
    index = index_of({"fs/a/a.c": text + "int link(void) { return 0; }\n"}, methods=("d_revalidate",))

    assert "" == sent_back(index, index.definitions("link")[0], sleep_words())


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("if (!d) return ERR_PTR(-EIO); return x;", ["-EIO"]),
        ("if (!d && i->n) return ERR_PTR(-EIO); return x;", ["-EIO"]),
        ("if (!d) return ERR_PTR(-ECHILD); return ERR_PTR(-EIO);", []),
        ("if (i->n) return ERR_PTR(-EIO); if (!d) return ERR_PTR(-ECHILD); return x;", []),
        ("if (!d && i->n) return x; if (!i->m) return ERR_PTR(-EIO); return x;", []),
        ("if (d) return ERR_PTR(-EIO); return x;", []),
        ("if (!d) return ERR_PTR(-EACCES); return x;", []),
        (
            "int e = -EIO; if (i->n) goto out; e = -ENOENT; if (!d) goto out; return x; out: return ERR_PTR(e);",
            ["-ENOENT"],
        ),
        ("int e = -EIO; if (i->n) goto out; e = -ECHILD; if (!d) goto out; return x; out: return ERR_PTR(e);", []),
        ("int e = -EIO; if (!d) e = -ECHILD; return ERR_PTR(e);", []),
        ("int e = g(i); if (!d) return ERR_PTR(e); return x;", []),
    ],
)
def test_ways_out_that_end_the_system_call(body, errors):
    """-ECHILD has the walk repeated; any other error that is for the walk alone goes to the user."""
    graph = graph_of(f"const char *f(struct dentry *d, struct inode *i) {{ {body} }}".encode(), 1)
    found = wrong_ways_out(graph, frozenset({("d", Number(0))}), sleep_words(), frozenset({"-EACCES"}))

    assert errors == [way.error for way in found]


@pytest.mark.parametrize(
    ("test", "confidence"),
    [("flags & LOOKUP_RCU", Confidence.HIGH), ("(flags & LOOKUP_RCU) && d->d_fsdata", Confidence.MODERATE)],
)
def test_an_error_beside_another_test_may_be_meant(facts_of, test, confidence):
    """The walk may find out for good that a name is wrong: less sure than an error for every walk."""
    text = (
        f"int a(struct dentry *d, unsigned int flags)\n{{\nif ({test})\nreturn -EAGAIN;\nreturn 1;\n}}\n"
        + TABLE.format("a")
    )
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "words")
    obligation = Obligation("dentry_operations", "d_revalidate", "rcu_walk", "rcu", "column", "text", source)
    (duty,), _ = WayOutRule().duties(obligation, facts_of({"fs/a.c": text}, methods=("d_revalidate",)))
    (one,) = WayOutRule().judge(duty, range(1, 99), "")

    assert (4, confidence) == (one.finding.line, one.finding.confidence)
    assert () == WayOutRule().unstarred(duty, [4])
    assert [4] == [node.line for node in WayOutRule().unstarred(duty, [])]
