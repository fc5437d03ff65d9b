"""What a method frees at once, with the place in its own folder: a finding elsewhere would blame the library."""

from cocci_gen.facts.sleeps.early_frees import EarlyFree, EarlyFrees

LIBRARY = """\
void table_unload(struct table *t) { if (t) kfree(t); }
void shut_down(struct super_block *sb) { kfree(sb->s_own); }
"""
OWN = """\
static void empty(struct info *info) { table_unload(info->table); }
static void kill(struct super_block *sb) { struct info *info = sb->s_fs_info; shut_down(sb); empty(info); again(info); }
static void again(struct info *info) { again(info); if (info->busy) rcu_barrier(); kmem_cache_free(cache, info); }
"""


def frees(facts_of, name="kill"):
    """What a method of fs/box frees."""
    facts = facts_of({"fs/box/a.c": OWN, "lib/table.c": LIBRARY})
    (definition,) = facts.index.definitions(name)
    return [
        one
        for one in EarlyFrees(facts.index).of(definition, facts.index.graph(definition), "fs/box")
        if isinstance(one, EarlyFree)
    ]


def test_the_place_is_the_last_call_of_the_file_system(facts_of):
    """The library frees for many; who calls it must wait. The VFS does as it likes with its own."""
    found = {one.path[-1]: (one.graph.name, one.call.callee, one.by) for one in frees(facts_of)}
    assert found == {
        "table": ("empty", "table_unload", "kfree"),
        "s_fs_info": ("again", "kmem_cache_free", "kmem_cache_free"),
    }


def test_a_way_without_a_wait_counts(facts_of):
    """A grace period on one of two ways helps nobody on the other; a function that calls itself ends the search."""
    (one,) = (one for one in frees(facts_of) if one.graph.name == "again")
    assert [one.graph.nodes[decision.node].text for decision in one.way.decisions] == ["info->busy"]
    assert [step.note for step in one.steps] == ["kill() calls again()"]


def test_a_wrapper_in_a_header_is_not_the_place(facts_of):
    """`own_free(p)` of the file system frees for all of it: its caller is who must wait."""
    own = "static void kill(struct super_block *sb) { own_free(sb->s_fs_info); }\n"
    header = "static inline void own_free(void *p) { kvfree(p); }\n"
    facts = facts_of({"fs/box/a.c": own, "fs/box/a.h": header})
    (definition,) = facts.index.definitions("kill")
    (one,) = EarlyFrees(facts.index).of(definition, facts.index.graph(definition), "fs/box")
    assert isinstance(one, EarlyFree)
    assert (one.graph.name, one.call.callee, one.by) == ("kill", "own_free", "kvfree")
