"""One mail a day that sums up the harvests, to those whom ckanext-harvest would write about each.

Who gets it for a source is `harvest_get_notifications_recipients`' to say. A person gets one mail
for all the sources that are theirs, and none on a day on which nothing went wrong or got better.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ckanext.cn_govdata.harvest import digest_news, jobs, status
from ckanext.cn_govdata.schema.site_user import as_site_user
from ckanext.cn_govdata.store import digests, lock
from ckanext.cn_govdata.text.dates import CHINA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckanext.harvest.model import HarvestSource
    from flask import Flask

    from ckanext.cn_govdata.harvest.digest_news import News

log = logging.getLogger(__name__)

LONGEST = timedelta(days=7)  # looked back where the last mail is older
FIRST = timedelta(days=1)  # looked back for a first mail
MOST = 100  # sources in one mail

Told = tuple["HarvestSource", "News"]


@dataclass(slots=True)
class Mail:
    """A mail to one person."""

    name: str
    address: str
    subject: str
    body: str


@dataclass(slots=True)
class Sent:
    """What became of the mails of a day."""

    mails: list[Mail] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # by recipient, why
    done_before: int = 0  # recipients who had got theirs today


def send(app: Flask, *, always: bool = False, dry_run: bool = False) -> Sent:
    """Send the mails of today, in the site's language, and note to whom; commits after each.

    `always`: also to those for whom nothing went wrong. Nobody gets two on one day (of Chinese
    time). Raises `lock.Locked` when another process is at it, and `mailer.MailerException` when
    the site sends no mail at all.
    """
    if not dry_run and not _can_mail():
        raise mailer.MailerException(tk._("smtp.server is not set: this site sends no mail"))
    result = Sent()
    # A request of its own: its language is the site's, whoever calls.
    language = {"CKAN_LANG": tk.config["ckan.locale_default"]}
    with (
        app.test_request_context(environ_overrides=language),
        lock.held("digest", tk._("Another process sends the mails")),
    ):
        for mail in _mails(result, always=always):
            if dry_run:
                result.mails.append(mail)
                continue
            try:
                mailer.mail_recipient(mail.name, mail.address, mail.subject, mail.body)
            except (mailer.MailerException, OSError) as error:
                log.warning("The digest of %s was not sent: %s", mail.name, type(error).__name__)
                result.failed[mail.name] = str(error)
                continue
            digests.note(mail.name)
            result.mails.append(mail)
    return result


def _can_mail() -> bool:
    return bool(tk.config.get("smtp.server")) or bool(list(p.PluginImplementations(p.INotifier)))


def _mails(result: Sent, *, always: bool) -> Iterable[Mail]:
    present = datetime.now(UTC)
    midnight = present.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    today = midnight.astimezone(UTC).replace(tzinfo=None)
    at = present.replace(tzinfo=None)
    sent = digests.sent()
    told: dict[datetime, dict[str, Told]] = {}
    for name, (address, of_person) in sorted(_people(at, always=always).items()):
        last = sent.get(name)
        if last is not None and last >= today:
            result.done_before += 1
            continue
        since = max(last or at - FIRST, at - LONGEST)
        if since not in told:
            told[since] = _told(since)
        mine = [told[since][key] for key in of_person if key in told[since]]
        if always or any(each.wrong or each.better for _, each in mine):
            yield _written(name, address, mine)


def _people(at: datetime, *, always: bool) -> dict[str, tuple[str, list[str]]]:
    """Who is to hear of which sources, of those of which there may be something to tell."""
    ids = [row.id for row in jobs.portal_sources()] if always else list(_told(at - LONGEST))
    people: dict[str, tuple[str, list[str]]] = {}
    for source_id in ids:
        context = {**as_site_user(), "model": model, "session": model.Session}
        ask = tk.get_action("harvest_get_notifications_recipients")
        for person in ask(context, {"source_id": source_id}):
            mine = people.setdefault(person["name"], (person["email"], []))[1]
            if source_id not in mine:
                mine.append(source_id)
    return people


def _told(since: datetime) -> dict[str, Told]:
    """The sources that have news, by id."""
    came_to = digests.jobs_since(since)
    found = {}
    for row in jobs.portal_sources():
        each = digest_news.of_source(row, came_to.get(row.id, []), since)
        if each is not None:
            found[row.id] = (row, each)
    return found


def _written(name: str, address: str, told: list[Told]) -> Mail:
    site = tk.config.get("ckan.site_title") or tk.config["ckan.site_url"]
    wrong = [one for one in told if one[1].wrong]
    if wrong:
        subject = tk.ungettext(
            "{site}: {count} harvest source needs a look",
            "{site}: {count} harvest sources need a look",
            len(wrong),
        ).format(site=site, count=len(wrong))
    else:
        subject = tk._("{site}: the harvest sources are well").format(site=site)
    parts = [tk._("Hello {name},").format(name=name)]
    lacking = status.no_worker()
    if lacking:
        parts.append(lacking)
    parts += _section(tk._("What needs a look"), wrong, ("wrong", "better", "changed"))
    rest = [one for one in told if not one[1].wrong]
    better = [one for one in rest if one[1].better]
    parts += _section(tk._("Better than before"), better, ("better", "changed"))
    only_changed = [one for one in rest if not one[1].better]
    parts += _section(tk._("What changed"), only_changed, ("changed",))
    if not told:
        parts.append(tk._("Nothing went wrong and nothing changed."))
    parts.append(
        tk._("You get this mail at most once a day, as an administrator of {site} ({url}).").format(
            site=site, url=tk.config["ckan.site_url"]
        )
    )
    return Mail(name, address, subject, "\n\n".join(parts) + "\n")


def _section(heading: str, told: list[Told], kinds: tuple[str, ...]) -> list[str]:
    if not told:
        return []
    parts = [f"== {heading} =="]
    for row, each in told[:MOST]:
        title = " ".join((row.title or row.url).split())
        lines = [line for kind in kinds for line in getattr(each, kind)]
        parts.append("\n".join([title, *(f"- {line}" for line in lines), _link(row, each)]))
    if len(told) > MOST:
        parts.append(tk._("… and {count} more").format(count=len(told) - MOST))
    return parts


def _link(row: HarvestSource, each: News) -> str:
    address: Mapping[str, Any] = {"source": row.id, "id": each.job_id}
    if each.job_id is None:
        return tk.h.url_for("harvester.admin", id=row.id, qualified=True, locale="default")
    return tk.h.url_for("harvester.job_show", **address, qualified=True, locale="default")
