"""A site's own schema with our fields: scheming loads it, and nothing of the site's is lost."""

import json

import pytest
import yaml
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.cli import cn_govdata
from ckanext.cn_govdata.schema import merge

OWN = {
    "scheming_version": 1,
    "dataset_type": "dataset",
    "about": "Data of a city",
    "about_url": "https://data.example.gov.cn",
    "after_validators": "ignore",
    "sections": [{"id": "city", "label": "City"}],
    "dataset_fields": [
        {"field_name": "title", "label": "Name", "preset": "title"},
        {"field_name": "name", "label": "URL", "preset": "dataset_slug"},
        {"field_name": "owner_org", "label": "Body", "preset": "dataset_organization"},
        {"field_name": "street", "label": "Street", "section": "city"},
    ],
    "resource_fields": [{"field_name": "url", "label": "Address", "preset": "resource_url_upload"}],
}


def own(**changes):
    return {**OWN, **changes}


def test_the_site_s_file_plus_our_fields():
    merged, clashes = merge.merge(merge.read(json.dumps(OWN)))
    assert clashes == []
    names = [field["field_name"] for field in merged["dataset_fields"]]
    assert names[:4] == ["title", "name", "owner_org", "street"]
    ours = {field["field_name"] for field in merge.ours()["dataset_fields"]}
    assert ours <= set(names)
    assert len(names) == len(set(names)) == len(ours) + 1
    title = merged["dataset_fields"][0]
    assert (title["label"], title["preset"]) == ("Name", "title")
    assert title["obligation"]["county"] == "M"
    assert [section["id"] for section in merged["sections"]][:2] == ["city", "identification"]
    assert merged["after_validators"] == "ignore cn_govdata_after"
    assert (merged["about"], merged["scheming_version"]) == ("Data of a city", 2)
    assert merge.read(merge.as_yaml(merged)) == merged


def test_ours_merged_with_itself_is_ours():
    merged, clashes = merge.merge(merge.ours())
    assert (merged, clashes) == (merge.ours(), [])


def test_a_clash_is_named_and_yours_stays():
    frequency = {"field_name": "frequency", "label": "Rhythm", "preset": "select", "choices": [1]}
    items = {"field_name": "data_items", "repeating_subfields": [{"field_name": "a"}]}
    fields = [*OWN["dataset_fields"], frequency, items]
    merged, clashes = merge.merge(own(dataset_fields=fields))
    assert [(each.part, each.field_name) for each in clashes] == [
        ("dataset_fields", "frequency"),
        ("dataset_fields", "data_items"),
    ]
    assert frequency in merged["dataset_fields"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1, 2", "neither YAML nor JSON"),
        ("a: 1", "no dataset_fields"),
        ("dataset_fields: [{label: x}]", r"dataset_fields\[0\] has no field_name"),
    ],
)
def test_what_is_no_schema(text, reason):
    with pytest.raises(merge.NotASchema, match=reason):
        merge.read(text)


def test_the_command_writes_nothing_while_something_clashes(cli, tmp_path):
    domain = {"field_name": "domain", "label": "Domain", "preset": "select", "choices": []}
    path, out = tmp_path / "own.yaml", tmp_path / "merged.yaml"
    path.write_text(yaml.safe_dump(own(dataset_fields=[*OWN["dataset_fields"], domain])), "utf-8")
    words = ["schema", "merge", str(path), "--out", str(out)]
    refused = cli.invoke(cn_govdata, words)
    assert refused.exit_code == 1
    assert "dataset_fields: domain: yours" in refused.output
    assert not out.exists()
    decided = cli.invoke(cn_govdata, [*words, "--keep-own", "domain"])
    assert decided.exit_code == 0, decided.output
    assert domain in yaml.safe_load(out.read_text("utf-8"))["dataset_fields"]


@pytest.mark.smoke
@pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
def test_scheming_takes_the_merged_schema(jinan, monkeypatch):
    from ckanext.scheming import plugins as scheming

    text = merge.as_yaml(merge.merge(merge.read(json.dumps(OWN)))[0])
    schemas = {"dataset": merge.read(text)}
    plugin = scheming.SchemingDatasetsPlugin.instance
    monkeypatch.setattr(plugin, "_schemas", schemas)
    monkeypatch.setattr(plugin, "_expanded_schemas", scheming._expand_schemas(schemas))
    stated = {"title": "停车场", "name": "parking", "street": "泉城路", "frequency": "monthly"}
    created = call_action("package_create", owner_org=jinan, state="draft", **stated)
    assert {name: created[name] for name in stated} == stated
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_patch", id=created["id"], frequency="no code")
    assert "frequency" in refused.value.error_dict
