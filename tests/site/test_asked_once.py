"""What the templates of a page ask several times is found out once, in served requests that read."""

import pytest

pytestmark = pytest.mark.usefixtures("with_plugins")
SERVED = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}


def numbers():
    found = []

    def make():
        found.append(len(found))
        return found[-1]

    return make


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (SERVED, [0, 0, 1]),
        ({**SERVED, "method": "POST"}, [0, 1, 2]),
        ({}, [0, 1, 2]),  # a command or a worker, which lives on
    ],
    ids=["read", "written", "command"],
)
def test_once(app, options, expected):
    from ckanext.cn_govdata.schema.once import once

    make = numbers()
    with app.flask_app.test_request_context("/", **options):
        assert [once(("a",), make), once(("a",), make), once(("b",), make)] == expected
    with app.flask_app.test_request_context("/", **options):
        assert once(("a",), make) == expected[-1] + 1


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_rights_and_organisation_of_the_reader(app):
    import ckan.plugins.toolkit as tk
    from ckan.tests import factories

    from ckanext.cn_govdata.schema import organizations

    organization = organizations.ensure("100000")
    administrator = factories.Sysadmin()
    with app.flask_app.test_request_context("/", **SERVED):
        update = ("organization_update", {"id": organization})
        assert not tk.h.check_access(*update)
        tk.login_user(_user(administrator["id"]))
        assert tk.h.check_access(*update)
        shown = tk.h.get_organization(organization)
        shown["title"] = "changed by a template"
        assert tk.h.get_organization(organization)["title"] != "changed by a template"
        assert tk.h.get_organization(None) == {}
        assert tk.h.get_organization("nothing") == {}


def _user(user_id):
    from ckan import model

    return model.User.get(user_id)
