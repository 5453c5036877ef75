"""The daily mail, through a real mail server on the loopback."""

import email
import json
import socket
from datetime import timedelta
from email import policy

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

pytestmark = pytest.mark.usefixtures("clean_db")


class Post:
    """Keeps what arrives; refuses addresses of `refused`."""

    def __init__(self):
        self.messages = []
        self.refused = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.rcpt_tos[0], message))
        return "250 OK"

    def take(self):
        """The mails since the last call: subject and body by address."""
        taken, self.messages = self.messages, []
        return {to: (mail["Subject"], mail.get_content()) for to, mail in taken}


@pytest.fixture
def post(ckan_config, monkeypatch):
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    yield handler
    controller.stop()


@pytest.fixture
def source(portal):
    """A source that was harvested well a week ago, with an administrator, and a stranger."""
    from ckan.plugins import toolkit as tk
    from ckan.tests import factories

    lb = portal(size=20)
    lb.run()
    age(timedelta(days=8))
    owner = tk.get_action("package_show")({"ignore_auth": True}, {"id": lb.name})["owner_org"]
    for name, role in (("guanli", "admin"), ("bianji", "editor"), ("luren", None)):
        user = factories.User(name=name, email=f"{name}@example.cn")
        if role:
            tk.get_action("organization_member_create")(
                {"ignore_auth": True, "user": ""},
                {"id": owner, "username": user["id"], "role": role},
            )
    return lb


def age(by, table="cn_govdata_job", column="ended"):
    from ckan import model

    sql = sa.text(f"UPDATE {table} SET {column} = {column} - :by")
    model.Session.execute(sql, {"by": by})
    model.Session.commit()


def tomorrow():
    """Let a day pass."""
    age(timedelta(days=1))
    age(timedelta(days=1), "cn_govdata_digest", "sent")


def send(app, **options):
    from ckanext.cn_govdata.harvest import digest

    return digest.send(app.flask_app, **options)


def test_nothing_wrong_sends_nothing_unless_asked(source, app, post):
    source.run()
    assert send(app).mails == []
    assert post.take() == {}
    assert [mail.name for mail in send(app, always=True).mails] == ["guanli"]
    [(_, body)] = post.take().values()
    assert "Nothing went wrong and nothing changed." in body
    assert "http://test.cn-govdata.local" in body


def test_one_mail_a_day_about_what_went_wrong(source, app, post):
    source.replay.fail(challenge="412")
    first, second = source.run(), source.run()
    assert [mail.name for mail in send(app).mails] == ["guanli"]
    sent = post.take()
    assert list(sent) == ["guanli@example.cn"]
    subject, body = sent["guanli@example.cn"]
    assert "1 harvest source needs a look" in subject
    assert first.listing.reason in body
    assert "http://test.cn-govdata.local/harvest/" in body
    assert f"/job/{second.job_id}" in body
    assert body.count("/job/") == 1
    # The same day: nothing, whatever has happened since.
    source.run()
    again = send(app, always=True)
    assert (again.mails, again.done_before) == ([], 1)
    assert post.take() == {}
    # The next day it is still blocked.
    tomorrow()
    source.run()
    assert len(send(app).mails) == 1
    # And then well again, which is told once.
    tomorrow()
    source.replay.recover()
    source.run()
    assert len(send(app).mails) == 1
    post.take()
    tomorrow()
    source.run()
    assert send(app).mails == []


def test_what_changed_and_what_waits_for_a_person(source, app, post):
    source.run()
    source.replay.records[0] = source.replay.records[0].changed(描述="新的描述")
    del source.replay.records[10:]
    source.run()
    send(app)
    [(_, body)] = post.take().values()
    assert "10 withdrawals wait for a decision" in body
    assert "0 datasets added, 1 changed, 0 withdrawn" in body


def test_more_refused_records_than_before_are_told_once(source, app, post):
    source.replay.records[3] = source.replay.records[3].changed(标题="")
    source.run()
    send(app)
    [(_, body)] = post.take().values()
    assert "1 records were refused, 0 before" in body
    tomorrow()
    source.run()
    assert send(app).mails == []


def test_a_source_that_nobody_harvests_is_late(source, app, post):
    from ckan import model

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.store.tables import now

    row = jobs.find_source(source.name)
    table = row.__table__
    model.Session.execute(
        sa.update(table).where(table.c.id == row.id).values(next_run=now() - timedelta(days=2))
    )
    model.Session.commit()
    send(app)
    [(_, body)] = post.take().values()
    assert "Not harvested since it was due" in body
    assert "ckan cn-govdata harvest worker" in body
    assert f"/harvest/admin/{row.id}" in body


def test_it_is_in_the_language_of_the_site(source, app, post, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.locale_default", "zh_Hans_CN")
    source.replay.fail(challenge="412")
    source.run()
    send(app)
    [(_, body)] = post.take().values()
    assert "门户拒绝访问" in body or "拦截" in body


def test_a_mail_that_fails_is_sent_the_next_time(source, app, post):
    from ckan.tests import factories

    factories.Sysadmin(name="xitong", email="xitong@example.cn")
    source.replay.fail(challenge="412")
    source.run()
    post.refused.add("guanli@example.cn")
    result = send(app)
    assert ([mail.name for mail in result.mails], list(result.failed)) == (["xitong"], ["guanli"])
    assert list(post.take()) == ["xitong@example.cn"]
    post.refused.clear()
    assert [mail.name for mail in send(app).mails] == ["guanli"]
    assert list(post.take()) == ["guanli@example.cn"]


def test_a_mail_server_that_is_away_is_told(source, app, ckan_config, monkeypatch, cli):
    from ckan.cli.cli import ckan

    source.replay.fail(challenge="412")
    source.run()
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:9")
    assert list(send(app).failed) == ["guanli"]
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    done = cli.invoke(ckan, ["cn-govdata", "harvest", "digest"])
    assert done.exit_code == 1
    assert "smtp.server" in done.output


def test_a_dry_run_shows_the_mails_and_sends_none(source, app, post, cli):
    from ckan.cli.cli import ckan

    source.replay.fail(challenge="412")
    source.run()
    done = cli.invoke(ckan, ["cn-govdata", "harvest", "digest", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "guanli@example.cn" in done.output
    assert post.take() == {}
    done = cli.invoke(ckan, ["cn-govdata", "harvest", "digest", "--json"])
    assert json.loads(done.stdout)["mails"][0]["recipient"] == "guanli"
    assert len(post.take()) == 1
