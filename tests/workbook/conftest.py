"""An organisation to import workbooks into, and the workbooks."""

import pytest

from tests.store.conftest import catalogue, theme_groups, writer  # noqa: F401 - fixtures
from tests.workbook import books
from tests.workbook.books import HEADERS, ITEMS, ROW, dataset  # noqa: F401 - for the tests


@pytest.fixture
def book(tmp_path):
    """Write datasets to an .xlsx file with real merged cells, below a title and a note."""
    return lambda *datasets, **how: books.xlsx(tmp_path / "book.xlsx", datasets, **how)


@pytest.fixture
def text(tmp_path):
    """Write datasets to a .csv file of an encoding."""
    return lambda *datasets, **how: books.text(tmp_path / "book.csv", datasets, **how)


@pytest.fixture
def jinan(clean_db, clean_index, with_plugins):
    """The organisation of a prefecture, with the theme groups."""
    from ckanext.cn_govdata.schema import organizations

    theme_groups()
    return organizations.ensure("370100")


@pytest.fixture
def run(jinan):
    """Import a file into the organisation as the command does."""
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.workbook import import_

    def run_(path, **options):
        return import_.run(path, jinan, as_site_user, **options)

    return run_
