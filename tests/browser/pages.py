"""Every page of the suite that a person looks at."""

from dataclasses import dataclass

from tests.browser.catalogue import EDITOR, FULL_NAME, LONG_NAME, OPERATOR, ORGANIZATION


@dataclass(frozen=True)
class Page:
    """A page by name, and what is done on it before it is looked at."""

    name: str
    path: str  # `{harvested}` stands for a harvested dataset; see `catalogue.make`
    user: str | None = None
    picker: str = ""
    resource: bool = False


PAGES = (
    Page("search", "/dataset/"),
    Page("search-filtered", "/dataset/?vocab_cn_province=370000&vocab_cn_open=2&share_type=2"),
    Page("search-without-hits", "/dataset/?q=xyzzy&vocab_cn_division=370100"),
    Page("dataset", f"/dataset/{FULL_NAME}"),
    Page("dataset-editor", f"/dataset/{FULL_NAME}", user=EDITOR),
    Page("dataset-harvested", "/dataset/{harvested}"),
    Page("dataset-long", f"/dataset/{LONG_NAME}"),
    Page("resource", f"/dataset/{FULL_NAME}", resource=True),
    Page("form", "/dataset/new", user=EDITOR),
    Page("form-picker", "/dataset/new", user=EDITOR, picker="历下"),
    Page("form-edit", f"/dataset/edit/{FULL_NAME}", user=EDITOR),
    Page("organizations", "/organization/"),
    Page("organization", f"/organization/{ORGANIZATION}"),
    Page("organization-about", f"/organization/about/{ORGANIZATION}"),
    Page("themes", "/theme/"),
    Page("theme", "/theme/theme-2"),
    Page("theme-about", "/theme/about/theme-2"),
    Page("division-nation", "/cn-govdata/division/100000"),
    Page("division-province", "/cn-govdata/division/370000"),
    Page("division-city", "/cn-govdata/division/370100"),
    Page("division-county", "/cn-govdata/division/370102"),
    Page("division-former", "/cn-govdata/division/110221"),
    Page("division-hongkong", "/cn-govdata/division/810000"),
    Page("division-taiwan", "/cn-govdata/division/710000"),
    Page("vocabularies", "/cn-govdata/vocabulary/"),
    Page("vocabulary", "/cn-govdata/vocabulary/open_domain_22"),
    Page("concept", "/cn-govdata/vocabulary/open_attribute/1"),
    Page("harvests", "/cn-govdata/harvest", user=OPERATOR),
    Page("job-ended", "/harvest/{source}/job/{ended}", user=OPERATOR),
    Page("job-running", "/harvest/{source}/job/{running}", user=OPERATOR),
    Page("job-waiting", "/harvest/{source}/job/{waiting}", user=OPERATOR),
)


def show(page, site, shown, language=""):
    """Lead the browser to a page, in the site's language or another."""
    prefix = f"/{language}" if language else ""
    page.goto(prefix + shown.path.format(**site.names))
    if shown.resource:
        page.goto(page.locator(".resource-list a.heading").first.get_attribute("href"))
    if shown.picker:
        page.wait_for_selector("#field-division_code[role=combobox]")
        page.fill("#field-division_code", shown.picker)
        page.wait_for_selector("[role=listbox]:not([hidden]) [role=option]")
