"""The list of refused records: bounded, and never growing by repetition."""

import pytest

from tests.store import look, sample

pytestmark = pytest.mark.usefixtures("clean_db")


def errors_of(numbers, reason="no title", kind="refused", **more):
    from ckanext.cn_govdata.store.errors import Error

    return [Error(f"id-{number}", reason, kind, **more) for number in numbers]


def new_job(source_id):
    from ckanext.harvest.model import HarvestJob, HarvestSource

    job = HarvestJob(source=HarvestSource.get(source_id))
    job.save()
    return job.id


def rows():
    from ckanext.cn_govdata.store.tables import error_table

    return look.count(error_table)


def test_groups_have_counts_and_examples_with_their_datasets(catalogue, writer):
    from ckan import model

    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.store import errors

    writer.write(sample.items(1))
    errors.save(catalogue.job, errors_of(range(8)))
    errors.save(catalogue.job, errors_of([9], "too long", "field", field="title", value="x" * 300))
    model.Session.commit()
    first, second = errors.groups(catalogue.job)
    assert (first["kind"], first["reason"], first["count"]) == ("refused", "no title", 8)
    assert len(first["examples"]) == errors.EXAMPLES
    known = {one["source_id"]: one["package_id"] for one in first["examples"]}
    assert known["id-0"] == identity.package_id(sample.PORTAL, "id-0")
    assert known["id-1"] is None
    assert (second["kind"], second["field"], second["count"]) == ("field", "title", 1)
    assert second["examples"][0]["value"] == "x" * 200


def test_all_rows_come_page_by_page(catalogue, monkeypatch):
    from ckanext.cn_govdata.store import errors

    monkeypatch.setattr(errors, "_PAGE", 7)
    errors.save(catalogue.job, errors_of(range(20)) + errors_of(range(20), kind="detail"))
    found = [(row["kind"], row["source_id"]) for row in errors.rows(catalogue.job)]
    assert len(found) == len(set(found)) == 40
    assert found == sorted(found)


def test_a_job_has_a_limit_and_a_record_counts_once(catalogue, monkeypatch):
    from ckanext.cn_govdata.store import errors

    monkeypatch.setattr(errors, "MOST", 10)
    assert errors.save(catalogue.job, errors_of(range(6))) == 0
    errors.save(catalogue.job, errors_of(range(3)))  # a job that is continued
    assert rows() == 6
    assert errors.save(catalogue.job, errors_of(range(6, 20))) == 10
    assert rows() == 10


def test_nights_that_refuse_the_same_do_not_grow_the_table(catalogue):
    from ckan import model

    from ckanext.cn_govdata.store import errors

    numbers = []
    jobs = [catalogue.job, *(new_job(catalogue.source) for _ in range(4))]
    for job in jobs:
        errors.save(job, errors_of(range(5)))
        model.Session.commit()
        numbers.append(rows())
    assert numbers == [5, 10, 10, 10, 10]
    assert [errors.count(job) for job in jobs] == [0, 0, 0, 5, 5]


def test_other_sources_keep_theirs(catalogue):
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.store import errors

    other = HarvestSource(url="http://other.example.cn/", type="cn_portal")
    other.save()
    job = HarvestJob(source=other)
    job.save()
    errors.save(job.id, errors_of(range(3)))
    for _ in range(3):
        errors.save(new_job(catalogue.source), errors_of(range(2)))
    assert errors.count(job.id) == 3


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "中" * 5000, "", "'; DROP TABLE x; --"])
def test_any_text_is_kept_or_cut(catalogue, text):
    from ckan import model

    from ckanext.cn_govdata.store import errors
    from ckanext.cn_govdata.store.errors import Error

    errors.save(catalogue.job, [Error(text, text, text, text, text)])
    model.Session.commit()
    [row] = errors.rows(catalogue.job)
    assert len(row["value"]) <= 200
    assert "\0" not in row["reason"]


def test_the_report_writes_each_record_once(catalogue):
    from ckanext.cn_govdata.harvest.report import JobReport
    from ckanext.cn_govdata.store import errors

    report = JobReport("s", sample.PORTAL, catalogue.job)
    report.refusals.add("1", "no title")
    report.save_errors()
    report.refusals.add("2", "too long", kind="field", field="title", value="长")
    report.save_errors()
    report.save_errors()
    found = {row["source_id"]: row for row in errors.rows(catalogue.job)}
    assert set(found) == {"1", "2"}
    assert (found["2"]["kind"], found["2"]["field"], found["2"]["value"]) == (
        "field",
        "title",
        "长",
    )
    assert report.refused == 2
    without_job = JobReport("s", sample.PORTAL, None)
    without_job.refusals.add("3", "no title")
    without_job.save_errors()
    assert rows() == 2
