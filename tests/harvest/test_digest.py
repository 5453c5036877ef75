"""The daily mail, through a real mail server on the loopback."""

import email
import json
import socket
from datetime import timedelta
from email import policy

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from ckan.lib import mailer

pytestmark = pytest.mark.usefixtures("clean_db")

LAIBIN = "451300"
REASON = "HTTP 412: challenge"


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
    handler.port = port
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    yield handler
    controller.stop()


class Source:
    """A harvest source whose jobs only leave what they came to."""

    def __init__(self, name, source_id):
        self.name, self.id = name, source_id

    def run(self, outcome="complete", reason=None, **counters):
        from ckanext.cn_govdata.harvest import jobs
        from ckanext.cn_govdata.store import remembered

        job_id = jobs.create(jobs.find_source(self.name)).id
        told = {"portal_id": LAIBIN, "outcome": outcome, "reason": reason, **counters}
        remembered.job(job_id, told)
        return job_id

    def blocked(self):
        return self.run("blocked", REASON)


@pytest.fixture
def source(clean_db, clean_index, with_plugins, app):
    """A source that was harvested well a week ago, with an administrator, and a stranger."""
    from ckan.plugins import toolkit as tk
    from ckan.tests import factories

    from ckanext.cn_govdata.harvest import sources
    from ckanext.cn_govdata.portals import registry

    with app.flask_app.test_request_context():
        name, _ = sources.create(registry.get(LAIBIN))
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": name})
    for user_name, role in (("guanli", "admin"), ("bianji", "editor"), ("luren", None)):
        user = factories.User(name=user_name, email=f"{user_name}@example.cn")
        if role:
            tk.get_action("organization_member_create")(
                {"ignore_auth": True, "user": ""},
                {"id": shown["owner_org"], "username": user["id"], "role": role},
            )
    made = Source(name, shown["id"])
    made.run(added=20)
    age(timedelta(days=8))
    return made


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


def invoke(cli, *arguments):
    from ckan.cli.cli import ckan

    return cli.invoke(ckan, ["cn-govdata", "harvest", "digest", *arguments])


def test_nothing_wrong_sends_nothing_unless_asked(source, app, post):
    source.run(unchanged=20)
    assert send(app).mails == []
    assert post.take() == {}
    assert [mail.name for mail in send(app, always=True).mails] == ["guanli"]
    [(subject, body)] = post.take().values()
    assert "are well" in subject
    assert "Nothing went wrong and nothing changed." in body
    assert "http://test.cn-govdata.local" in body


def test_one_mail_a_day_about_what_went_wrong(source, app, post):
    source.blocked()
    last = source.blocked()
    assert [mail.name for mail in send(app).mails] == ["guanli"]
    sent = post.take()
    assert list(sent) == ["guanli@example.cn"]
    subject, body = sent["guanli@example.cn"]
    assert "1 harvest source needs a look" in subject
    assert f"Blocked by the portal: {REASON}" in body
    assert "http://test.cn-govdata.local/harvest/" in body
    assert f"/job/{last}" in body
    assert body.count("/job/") == 1
    # The same day: nothing, whatever has happened since.
    source.blocked()
    again = send(app, always=True)
    assert (again.mails, again.done_before) == ([], 1)
    assert post.take() == {}
    # The next day it is still blocked.
    tomorrow()
    source.blocked()
    assert len(send(app).mails) == 1
    # And then well again, which is told once.
    tomorrow()
    source.run(unchanged=20)
    [mail] = send(app).mails
    assert "Well again" in mail.body
    tomorrow()
    source.run(unchanged=20)
    assert send(app).mails == []


def test_what_changed_and_what_waits_for_a_person(source, app, post):
    source.run(added=1, changed=2)
    source.run("broken", "x")
    source.run(changed=3, withdrawn=1, waiting=10, unindexed=4)
    send(app)
    [(_, body)] = post.take().values()
    for words in (
        "10 withdrawals wait for a decision",
        "4 datasets wait for the search index",
        "1 of 3 jobs did not end well",
        "1 datasets added, 5 changed, 1 withdrawn",
    ):
        assert words in body


def test_an_error_of_the_job_itself_is_wrong(source, app, post):
    source.run(error="OperationalError: gone\naway")
    send(app)
    [(_, body)] = post.take().values()
    assert "The job failed: OperationalError: gone away" in body


def test_more_refused_records_than_before_are_told_once(source, app, post):
    source.run(refused=1)
    send(app)
    [(_, body)] = post.take().values()
    assert "1 records were refused, 0 before" in body
    tomorrow()
    source.run(refused=1)
    assert send(app).mails == []


def test_a_source_that_nobody_harvests_is_late(source, app, post):
    from ckan import model
    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.store.tables import now

    table = HarvestSource.__table__
    due = now() - timedelta(days=2)
    model.Session.execute(sa.update(table).where(table.c.id == source.id).values(next_run=due))
    model.Session.commit()
    send(app)
    [(_, body)] = post.take().values()
    assert "Not harvested since it was due" in body
    assert "ckan cn-govdata harvest worker" in body
    assert f"/harvest/admin/{source.id}" in body


def test_it_is_in_the_language_of_the_site(source, app, post, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.locale_default", "zh_Hans_CN")
    source.blocked()
    send(app)
    [(_, body)] = post.take().values()
    assert "被平台拦截" in body


def test_a_mail_that_fails_is_sent_the_next_time(source, app, post):
    from ckan.tests import factories

    factories.Sysadmin(name="xitong", email="xitong@example.cn")
    source.blocked()
    post.refused.add("guanli@example.cn")
    result = send(app)
    assert ([mail.name for mail in result.mails], list(result.failed)) == (["xitong"], ["guanli"])
    assert list(post.take()) == ["xitong@example.cn"]
    post.refused.clear()
    assert [mail.name for mail in send(app).mails] == ["guanli"]
    assert list(post.take()) == ["guanli@example.cn"]


def test_a_person_gets_one_mail_for_all_sources(source, app, post):
    from ckan.tests import factories

    from ckanext.cn_govdata.harvest import jobs, sources
    from ckanext.cn_govdata.portals import registry
    from ckanext.cn_govdata.store import remembered

    factories.Sysadmin(name="xitong", email="xitong@example.cn")
    with app.flask_app.test_request_context():
        name, _ = sources.create(registry.get("520300"))
    job_id = jobs.create(jobs.find_source(name)).id
    remembered.job(job_id, {"portal_id": "520300", "outcome": "broken", "reason": "shape"})
    source.blocked()
    assert {mail.name for mail in send(app).mails} == {"guanli", "xitong"}
    sent = post.take()
    assert "shape" not in sent["guanli@example.cn"][1]
    subject, body = sent["xitong@example.cn"]
    assert "2 harvest sources need a look" in subject
    assert "Wire format changed: shape" in body
    assert REASON in body


def test_a_mail_server_that_is_away_is_told(source, app, ckan_config, monkeypatch):
    source.blocked()
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:9")
    assert list(send(app).failed) == ["guanli"]
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    with pytest.raises(mailer.MailerException, match=r"smtp\.server"):
        send(app)


def test_the_command_shows_the_mails_and_sends_them(source, post, cli, monkeypatch):
    monkeypatch.setenv("CKAN_SMTP_SERVER", f"127.0.0.1:{post.port}")
    source.blocked()
    done = invoke(cli, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "guanli@example.cn" in done.output
    assert post.take() == {}
    done = invoke(cli, "--json")
    assert json.loads(done.stdout)["mails"][0]["recipient"] == "guanli"
    assert len(post.take()) == 1
    post.refused.add("guanli@example.cn")
    tomorrow()
    source.blocked()
    assert invoke(cli).exit_code == 1
