"""`ckan cn-govdata`: the commands of all rooms. A room is imported when its command is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["cn_govdata"]

_ROOMS = "ckanext.cn_govdata."

# Name of the command → module below this package and the attribute that is the command.
COMMANDS = {
    "adopt": "schema.adopt_cli:adopt",
    "demo": "harvest.demo:demo",
    "divisions": "site.cli:divisions_group",
    "harvest": "harvest.cli:harvest",
    "index": "store.cli:index",
    "organizations": "schema.cli:organizations",
    "portals": "harvest.portals_cli:portals_group",
    "schema": "schema.schema_cli:schema_group",
    "sources": "harvest.sources_cli:sources_group",
    "vocabulary": "site.cli:vocabulary_group",
    "workbook": "workbook.cli:workbook",
}


class LazyGroup(click.Group):
    """A group whose commands are named as text and imported on use."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now; None when there is none."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._lazy[cmd_name].split(":")
        return getattr(import_module(_ROOMS + module), attribute)


@click.group(
    name="cn-govdata", cls=LazyGroup, lazy=COMMANDS, short_help="Chinese government data catalogue"
)
def cn_govdata() -> None:
    """Schemas, divisions, portals and harvests of a Chinese government data catalogue."""
