"""The JSON of a run is what its schemas say, and the schemas name every field that is written."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from cocci_gen.reports.plain import Schema, as_text, report, schema_text
from cocci_gen.reports.selection import Selection, select

SCHEMAS = {name: json.loads(schema_text(name)) for name in Schema}


@pytest.fixture(scope="session")
def problems():
    """problems(name, value) -> what the schema of that name has against a value."""
    registry = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in SCHEMAS.values())

    def check(name, value):
        validator = jsonschema.Draft202012Validator(SCHEMAS[name], registry=registry)
        return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(value)]

    return check


def unnamed(value, schema, place="$"):
    """The fields of a value that its schema does not name."""
    if "$ref" in schema:
        schema = next(one for one in SCHEMAS.values() if one["$id"] == schema["$ref"])
    if isinstance(value, dict) and "properties" in schema:
        for key, one in value.items():
            if key not in schema["properties"]:
                yield f"{place}.{key}"
            else:
                yield from unnamed(one, schema["properties"][key], f"{place}.{key}")
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for one in value:
            yield from unnamed(one, schema["items"], f"{place}[]")


def lines(path):
    """The lines of a file of JSON."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("name", list(Schema))
def test_a_schema_is_a_schema_and_explains_its_fields(name):
    """A field without a word of explanation is what this issue was about."""

    def silent(schema, place):
        for key, one in schema.get("properties", {}).items():
            yield from silent(one, f"{place}.{key}")
            if place.count(".") < 1 and not one.get("description") and "const" not in one:
                yield f"{place}.{key}"

    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert [] == list(silent(SCHEMAS[name], "$"))


def test_the_files_of_a_run_are_what_their_schemas_say(record, problems):
    """Scripts are written against the schemas, not against the code."""
    folder = record.folder
    files = {
        Schema.FINDING: lines(folder / "findings.jsonl"),
        Schema.UNEXAMINED: lines(folder / "unexamined.jsonl"),
        Schema.EXAMINED: lines(folder / "examined.jsonl"),
        Schema.RUN: [json.loads((folder / "run.json").read_bytes())],
    }

    for name, values in files.items():
        assert values
        for value in values:
            assert [] == problems(name, value)
            assert [] == list(unnamed(value, SCHEMAS[name]))


def test_the_report_is_what_its_schema_says(record, problems):
    """`findings --format json` is the one document that most programs will read."""
    value = json.loads(as_text(report(record, select(record.findings, Selection(rejected=True)))))

    assert [] == problems(Schema.REPORT, value)
    assert [] == list(unnamed(value, SCHEMAS[Schema.REPORT]))
    assert (5, 6, False) == (len(value["findings"]), len(value["unexamined"]), value["complete"])


def test_the_listing_of_series_is_what_its_schema_says(demo_run, problems):
    """What becomes of a patch is followed by programs, from series.json."""
    value = json.loads((demo_run / "series" / "series.json").read_bytes())

    assert value["series"][0]["patches"]
    assert [] == problems(Schema.SERIES, value)
    assert [] == list(unnamed(value, SCHEMAS[Schema.SERIES]))


def test_the_summary_of_a_night_is_what_its_schema_says(demo_night, problems):
    """Cron jobs mail it on."""
    value = json.loads((demo_night / "summary.json").read_bytes())

    assert ["scanned", "failed"] == [one["result"] for one in value["runs"]]
    assert value["runs"][0]["new"]
    assert [] == problems(Schema.SUMMARY, value)
    assert [] == list(unnamed(value, SCHEMAS[Schema.SUMMARY]))


def test_what_a_check_prints_is_what_its_schema_says(few_cases, cocci_gen_says, need, problems, monkeypatch):
    """A bot that reads it mails people; and which commit mends what an earlier one breaks stood in the text alone."""
    need("spatch")
    tree = few_cases("linux", "early-error-return")
    monkeypatch.chdir(tree)
    (case,) = Path("fs").rglob("*.c")

    def commit(subject):
        for words in (["add", "-A"], ["commit", "-q", "-m", subject]):
            subprocess.run(["git", *words], check=True)

    Path("fs/more").mkdir()
    (Path("fs/more") / case.name).write_bytes(case.read_bytes())
    commit("more: new")
    (Path("fs/more") / case.name).unlink()
    commit("more: gone")
    words = ("--since", "HEAD~2", "--rule", "*.unlocks", "--cache", "../cache", "--format", "json", "-o", "../run")
    _, out, _ = cocci_gen_says("check", "--kernel", ".", *words)
    value = json.loads(out)

    assert [] == problems(Schema.CHECK, value)
    assert [] == list(unnamed(value, SCHEMAS[Schema.CHECK]))
    assert {value["changes"][1]["name"]} == set(value["changes"][0]["mended_by"].values())
    header = json.loads(Path("../run/run.json").read_bytes())
    assert [] == problems(Schema.RUN, header)
    assert [one["mended_by"] for one in value["changes"]] == [one["mended_by"] for one in header["change"]["changes"]]


@pytest.mark.parametrize("name", list(Schema))
def test_a_schema_is_printed_by_its_name_and_explains_no_field_twice(name, cocci_gen_says):
    """Readers take the last one, which need not be the one with the words; and a schema that no command prints helps nobody."""

    def once(pairs):
        assert len(pairs) == len(dict(pairs)), [key for key, _ in pairs]
        return dict(pairs)

    code, out, _ = cocci_gen_says("schema", name)

    assert 0 == code
    assert json.loads(schema_text(name)) == json.loads(out, object_pairs_hook=once)


def test_a_wrong_value_is_refused(record, problems):
    """A schema that takes everything would prove nothing."""
    value = lines(record.folder / "findings.jsonl")[0]

    assert problems(Schema.FINDING, {**value, "confidence": "certain"})
    assert problems(Schema.FINDING, {key: one for key, one in value.items() if key != "rule"})
    assert list(unnamed({**value, "extra": 1}, SCHEMAS[Schema.FINDING]))
