"""docs/dcat-mapping.md says what the code does."""

from __future__ import annotations

from tools.dcat_mapping import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tools.dcat_mapping"
