"""The members of groups and organisations, without counting what a harvest has made.

CKAN tells of each member how many datasets the user has made, and counts them every time: the user
under whom a site harvests has made them all. Such a user is a member of the organisations that a
harvester or an administrator's script made in that name.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan import model
from ckan.lib.dictization import model_dictize
from ckan.lib.search.common import make_connection

from ckanext.cn_govdata.site import parents

if TYPE_CHECKING:
    from collections.abc import Callable

    Original = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]

log = logging.getLogger(__name__)

# From so many datasets on the search index counts: the database reads a row for each.
MANY = 1_000
_MADE_BY = "creator_user_id"


def shown(original: Original, context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """What `organization_show` or `group_show` gives, without its dear parts done CKAN's way."""
    group = model.Group.get(data_dict.get("id"))
    if group is None:
        return original(context, data_dict)
    left_out, numbers = {}, {}
    members = _members(group.id) if _wants_users(context, data_dict) else []
    if members:
        numbers = _busy()
        if not numbers.keys().isdisjoint(user.id for user, _ in members):
            left_out["include_users"] = False
    if parents.known(context, data_dict, group):
        left_out["include_groups"] = False
    found = original(context, {**data_dict, **left_out} if left_out else data_dict)
    if "include_users" in left_out:
        counted = [
            (_Counted(user, numbers[user.id]) if user.id in numbers else user, capacity)
            for user, capacity in members
        ]
        within = {**context, "with_capacity": True}
        found["users"] = model_dictize.user_list_dictize(counted, within)
    if "include_groups" in left_out:
        found["groups"] = parents.shown(group)
    return found


class _Counted:
    """A user of whom it is known how many public datasets they have made."""

    def __init__(self, user: model.User, number: int) -> None:
        self._user = user
        self._number = number

    @property
    def __class__(self) -> type[model.User]:
        """CKAN asks whether it is a user."""
        return model.User

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._user, name)

    def number_created_packages(self, include_private_and_draft: bool = False) -> int:  # noqa: ARG002
        """As `User.number_created_packages`."""
        return self._number


def _wants_users(context: dict[str, Any], data_dict: dict[str, Any]) -> bool:
    """Whether the answer has users, counted as CKAN counts them for all readers."""
    if context.get("count_private_and_draft_datasets") or "users" in context.get("limits", {}):
        return False
    try:
        default = tk.config["ckan.auth.public_user_details"]
        return tk.asbool(data_dict.get("include_users", default))
    except ValueError:
        return False


def _members(group_id: str) -> list[tuple[model.User, str]]:
    """The users of a group and their capacity, as CKAN asks for them."""
    query = (
        model.Session.query(model.User, model.Member.capacity)
        .join(model.Member, model.Member.table_id == model.User.id)
        .filter(
            model.Member.group_id == group_id,
            model.Member.state == "active",
            model.Member.table_name == "user",
        )
    )
    return query.all()


def _busy() -> dict[str, int]:
    """Ids of the users who made many public datasets, and how many; none without an index."""
    query = {
        "q": "*:*",
        "fq": [
            f'site_id:"{tk.config["ckan.site_id"]}"',
            "state:active",
            "capacity:public",
        ],
        "rows": 0,
        "facet": "true",
        "facet.field": _MADE_BY,
        "facet.method": "enum",  # a few users: nothing is built anew after each commit of the index
        "facet.mincount": MANY,
        "facet.limit": -1,
    }
    try:
        flat = make_connection().search(**query).facets["facet_fields"][_MADE_BY]
    except pysolr.SolrError as error:
        log.warning("The search index cannot be reached: %s", error)
        return {}
    return dict(zip(flat[::2], flat[1::2], strict=True))
