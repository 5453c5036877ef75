"""A portal that changes its shape: the job stops as broken before anything is overwritten."""

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")
RENAMED = ("更新频率", "更新周期说明")


def rename_label(monkeypatch, old, new):
    """The portal's pages bear another label from now on."""
    from tests.portals.families import inspur_html

    shown = inspur_html.detail_page
    monkeypatch.setattr(inspur_html, "detail_page", lambda *args: shown(*args).replace(old, new))


def frequencies():
    from ckan.plugins import toolkit as tk

    found = tk.get_action("package_search")({}, {"fq": "dataset_type:dataset", "rows": 100})
    return sorted(d.get("frequency_text") or "" for d in found["results"])


def touch(lb, numbers):
    for number in numbers:
        lb.replay.records[number] = lb.replay.records[number].changed(更新时间="2026-11-01")


def test_a_renamed_label_is_named_and_nothing_is_overwritten(portal, monkeypatch):
    lb = portal(size=30)
    lb.run()
    before = frequencies()
    assert before[0]
    rename_label(monkeypatch, *RENAMED)
    lb.replay._rendered.clear()
    touch(lb, range(10))
    report = lb.run()
    assert report.listing.outcome.value == "broken"
    assert "frequency_text in 10 of 10 records, looked for by label:更新频率" in (
        report.listing.reason
    )
    assert (report.changed, report.withdrawn, report.went_well) == (0, 0, False)
    assert frequencies() == before
    # A person says that it is meant so.
    accepted = lb.run(accept_shape=True)
    assert (accepted.listing.outcome.value, accepted.changed) == ("complete", 10)
    assert frequencies() != before
    assert lb.run().went_well


def test_evidence_of_several_nights_counts_together(portal, monkeypatch):
    lb = portal(size=20)
    lb.run()
    rename_label(monkeypatch, *RENAMED)
    lb.replay._rendered.clear()
    outcomes = []
    for number in range(4):
        touch(lb, [number])
        outcomes.append(lb.run().listing.outcome.value)
    assert outcomes == ["complete", "complete", "broken", "broken"]
    # The portal bears the old label again: no evidence is left over.
    monkeypatch.undo()
    lb.replay._rendered.clear()
    assert lb.run().went_well


def test_editors_who_empty_a_field_raise_no_alarm(portal):
    lb = portal(size=30)
    lb.run()
    for number in range(8):
        empty = {"更新频率": ""} if number < 4 else {}
        lb.replay.records[number] = lb.replay.records[number].changed(
            更新时间="2026-11-01", **empty
        )
    report = lb.run()
    assert report.went_well, report.problems()
    assert report.changed == 8


def test_titles_that_are_gone_break_the_listing(portal):
    lb = portal(size=20)
    lb.run()
    lb.replay.records[:] = [record.changed(标题="") for record in lb.replay.records]
    report = lb.run()
    assert report.listing.outcome.value == "broken"
    assert "title" in report.listing.reason
    assert (report.changed, report.withdrawn) == (0, 0)
