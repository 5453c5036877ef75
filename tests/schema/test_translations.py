"""Every message has both Chinese translations, and the compiled catalogues are those of today."""

import gettext
import string

import pytest

from tools import i18n


def keys(catalogue):
    return {message.id for message in catalogue if message.id}


def texts(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_message_of_the_code_is_translated(locale):
    catalogue = i18n.read(locale)
    extracted = keys(i18n.extract())
    assert extracted <= keys(catalogue), "run: python -m tools.i18n update"
    # CKAN 2.11 has some words of ckanext-harvest in Chinese that 2.12 lacks.
    stale = {each.id for each in catalogue if each.id and each.id not in extracted}
    assert stale <= keys(i18n.of_harvest_alone(catalogue)), "run: python -m tools.i18n update"
    lacking = [message.id for message in catalogue if message.id and not all(texts(message.string))]
    assert not lacking


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_translation_has_the_fields_of_its_message(locale):
    for message in i18n.read(locale):
        if isinstance(message.id, str) and message.id:
            assert fields(message.string) == fields(message.id), message.id


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_the_compiled_catalogue_is_up_to_date(locale):
    with i18n.catalogue_file(locale, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in i18n.read(locale):
        if message.id and isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string, (
                "run: python -m tools.i18n compile"
            )
