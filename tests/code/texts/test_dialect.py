"""`dialect`: shapes that only the kernel's macros explain are read, every byte and line in its place."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.dialect import closing, repaired, with_plain_arguments, with_plain_heads
from cocci_gen.code.texts.source import file_facts

ARGUMENTS = [
    (b"p = kzalloc_obj(struct pond);", b"p = kzalloc_obj(       pond);"),
    (b"q = container_of(p, struct pond, list);", b"q = container_of(p,        pond, list);"),
    (b"n = min_t(unsigned int, a, b);", b"n = min_t(T___________, a, b);"),
    (b"n = min_t(const size_t, a, b);", b"n = min_t(      size_t, a, b);"),
    (b"v = kmalloc_objs(u8 *, n);", b"v = kmalloc_objs(u8  , n);"),
    (b"ASSERTCMP(a, >=, b);", b"ASSERTCMP(a, __, b);"),
    (b"n = offsetof(struct pond, a.b[c]);", b"n = offsetof(struct pond, a     );"),
    (b"n = sizeof(struct pond *);", b"n = sizeof(struct pond *);"),
    (b"return (struct pond *)p;", b"return (struct pond *)p;"),
    (b"int f(struct pond *p, unsigned int n, void *q)", b"int f(struct pond *p, unsigned int n, void *q)"),
    (b"int f(void)", b"int f(void)"),
    (b"case 5 ... 16:", b"case ______16:"),
    (b"lowercase 5 ... 16:", b"lowercase 5 ... 16:"),
]


@pytest.mark.parametrize(("text", "plain"), ARGUMENTS)
def test_types_and_operators_among_arguments_become_names(text, plain):
    """563 functions of 7.3 were not read whole because they allocate with kzalloc_obj(struct X); a declaration must stay one."""
    assert plain == with_plain_arguments(text)


WHOLE = {
    "case range": "switch (x) {\n\tcase 5 ... 16:\n\t\treturn 1;\n\t}",
    "block macro": "with_pond_creds(x) {\n\t\tf(x);\n\t}",
    "block macro without braces": "with_pond_creds(x)\n\t\tf(x);\n\tg(x);",
    "macro without semicolon": "DEC_PONDS(x)\n\tf(x);",
    "statement as argument": "POND_ASSERT(x, dump(x););\n\tf(x);",
    "wrapped statement": "f(x);\n\tD1(if (x) g(x));",
    "static macro": "f(x);\n\tstatic DEFINE_POND_STATE(rs, 10, 1);\n\tg(x);",
    "auto": "const auto y = f(x);\n\n\tg(y);",
    "type of a member": "f(x);\n\ttypeof_member(struct pond, open) open;\n\tg(x);",
    "do each": "do_each_pond(p, x) {\n\t\tf(p);\n\t} while_each_pond(p, x);",
}


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_a_function_with_such_a_statement_is_whole(body):
    """What is not whole proves nothing: each such shape would cost the verdict on its function."""
    graph = graph_of(f"int f(int x)\n{{\n\t{body}\n\treturn 0;\n}}".encode(), 1)

    assert graph is not None
    assert graph.whole
    assert body.count("\n") + 4 == graph.nodes[-1].line or graph.nodes[-1].kind == "return"


@pytest.mark.parametrize(
    "words", ["static forceinline bool", "noinline_for_pond int", "static struct pond *", "POND_EXPORT u32"]
)
def test_words_before_a_head_that_are_no_type_are_no_obstacle(words):
    """`forceinline` and its brothers are defined somewhere else; the function is the same without them."""
    graph = graph_of(f"{words} f(int x)\n{{\n\treturn g(x);\n}}".encode(), 1)

    assert graph is not None
    assert ("f", True) == (graph.name, graph.whole)


def test_bytes_and_lines_stay():
    """Functions are cut at byte offsets, findings stand on lines."""
    text = b"int f(int x)\n{\n\tD1(if (x)\n\t\tg(x));\n\tRUN(x, a(); b(););\n\twith(x)\n\t\th(x);\n}"

    assert len(text) == len(repaired(text))
    assert text.count(b"\n") == repaired(text).count(b"\n")


def test_a_bracket_in_a_string_closes_nothing():
    """`f(")")` ends at its own bracket."""
    assert 7 == closing(b'f(")" ,)', 1)


def test_types_among_arguments_do_not_hide_the_next_function():
    """An ERROR node may swallow what follows it."""
    text = b"int f(void)\n{\n\treturn !alloc_percpu(struct a);\n}\nint g(void)\n{\n\treturn 0;\n}\n"

    assert [("f", True), ("g", True)] == [(span.name, span.whole) for span in file_facts(text, frozenset()).functions]


@pytest.mark.parametrize(
    ("head", "plain"),
    [
        ("SYSCALL_DEFINE2(dig, int, fd,\n\t\tvoid __user *, at)", "static long dig(int fd, void __user * at)"),
        ("COMPAT_SYSCALL_DEFINE1(dig, u32, depth)", "static long dig(u32 depth)"),
        ("SYSCALL_DEFINE0(dig)", "static long dig()"),
    ],
)
def test_a_system_call_is_a_function(head, plain):
    """All of fs/ and mm/ have 270 of them, and none was looked at: what their heads are only a macro says."""
    text = f"{head}\n{{\n\treturn fall(1);\n}}\n".encode()
    shown = with_plain_heads(text)

    assert (len(text), text.count(b"\n")) == (len(shown), shown.count(b"\n"))
    words = shown.partition(b"\n{")[0].decode().split()
    assert plain.replace(" ", "") == "".join(words)
    assert ["dig"] == [one.name for one in file_facts(text, frozenset()).functions]
