"""What the browser looks at: harvested records, a full dataset, and one at every limit."""

from ckan.tests import factories, helpers

from tests.harvest import observed
from tests.portals import catalogue as portals
from tests.portals.server import ReplayPortal
from tests.schema.conftest import FULL, RESOURCES

PASSWORD = "correct-horse-123"
EDITOR = "bianji"
OPERATOR = "yunwei"
LAIBIN = "451300"
ORGANIZATION = "cn-370100"
FULL_NAME = "full-dataset"
LONG_NAME = "long-dataset"
HARVESTED = 30
_SETTINGS = {"rate": 0, "concurrency": 4}


def make(app):
    """Fill the empty database; return what stands in the addresses of pages."""
    from ckanext.cn_govdata.schema import organizations, themes

    with app.flask_app.test_request_context():
        themes.ensure()
        organizations.ensure("370102")
        organizations.ensure("370200")
    user = factories.User(name=EDITOR, fullname="编辑", about="", password=PASSWORD)
    factories.Sysadmin(name=OPERATOR, fullname="运维", about="", password=PASSWORD)
    member = {"object": user["id"], "object_type": "user", "capacity": "editor"}
    helpers.call_action("member_create", id=ORGANIZATION, **member)
    helpers.call_action(
        "organization_patch",
        id=ORGANIZATION,
        uscc="11100000MB0341032Y",
        government_name="济南市大数据局",
        portal_url="http://data.jinan.gov.cn/",
    )
    tags = [{"name": tag} for tag in ("医疗", "床位", "机构")]
    _dataset(name=FULL_NAME, tags=tags, resources=RESOURCES, **FULL)
    _dataset(**_long())
    return _harvest(app)


def _dataset(**data):
    helpers.call_action("package_create", owner_org=ORGANIZATION, **data)


def _long():
    word = "不间断的长标题" * 20
    items = [
        {"name_zh": f"信息项{n}", "name_en": f"COLUMN_NAME_{n}" * 4, "data_type": "C"}
        for n in range(500)
    ]
    resources = [
        {"url": f"http://data.example.gov.cn/{n}.csv", "name": f"文件{n}" * 20, "kind": "file"}
        for n in range(200)
    ]
    return {
        **FULL,
        "name": LONG_NAME,
        "title": (word * 40)[:5000],
        "notes": word * 10 + "x" * 2000,
        "tags": [{"name": f"标签{n}"} for n in range(60)],
        "data_items": items,
        "resources": resources,
        "source_extra": {f"LABEL_{'长' * 60}_{n}": "V" * 500 for n in range(20)},
    }


def _harvest(app):
    from ckanext.cn_govdata.harvest import jobs, runner, sources
    from ckanext.cn_govdata.portals import registry

    [stored] = [one for one in portals.portals() if one.portal == LAIBIN]
    options = {"context": stored.context} if stored.context else {}
    records = stored.records()[:HARVESTED]
    with (
        ReplayPortal(stored.family, records, **stored.options, **options) as replay,
        app.flask_app.test_request_context(),
    ):
        name, _ = sources.create(registry.get(LAIBIN), url=replay.base_url, settings_={**_SETTINGS})
        ended = runner.run(jobs.create(jobs.find_source(name)).id).job_id
    found = helpers.call_action(
        "package_search", fq=f"vocab_cn_portal:{LAIBIN}", sort="name asc", rows=1
    )
    assert found["count"] == HARVESTED
    return {"harvested": found["results"][0]["name"], "source": name, **_observed(name, ended)}


def _observed(name, ended):
    """A job that refused records, one that runs, one that waits, and their worker."""
    from ckan import model

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.harvest.report import JobReport

    report = JobReport("", LAIBIN, ended)
    for number in range(7):
        report.refusals.add(f"20230616-{number}", "标题为空", kind="field", field="title")
    report.refusals.add("一" * 80 + "x" * 120, "字段过长" * 30, kind="database", value="值" * 200)
    report.save_errors()
    row = jobs.find_source(name)
    running, waiting = jobs.create(row), jobs.create(row)
    jobs.start(running.id)
    ids = {"ended": ended, "running": running.id, "waiting": waiting.id}
    source_id = row.id
    model.Session.commit()
    observed.worker(lives_on=True)
    numbers = {"listed": 1234, "total": 5678, "added": 12, "unchanged": 1222, "requests": 57}
    observed.running(ids["running"], source_id, seconds=100, **numbers)
    observed.waiting(ids["waiting"], source_id, manual=True)
    return ids
