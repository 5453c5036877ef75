"""Each fault comes to its outcome; the table in the documentation is what was measured."""

from __future__ import annotations

import pytest

from .__main__ import PAGE, row
from .cases import CASES
from .measure import measure


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_fault_comes_to_its_outcome(case):
    measured = measure(case)
    assert measured.report.outcome is case.outcome, measured.words
    assert case.says in measured.words
    if case.read is not None:
        assert measured.read == case.read
    if case.waits is not None:
        assert measured.waits == case.waits
    if case.findings:
        assert case.findings in measured.findings
    if measured.report.outcome != "complete":
        assert measured.report.reason
    assert row(case, measured) in PAGE.read_text(encoding="utf-8"), "run make faults"
