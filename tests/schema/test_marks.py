"""Marks of obligation in the forms: level, condition and standard of each field."""

import json
import re

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.schema import form, marks, organizations

LEVELS = {"national": "M", "province": "M", "prefecture": "R", "county": "O"}
CONDITIONAL = {"national": "C", "province": "M", "prefecture": "R", "county": "O"}
EVERYWHERE = dict.fromkeys(LEVELS, "M")
MARK = re.compile(
    r'<p class="cn-govdata-mark" id="mark-([^"]+)" data-obligation="(\w?)".*?</p>', re.DOTALL
)


@pytest.mark.parametrize(
    ("levels", "level", "holds", "expected"),
    [
        (LEVELS, "province", None, "M"),
        (LEVELS, "prefecture", None, "R"),
        (LEVELS, None, None, None),
        (EVERYWHERE, None, None, "M"),
        (CONDITIONAL, "national", False, "C"),
        (CONDITIONAL, "national", True, "M"),
        (CONDITIONAL, "province", False, "C"),
        (CONDITIONAL, "province", True, "M"),
        (CONDITIONAL, "prefecture", True, "R"),
        (CONDITIONAL, "prefecture", False, "C"),
        (CONDITIONAL, "county", False, "O"),
    ],
)
def test_a_mark_shows_what_is_asked_now(levels, level, holds, expected):
    assert marks.shown(levels, level, holds) == expected


@pytest.fixture
def shown(app, jinan):
    """The page of a form as an editor of Jinan (prefecture) sees it, and its marks by field."""
    editor = factories.User()

    def join(organization):
        call_action(
            "member_create",
            id=organization,
            object=editor["id"],
            object_type="user",
            capacity="editor",
        )

    join(jinan)
    token = call_action("api_token_create", {"user": editor["name"]}, user=editor["name"], name="t")
    headers = {"Authorization": token["token"]}

    def shown_(path):
        body = app.get(path, headers=headers).body
        found = {name: (what, text) for name, what, text in _marks(body)}
        return body, found

    shown_.join, shown_.editor = join, editor["name"]
    return shown_


def _marks(body):
    for found in MARK.finditer(body):
        text = " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())
        yield found.group(1), found.group(2), text


def follows(body):
    script = body[body.index('data-module="cn-govdata-obligations"') :]
    return json.loads(script[script.index(">") + 1 : script.index("</script>")])


def test_the_form_marks_each_field_for_the_level_of_the_preselected_organisation(shown, jinan):
    body, found = shown(f"/dataset/new?group={jinan}")
    assert (found["title"][0], found["provider_uscc"][0], found["registration_code"][0]) == (
        "M",
        "R",
        "O",
    )
    assert "Mandatory" in found["title"][1]
    assert "Guide 发改高技〔2017〕1272号, element 2; GB/T 21063.3" in found["title"][1]
    assert '<strong id="cn-govdata-level">Prefecture</strong>' in body
    fields = body[body.index('id="part-identification"') : body.index('class="form-actions"')]
    names = {name for name in re.findall(r' name="([\w-]+)"', fields) if "-" not in name}
    assert names - found.keys() == {"private"}


def test_the_controls_of_a_field_point_to_its_mark(shown):
    body, found = shown("/dataset/new")
    described = set(re.findall(r'aria-describedby="([^"]+)"', body))
    ids = {each for value in described for each in value.split()}
    assert {f"mark-{name}" for name in found} <= ids
    assert len(re.findall(r'id="mark-', body)) == len(found)


def test_a_conditional_field_says_its_condition(shown):
    _, found = shown("/dataset/new")
    what, text = found["open_condition"]
    assert what == "C"
    assert "asked for when Openness = " in text
    _, found = shown("/dataset/new?open_attribute=2")
    assert found["open_condition"][0] == "M"


def test_the_levels_of_the_organisations_to_choose_from_are_on_the_page(shown, jinan):
    province, county = organizations.ensure("370000"), organizations.ensure("370102")
    elsewhere = organizations.ensure("320000")
    shown.join(province)
    shown.join(county)
    plain = factories.Organization()
    shown.join(plain["id"])
    body, _ = shown("/dataset/new")
    assert follows(body)["levels"] == {
        province: "province",
        jinan: "prefecture",
        county: "county",
    }
    assert elsewhere not in body
    _, found = shown(f"/dataset/new?group={county}")
    assert found["provider_uscc"][0] == "O"


def test_the_levels_are_read_in_one_query(jinan):
    import sqlalchemy as sa
    from ckan import model

    ids = [jinan, *(organizations.ensure(code) for code in ("370000", "370102"))]
    statements = []

    def count(*args):
        statements.append(args[2])

    model.Session.flush()
    sa.event.listen(model.Session.get_bind(), "before_cursor_execute", count)
    try:
        assert sorted(form.levels_of(ids).values()) == ["county", "prefecture", "province"]
    finally:
        sa.event.remove(model.Session.get_bind(), "before_cursor_execute", count)
    assert len(statements) == 1


def test_without_a_known_level_a_mark_lists_what_each_level_asks(shown):
    plain = factories.Organization()
    shown.join(plain["id"])
    _, found = shown(f"/dataset/new?group={plain['id']}")
    assert found["title"][0] == "M"
    what, text = found["provider_uscc"]
    assert what == ""
    assert "Mandatory: National, Province; Recommended: Prefecture; Optional: County" in text


def test_the_form_of_a_draft_says_what_it_lacks_and_the_resource_form_is_marked(shown, jinan):
    context = {"user": shown.editor, "allow_state_change": True}
    draft = call_action("package_create", context, state="draft", owner_org=jinan, title="半成品")
    body, _ = shown(f"/dataset/edit/{draft['name']}")
    errors = body.index("Provider is mandatory at the level Prefecture")
    assert body.index("Needed before publishing") < errors
    assert errors < body.index("Licence is recommended at the level Prefecture")
    body, found = shown(f"/dataset/{draft['name']}/resource/new")
    assert {found[name][0] for name in ("url", "name", "kind")} == {"M"}
    assert found["format"][0] == "C"  # a file has one, a table or a link has none
    assert found["login_required"][0] == "R"
    assert "Provider is mandatory at the level Prefecture" in body
    assert f'href="/dataset/edit/{draft["name"]}"' in body
