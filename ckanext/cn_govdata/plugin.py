"""The plugin `cn_govdata`: interface methods only. What they do stands in the rooms.

The plugin class of a room that needs another extension stands in that room (`harvest/plugin.py`),
so that a site without that extension never imports it.
"""

# ruff: noqa: ANN401, ARG002 - signatures of CKAN's interfaces

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from ckanext.cn_govdata import cli, settings
from ckanext.cn_govdata.portals import own_rows
from ckanext.cn_govdata.schema import (
    action,
    auth,
    derive,
    drafts,
    facets,
    form,
    helpers,
    index,
    marks,
    owner_redirect,
    provenance,
    registry,
    stored,
    themes,
    validators,
)
from ckanext.cn_govdata.site import action as site_action
from ckanext.cn_govdata.site import asked_once as site_asked
from ckanext.cn_govdata.site import auth as site_auth
from ckanext.cn_govdata.site import organizations as site_organizations
from ckanext.cn_govdata.site import views as site_views
from ckanext.cn_govdata.workbook import action as workbook_action
from ckanext.cn_govdata.workbook import auth as workbook_auth
from ckanext.cn_govdata.workbook import views as workbook_views

if TYPE_CHECKING:
    from collections import OrderedDict

    from flask import Flask

# Rooms whose actions this plugin offers.
_ACTIONS = (action, site_action, workbook_action)
_AUTH = (auth, site_auth, workbook_auth)
# Importing them fills the registries.
_REGISTERED = (
    derive,
    facets,
    form,
    helpers,
    marks,
    site_asked,
    site_organizations,
    stored,
    validators,
)


def _actions() -> dict[str, Any]:
    """The actions of all rooms by name."""
    return {name: getattr(room, name) for room in _ACTIONS for name in room.__all__}


def _auth_functions() -> dict[str, Any]:
    """Who may call them: the functions of all rooms by the names of the actions."""
    return {name: getattr(room, name) for room in _AUTH for name in room.__all__}


@tk.blanket.config_declarations
@tk.blanket.cli(cli)
@tk.blanket.actions(_actions)
@tk.blanket.auth_functions(_auth_functions)
@tk.blanket.blueprints([site_views.site, workbook_views.workbook])
@tk.blanket.helpers(registry.HELPERS)
@tk.blanket.validators(registry.VALIDATORS)
class CnGovdataPlugin(p.SingletonPlugin, DefaultTranslation):
    """Schemas, divisions, code lists, translations and commands."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)

    def update_config(self, config: Any) -> None:
        """Offer templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "cn_govdata")

    def configure(self, config: Any) -> None:
        """Lay the operator's own rows over the registry of portals."""
        own_rows.use(settings.portals_file())

    def i18n_domain(self) -> str:
        """The domain of the translations."""
        return "ckanext-cn_govdata"

    def make_middleware(self, app: Flask, config: Any) -> Flask:
        """Answer to an incomplete draft that is published, and for a dataset that moved."""
        drafts.register(app)
        owner_redirect.register(app)
        return app

    def dataset_facets(
        self, facets_dict: OrderedDict[str, Any], package_type: str
    ) -> OrderedDict[str, Any]:
        """Facets of the dataset search."""
        return facets.titles(facets_dict, package_type)

    def organization_facets(
        self,
        facets_dict: OrderedDict[str, Any],
        organization_type: str,
        package_type: str | None,
    ) -> OrderedDict[str, Any]:
        """Facets of an organisation's datasets."""
        return facets.titles(facets_dict, package_type)

    def group_facets(
        self,
        facets_dict: OrderedDict[str, Any],
        group_type: str,
        package_type: str | None,
    ) -> OrderedDict[str, Any]:
        """Facets of a group's datasets."""
        return facets.titles(facets_dict, package_type)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """What Solr gets."""
        return index.document(pkg_dict)

    def after_dataset_show(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """The portals that publish a dataset, too."""
        provenance.show(context, pkg_dict)

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],
    ) -> dict[str, Any]:
        """Labels of facet items."""
        return facets.label_results(search_results)

    def after_dataset_create(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Membership in theme groups."""
        themes.follow_domain(context, pkg_dict)

    def after_dataset_update(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Membership in theme groups."""
        themes.follow_domain(context, pkg_dict)
