"""An editor's way through the catalogue, in Chinese: form, division picker, draft, publish, edit."""

import pytest

from tests.browser.catalogue import EDITOR, ORGANIZATION
from tests.browser.conftest import PHONE, log_in

DIVISION = "#field-division_code"
LIXIA = "370102"
# An editor's form of a published dataset begins with a button that withdraws it.
SAVE = "button.btn-primary[name=save]"
OPTIONS = "[role=listbox]:not([hidden]) [role=option]"


def option(page, code):
    return page.locator(f"{OPTIONS}[data-code='{code}']")


def search(page, words):
    page.wait_for_selector(f"{DIVISION}[role=combobox]")
    page.fill(DIVISION, "")
    page.locator(DIVISION).press_sequentially(words)
    page.wait_for_selector(OPTIONS)


@pytest.fixture
def form(open_page):
    page = open_page(user=EDITOR)
    page.goto("/dataset/new")
    return page


def test_an_editor_publishes_a_dataset(browser, site):
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(page)
    assert page.locator("html").get_attribute("lang") == "zh-Hans-CN"

    page.goto("/dataset/new")
    page.fill("[name=title]", "停车场信息")
    # CKAN 2.11 hides the list behind its own box.
    page.select_option("#field-organizations", value=_id_of(page, ORGANIZATION), force=True)
    page.select_option("[name=private]", "False")
    search(page, "历下")
    option(page, LIXIA).click()
    page.click(SAVE)

    # Saved as a draft although little is filled in; its page says what its level asks for.
    page.wait_for_url("**/resource/new")
    draft = page.url.split("/dataset/")[1].split("/")[0]
    page.goto(f"/dataset/{draft}")
    lacking = page.locator(".cn-govdata-lacking")
    assert "摘要" in lacking.inner_text()
    assert "提供方" in lacking.inner_text()

    # Published before it is complete: told what lacks, and still a draft.
    _add_resource(page, draft)
    page.get_by_text("信息资源摘要：地级必填").first.wait_for()

    page.goto(f"/dataset/edit/{draft}")
    page.fill("[name=notes]", "全区公共停车场的名称、位置和泊位数。")
    page.fill("[name=provider_name]", "历下区城市管理局")
    page.select_option("[name=domain]", "2")
    page.select_option("[name=open_attribute]", "1")
    page.select_option("[name=frequency]", "monthly")
    page.click(SAVE)
    # CKAN leads from a draft to its resources, whose form publishes it.
    page.wait_for_url("**/resource/**")
    _add_resource(page, draft)
    page.wait_for_url(f"**/dataset/{draft}")
    assert page.locator("h1 .badge").count() == 0

    page.goto(f"/dataset/edit/{draft}")
    page.fill("[name=title]", "停车场信息（历下区）")
    page.click(SAVE)
    page.wait_for_url(f"**/dataset/{draft}*")
    shown = page.locator("[role=main]").inner_text()
    for words in ("停车场信息（历下区）", "无条件开放", "每月", "历下区城市管理局", "济南市"):
        assert words in shown

    reader = browser.new_context(base_url=site.url).new_page()
    reader.goto(f"/dataset/{draft}")
    assert "停车场信息（历下区）" in reader.locator("article h1").inner_text()
    assert reader.locator(".cn-govdata-lacking").count() == 0
    reader.context.close()
    context.close()


@pytest.mark.parametrize("words", ["历下", "lixia", "lixiaqu", "lxq", "370102"])
def test_a_division_is_found_by_name_pinyin_initials_and_code(form, words):
    search(form, words)
    option(form, LIXIA).wait_for()


def test_the_picker_works_with_the_keyboard(form):
    field = form.locator(DIVISION)
    search(form, "历下区")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    chosen = form.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    field.press("Enter")
    assert field.input_value() == LIXIA
    assert "济南市 历下区" in form.locator(f"{DIVISION}-chosen").inner_text()
    assert field.get_attribute("aria-expanded") == "false"


def test_arrows_go_round_and_escape_closes(form):
    field = form.locator(DIVISION)
    search(form, "鼓楼")
    field.press("ArrowUp")
    last = form.locator(OPTIONS).last
    assert last.get_attribute("aria-selected") == "true"
    field.press("ArrowDown")
    assert form.locator(OPTIONS).first.get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert form.locator(OPTIONS).count() == 0
    assert field.input_value() == "鼓楼"


def test_an_ambiguous_name_offers_all_places(form):
    search(form, "鼓楼区")
    paths = form.locator(OPTIONS).all_inner_texts()
    for city in ("南京市", "徐州市", "福州市"):
        assert any(city in path for path in paths), city


def test_the_picker_says_that_nothing_was_found(form):
    form.wait_for_selector(f"{DIVISION}[role=combobox]")
    form.locator(DIVISION).press_sequentially("没有这个地方")
    form.wait_for_function(
        "document.querySelector('#field-division_code-chosen').textContent.trim() !== ''"
    )
    assert form.locator(OPTIONS).count() == 0


def test_the_picker_works_by_touch_on_a_phone(open_page):
    page = open_page(width=PHONE, user=EDITOR, touch=True)
    page.goto("/dataset/new")
    page.locator(DIVISION).tap()
    search(page, "历下区")
    option(page, LIXIA).tap()
    assert page.locator(DIVISION).input_value() == LIXIA


def test_the_catalogue_is_reached_by_keyboard_alone(open_page, site):
    page = open_page()
    page.goto("/cn-govdata/division/370000")
    link = page.locator("a[href$='/division/370100']").first
    for _ in range(120):
        page.keyboard.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/division/370100")


def test_a_province_narrows_to_its_cities(open_page):
    page = open_page()
    page.goto("/dataset/")
    titles = page.locator(".filters h2").all_inner_texts()
    assert [each for each in titles if "市（地级）" in each] == []
    page.locator(".filters a", has_text="山东省").click()
    page.wait_for_url("**vocab_cn_province=370000*")
    assert "济南市" in page.locator(".filters").inner_text()
    assert "山东省" in page.locator(".filter-list").inner_text()


def _id_of(page, name):
    answer = page.request.get(f"/api/3/action/organization_show?id={name}")
    return answer.json()["result"]["id"]


def _add_resource(page, draft):
    page.goto(f"/dataset/{draft}/resource/new")
    page.fill("[name=name]", "停车场.csv")
    link = page.locator("#resource-link-button")
    if link.is_visible():
        link.click()
    page.fill("#field-resource-url", "https://data.example.gov.cn/parking.csv")
    page.select_option("[name=kind]", "file")
    page.click("button[name=save][value=go-metadata]")
