"""Reports of a module outside the kernel: its own source beside its findings, the rules from the kernel that it was laid over."""

import json

import pytest

CODE = b"""\
#include <linux/fs.h>
static int mod_read_folio(struct file *file, struct folio *folio)
{
	if (!folio->mapping)
		return -EIO;
	folio_unlock(folio);
	return 0;
}
const struct address_space_operations mod_aops = { .read_folio = mod_read_folio };
"""


@pytest.fixture
def module_run(need, tmp_path, demo_tree, cocci_gen_says):
    """The run folder of a module with one breach."""
    need("spatch")
    folder = tmp_path / "mod"
    folder.mkdir()
    (folder / "mod.c").write_bytes(CODE)
    (folder / "Makefile").write_text("obj-m := mod.o\n")
    words = ("scan", "--kernel", demo_tree, "--module", folder, "-o", tmp_path / "run", "--cache", tmp_path / "cache")
    assert 1 == cocci_gen_says(*words, "-j", 1)[0]
    return tmp_path / "run"


def test_the_page_and_the_explanation_know_both(module_run, cocci_gen_says):
    """The file lies in the module, the row in the kernel; each must be read where it is."""
    page = cocci_gen_says("findings", module_run, "--format", "html")[1]
    rule = cocci_gen_says("explain", module_run, "read_folio.unlocks")[1]

    assert "cannot be shown" not in page
    assert "(binds here)" in page
    assert "return</span> -EIO;" in page
    assert "read as the kind unlocks" in rule
    assert "mod_read_folio() returns with the folio locked" in rule


def test_paths_are_those_of_the_module(module_run, cocci_gen_says):
    """A CI of the module annotates its own files."""
    [finding] = json.loads(cocci_gen_says("findings", module_run, "--format", "json")[1])["findings"]
    run = json.loads(cocci_gen_says("findings", module_run, "--format", "sarif")[1])["runs"][0]

    assert "mod.c" == finding["file"]
    assert ["mod.c"] == [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"].endswith("/mod/")


def test_a_viewer_finds_the_rule_in_the_kernel(module_run, demo_tree, cocci_gen_says):
    """The document is no part of the module: a link to it below the module's folder leads nowhere."""
    run = json.loads(cocci_gen_says("findings", module_run, "--format", "sarif")[1])["runs"][0]
    rule = run["results"][0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]

    assert ("Documentation/filesystems/locking.rst", "KERNELROOT") == (rule["uri"], rule["uriBaseId"])
    assert f"file://{demo_tree}/" == run["originalUriBaseIds"]["KERNELROOT"]["uri"]
