"""Whether a call may return an error number: a branch for one that never comes is dead code, and no fault."""

import pytest

from cocci_gen.facts.pages.returned_codes import Brings, ReturnedCodes

LIBRARY = """\
static int last(int flags) { if (flags & NOWAIT) return -EAGAIN; return -ENOMEM; }
static int or_more(int flags) { flags |= NOWAIT; return last_of(flags); }
static int last_of(int flags) { flags |= LOCK; if (flags & NOWAIT) return -EAGAIN; return 0; }
static void *made(int n)
{
	int err = -ENOENT;
	void *p;

	if (n) {
		err = last(LOCK | CREAT);
		return ERR_PTR(err);
	}
	p = plain(-EBUSY);
	return p;
}
static void *plain(int n) { other(-EBUSY); log = -EIO; return 0; }
static int again(int n) { int err = 0; if (n) err = again(n - 1); return err; }
static int pointed(struct ops *o) { int err = o->get(); return err; }
static int hidden(void) { return nowhere(); }
static int broken(void) { int = ; return 0; }
"""


@pytest.fixture
def brings(facts_of):
    """brings(call, code) -> what is said of the value of the call."""

    def ask(call, code):
        facts = facts_of({"fs/a.c": f"{LIBRARY}static void ask(void) {{ {call}; }}\n"})
        (definition,) = facts.index.definitions("ask")
        (one,) = [one for one in facts.index.graph(definition).calls() if call.startswith(one.callee)]
        return ReturnedCodes(facts.index).of_call(one, "fs/a.c", code, {})

    return ask


@pytest.mark.parametrize(
    ("call", "code", "expected"),
    [
        ("last(flags)", "-EAGAIN", Brings.YES),
        ("last(LOCK | NOWAIT)", "-EAGAIN", Brings.YES),
        ("last(LOCK | CREAT)", "-EAGAIN", Brings.NO),
        ("last(NOWAIT)", "-ENOMEM", Brings.NO),
        ("last_of(CREAT)", "-EAGAIN", Brings.NO),
        ("or_more(CREAT)", "-EAGAIN", Brings.YES),
        ("made(1)", "-ENOMEM", Brings.YES),
        ("made(1)", "-EAGAIN", Brings.NO),
        ("made(1)", "-EBUSY", Brings.NO),
        ("made(1)", "-EIO", Brings.NO),
        ("again(1)", "-EIO", Brings.NO),
        ("pointed(o)", "-EIO", Brings.PERHAPS),
        ("hidden()", "-EIO", Brings.PERHAPS),
        ("broken()", "-EIO", Brings.PERHAPS),
    ],
)
def test_what_a_call_may_return(brings, call, code, expected):
    """Two sure findings of gem drivers and one of kvm stood behind numbers that nothing returns there."""
    assert expected is brings(call, code)
