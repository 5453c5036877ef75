"""Every page: no serious finding of axe, no sideways scroll on a phone, no words left in English."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES, show

GRAVE = ("serious", "critical")
# Names, which no language translates.
NAMES = {"CKAN API", "CKAN Association", "Open Data"}
# ckanext-harvest's button for a source that has a job already: grey, and never translated.
BUTTON = "There already is an unrun job for this source"
# A word of select2, which CKAN loads without a translation.
SELECT2 = "Remove item"
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+")
_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script, style, noscript, code, [lang=en], .cn-govdata-foreign, option'))
      texts.push(walker.currentNode.textContent);
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], img[alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      texts.push(element.getAttribute(name) || '');
  return texts;
}"""

# The innermost elements that stick out, when the page can be scrolled sideways.
_TOO_WIDE = """() => {
  const width = window.innerWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > width && !each.children.length)
    .map(each => each.outerHTML.slice(0, 120)).slice(0, 5);
}"""

every_page = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)


@every_page
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_axe_finds_nothing_serious(open_page, site, shown, width):
    page = open_page(width=width, user=shown.user)
    show(page, site, shown)
    found = Axe().run(page).response["violations"]
    grave = [
        f"{each['id']} ({each['impact']}): {node['html'][:300]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
        if BUTTON not in node["html"]
    ]
    assert not grave, "\n".join(grave)
    assert page.script_errors == []
    if width == PHONE:
        assert page.evaluate(_TOO_WIDE) == []


@every_page
def test_nothing_is_left_in_english(open_page, site, shown):
    page = open_page(user=shown.user)
    show(page, site, shown)
    texts = page.evaluate(_TEXTS)
    left = {found for text in texts for found in ENGLISH.findall(text)} - NAMES - {BUTTON, SELECT2}
    assert not left, "\n".join(sorted(left))


@every_page
def test_picture(open_page, site, shown, request):
    """For `make screenshots`: nothing is tested here, people look."""
    folder = request.config.getoption("--screenshots", default=None)
    if not folder:
        pytest.skip("only with --screenshots")
    for language, width in (
        ("zh_Hans_CN", DESKTOP),
        ("zh_Hans_CN", PHONE),
        ("zh_Hant_TW", DESKTOP),
        ("en", DESKTOP),
    ):
        page = open_page(width=width, user=shown.user)
        show(page, site, shown, language)
        picture = Path(folder) / language / f"{shown.name}-{width}.png"
        # Chromium draws no picture of more than 16,384 pixels.
        height = page.evaluate("document.documentElement.scrollHeight")
        whole = {"x": 0, "y": 0, "width": width, "height": min(height, 12_000)}
        page.screenshot(path=picture, full_page=True, clip=whole)
