"""Actions that the suite itself takes: as the site's own user, who stays no member of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Callable


def as_site_user() -> dict[str, Any]:
    """A fresh context of the site user, allowed everything."""
    return {"ignore_auth": True, "user": user()["name"]}


def contexts() -> Callable[[], dict[str, Any]]:
    """What gives fresh contexts of the site user, whom it looks up once."""
    name = user()["name"]
    return lambda: {"ignore_auth": True, "user": name}


def user() -> dict[str, Any]:
    """CKAN's site user, made by CKAN when there is none."""
    return tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})


def without_creator(group_id: str) -> None:
    """Undo the membership that CKAN gives to who creates a group.

    Each page of a group counts the datasets of its members' organisations: a creator of all of
    them makes every page slow.
    """
    members = model.Session.query(model.Member).filter_by(group_id=group_id, table_name="user")
    members.delete(synchronize_session=False)
    model.repo.commit()
