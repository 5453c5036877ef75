"""The translations of the project: `python -m tools.i18n update` and `python -m tools.i18n compile`.

`update` extracts the messages of the code into the template (.pot) and brings the catalogues (.po)
in step with it; `compile` makes the binary catalogues (.mo) that CKAN reads. All are committed.

ckanext-harvest has no Chinese of its own: the messages of its pages are translated here too, save
those that CKAN's own catalogue has. Messages of CKAN itself: `i18n_ckan.py`.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.i18n_ckan import MESSAGES as OF_CKAN

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "ckanext" / "cn_govdata"
FOLDER = PROJECT / "i18n"
DOMAIN = "ckanext-cn_govdata"
LOCALES = ("zh_Hans_CN", "zh_Hant_TW")

_HEADER = {
    "project": DOMAIN,
    "version": "0.1",
    "charset": "utf-8",
    "copyright_holder": "the contributors of ckanext-cn-govdata",
    "msgid_bugs_address": DOMAIN,
    "last_translator": "the contributors",
    "language_team": "the contributors",
    "fuzzy": False,
    "header_comment": f"# Translations of {DOMAIN}; AGPL-3.0-or-later.",
}
_HARVEST = "ckanext-harvest"
# Words of its database that its pages translate, so that its template lacks them.
_HARVEST_WORDS = ("added", "updated", "deleted", "not modified", "New", "Running", "Finished")
_METHODS = [("**.py", "python"), ("**/templates/**.html", "ckan")]


def extract() -> Catalog:
    """Collect the messages of the whole package, without line numbers, which only make noise."""
    catalog = Catalog(**_HEADER)
    found = extract_from_dir(PACKAGE, method_map=_METHODS, comment_tags=())
    for filename, _line, message, comments, context in found:
        place = f"ckanext/cn_govdata/{filename}"
        catalog.add(message, locations=[(place, None)], auto_comments=comments, context=context)
    for message in OF_CKAN:
        catalog.add(message, locations=[("ckan", None)])
    for message in _of_harvest():
        if message not in catalog:
            catalog.add(message, locations=[(_HARVEST, None)])
    return catalog


def of_harvest_alone(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue that are there for ckanext-harvest's pages alone."""
    return [each for each in catalogue if {place for place, _ in each.locations} == {_HARVEST}]


def _of_harvest() -> set[str | tuple[str, str]]:
    """Collect the messages of ckanext-harvest that neither it nor CKAN has in Chinese."""
    template = files("ckanext.harvest") / "i18n" / f"{_HARVEST}.pot"
    with template.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    core = files("ckan") / "i18n" / LOCALES[0] / "LC_MESSAGES" / "ckan.po"
    with core.open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    return (wanted | set(_HARVEST_WORDS)) - known


def catalogue_file(locale: str, suffix: str) -> Path:
    """Return the path of a locale's catalogue; `suffix` is `po` or `mo`."""
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def read(locale: str) -> Catalog:
    """Read the catalogue of a locale; an empty one when there is none yet."""
    path = catalogue_file(locale, "po")
    if not path.exists():
        return Catalog(locale=locale, **_HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update() -> None:
    """Write the template and bring the catalogues in step with it."""
    template = extract()
    _write(FOLDER / f"{DOMAIN}.pot", template)
    for locale in LOCALES:
        catalogue = read(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(catalogue_file(locale, "po"), catalogue)


def compile_() -> None:
    """Write the binary catalogues."""
    for locale in LOCALES:
        with catalogue_file(locale, "mo").open("wb") as file:
            write_mo(file, read(locale))


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, omit_header=False, width=100)


if __name__ == "__main__":
    {"update": update, "compile": compile_}[sys.argv[1]]()
