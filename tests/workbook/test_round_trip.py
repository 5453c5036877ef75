"""Real records through the workbook and back: nothing differs."""

import pytest

from tests.store import sample


@pytest.mark.smoke
def test_real_records_come_back_equal(clean_db, clean_index, tmp_path):
    from tests.fidelity import round_trip

    report = round_trip.run([item.record for item in sample.items(120)], tmp_path)
    assert (report.examples, sum(report.differences.values())) == ([], 0)
    assert report.records == 120
    assert report.rows >= 240
    assert report.counts["import into an empty catalogue"]["created"] == 120
    assert [counts["unchanged"] for counts in report.counts.values()] == [120, 120, 0, 120]


def test_a_difference_is_found(clean_db, clean_index, tmp_path, monkeypatch):
    from ckanext.cn_govdata.workbook import rows
    from tests.fidelity import round_trip

    shown = rows._fields

    def lossy(package):
        return {**shown(package), "provider_unit": None, "notes": "别的摘要"}

    monkeypatch.setattr(rows, "_fields", lossy)
    report = round_trip.run([item.record for item in sample.items(5)], tmp_path)
    assert report.differences["CKAN → .xlsx → empty CKAN: notes"] == 5
