"""Stage 3 `outline`: what a file may define, found without parsing it; it may name too much, never too little."""

import pytest

from cocci_gen.code.texts.outline import outline, static_alone
from cocci_gen.code.texts.source import EVERY, file_facts

HEADS = {
    "plain": "int demo(int x)\n{\n}\n",
    "of a system call": "SYSCALL_DEFINE1(demo, int, x)\n{\n}\n",
    "on one line, indented": "\tint demo(int x) { return x; }\n",
    "behind its type": "static struct x *\ndemo (void) {\n}\n",
    "with an attribute behind": "int demo(int x) __acquires(x->lock)\n{\n}\n",
    "with brackets": "int (demo)(int x)\n{\n}\n",
    "returning a function": "int (*demo(int x))(void)\n{\n\treturn f;\n}\n",
    "comments with semicolons": "int demo(int a, /* 0: a; 1: b */\n\tint b, /* c; d */\n\tint c /* { */)\n{\n}\n",
    "line comments with semicolons": "// x\nint demo(int a, // one; or two\n\tint b)\n{\n}\n",
    "behind a macro": "#define X(a) do { a; } while (0)\n\nint demo(int x)\n{\n}\n",
    "heads under a condition": "#ifdef A\nint demo(int a)\n#else\nint demo(int a, int b)\n#endif\n{\n}\n",
    "a body under a condition": "int demo(int a)\n#if 0\n;\n#else\n{\n}\n#endif\n",
    "as C was written once": "int demo(a, b)\nint a;\nchar *b;\n{\n\treturn a;\n}\n",
    "behind the end of a macro": "#define each(p) \\\n\tfor (; (p); \\\n\t     (p) = next(p))\n\nint demo(int x)\n{\n}\n",
    "indented behind a macro": "#ifdef A\n# define b() do { c(); } while (0)\n#else\n  int demo(int x) { return x; }\n#endif\n",
    "behind a macro that is given an assignment": "DEFINE_LOCK_GUARD_0(a, b->c = d(),\n\te(b))\n\nint demo(int x)\n{\n}\n",
    "behind a line comment that ends in a comma": "int demo(int a) // once,\n{\n}\n",
    "behind an initialiser under a condition": "#ifdef A\nstruct x y = {\n\t.a = b(c),\n#ifdef D\n\t.d = d,\n#endif\n};\n#endif\n"
    "int demo(int x)\n{\n}\n",
    "behind a word in quotes": 'char *s = "{;";\nint demo(int x)\n{\n}\n',
}
ENTRIES = {
    "a table": "struct x_ops o = {\n\t.open = demo,\n};\n",
    "the last entry": "struct x_ops o = { .open = demo };\n",
    "the address of it": "struct x_ops o = { .open = &demo, };\n",
    "a cast": "struct x_ops o = { .open = (void (*)(int))demo, };\n",
    "a remark": "struct x_ops o = { .open = /* why */ demo /* so */, };\n",
    "a nested one": "struct x_ops o = { .inner.open = demo, .many[0] = demo };\n",
    "an assignment": "void f(struct x *x)\n{\n\tx->ops.open = demo;\n\tx->open = demo;\n}\n",
    "an assignment over lines": "void f(struct x *x)\n{\n\tx->ops\n\t\t.open = demo;\n}\n",
    "a macro": "#define OPS(fn) { .open = fn }\nstruct x_ops o = OPS(demo);\n",
    "a macro that names it": "#define OPS \\\n\t.open = demo\nstruct x_ops o = { OPS };\n",
    "a call that hands it on": "int f(void)\n{\n\treturn write_cache_pages(m, w, demo, 0);\n}\n",
    "a loop": "void f(struct x *x)\n{\n\tfor (;; x->open = demo)\n\t\tg(x);\n}\n",
    "an index": "void f(void)\n{\n\tt[x->open = demo] = 1;\n}\n",
}


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
def test_whatever_is_parsed_as_a_function_is_in_the_outline(text):
    """A function whose file is not parsed has no effects, and a rule that binds it no finding."""
    found = {span.name.encode() for span in file_facts(text.encode(), EVERY).functions}

    assert b"demo" in outline(text.encode()).functions >= found


@pytest.mark.parametrize("text", ENTRIES.values(), ids=ENTRIES)
def test_whatever_is_parsed_as_an_entry_is_in_the_outline(text):
    """A table whose file is not parsed binds nobody."""
    entries = file_facts(text.encode(), EVERY).entries
    found = outline(text.encode())

    assert entries
    assert {entry.method.encode() for entry in entries if entry.tag} <= found.tabled
    assert {entry.method.encode() for entry in entries if not entry.tag} <= found.assigned
    assert {entry.tag.encode() for entry in entries} - {b""} <= found.tags
    assert {entry.function.encode() for entry in entries} == {b"demo"} <= found.targets


def test_what_is_only_called_or_read_is_not_in_the_outline():
    """An outline of everything would have everything parsed."""
    text = b"int f(struct x *x)\n{\n\tif (called(x))\n\t\treturn x->a == b;\n\tx->n = g(x);\n\tx->m |= FLAG;\n\treturn 0;\n}\n"
    found = outline(text)

    assert ({b"f"}, set(), set()) == (found.functions, found.tabled | found.assigned, found.targets)


@pytest.mark.parametrize(
    "text",
    [
        "static const u32 t[] = {\n\tBIT(3), { BIT(4) },\n\t[BIT(5)] = {\n\t\t1 },\n};\n",
        "#define A BIT(3)\n#define B \\\n\tBIT(4)\nstatic inline int f(void)\n{\n}\n",
        "#if IS_ENABLED(A)\nint g;\n#endif\nint f(void)\n{\n}\n",
        "#ifdef A\nint g(int a)\n{\n\tBIT(a);\n\treturn kfree(a);\n}\n#endif\nint f(void)\n{\n}\n",
        (
            "int f(void)\n{\nout:\n\tif (IS_ERR(a)) {\n\t}\n#ifdef A\n\tif (BIT(a)) {\n\t}\n#endif\n"
            "\tcase B:\n\twhile (kfree(a)) {\n\t}\n}\n"
        ),
        "int f(void)\n{\n\tx = (struct x) { BIT(3) };\n\treturn g(&(struct y) { ({ kfree(a); }) }) + ({ 1; });\n}\n",
    ],
)
def test_calls_before_a_brace_are_no_functions(text):
    """A file that only calls BIT() in an initialiser would be parsed whenever any function calls BIT()."""
    assert not {b"BIT", b"kfree", b"IS_ERR", b"IS_ENABLED"} & outline(text.encode()).functions


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("static int reset(void)\n{\n}\n", True),
        ("static inline struct a *\nreset(void)\n{\n}\nint f(void)\n{\n\treturn reset();\n}\n", True),
        ("static int reset(void);\n\nstatic int reset(void)\n{\n}\n", True),
        ("int reset(void)\n{\n}\n", False),
        ("int f(void)\n{\n\treturn reset();\n}\n", False),
        ("static int reset(void);\n\nint reset(void)\n{\n}\n", False),
        ("static int reset(void)\n{\n}\nEXPORT_SYMBOL(reset);\n", False),
        ("static int reset(void)\n{\n}\n#define MADE int reset(int a)\n", False),
        ("static __printf(1, 2) int reset(void)\n{\n}\n", False),
        ("static int\nother(void)\n{\n}\nint\nreset(void)\n{\n}\n", False),
        ("static int reset(void)\n{\n}\nDEFINE(int, reset)\n", False),
    ],
)
def test_only_a_function_that_is_surely_static_is_not_parsed(text, alone):
    """A function that others see and that is taken for a driver's own would be a call that nobody follows."""
    assert alone is static_alone(text.encode(), "reset")
