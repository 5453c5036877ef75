"""Every family that can be replayed, from its wire format into CKAN and its index."""

import json
from urllib.parse import urlsplit

import pytest

from ckanext.cn_govdata.portals import registry
from tests.fidelity import stock
from tests.fidelity.replay import _division, _options
from tests.fidelity.test_replay import cells_of, portal_of
from tests.portals.families import families
from tests.portals.server import ReplayPortal

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
RECORDS = 4


@pytest.mark.parametrize("family", sorted(families()))
def test_records_of_a_family_become_datasets(family, app, tmp_path):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import jobs, runner, sources
    from ckanext.cn_govdata.schema import themes

    portal = registry.get(portal_of(family))
    path = tmp_path / f"{portal.portal_id}.jsonl"
    rows = [json.dumps(cells, ensure_ascii=False) for cells in cells_of(family)[:RECORDS]]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    division = _division(portal.parameters) or portal.division_code
    records = stock.load(path, family, division, None).records
    with ReplayPortal(family, records, **_options(portal)) as replay:
        address = replay.base_url + urlsplit(portal.url).path
        with app.flask_app.test_request_context():
            themes.ensure()
            name, _ = sources.create(portal, url=address, settings_={"rate": 0})
            first = runner.run(jobs.create(jobs.find_source(name)).id)
            again = runner.run(jobs.create(jobs.find_source(name)).id)
    assert first.went_well, first.problems()
    assert (first.added, first.refused) == (len(records), 0)
    assert (again.went_well, again.added, again.changed) == (True, 0, 0)
    found = tk.get_action("package_search")({}, {"fq": "dataset_type:dataset", "rows": 100})
    assert {each["source_id"] for each in found["results"]} == {record.id for record in records}
    assert all(each["portal_id"] == portal.portal_id for each in found["results"])
    assert all(each["resources"] or each["source_extra"] for each in found["results"])
