"""Credit codes: GB 32100 and the organisation code of GB 11714 in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import credit_code
from ckanext.cn_govdata.standards.codelists import codelist

CHARACTERS = "".join(codelist("uscc_charset"))


@pytest.mark.parametrize("sample", list(codelist("uscc_samples").values()), ids=lambda c: c.code)
def test_samples(sample):
    assert credit_code.check(sample.code).valid is (sample.extra["valid"] == "yes")


def test_parts():
    parts = credit_code.check("11430000006122439E").parts
    assert parts.department == "1"
    assert parts.organisation_type == "11"
    assert parts.division_code == "430000"
    assert parts.organisation_code == "006122439"
    assert parts.check_character == "E"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "length"),
        ("1143000000612243", "length"),
        ("12430000MBOL67976N", "character"),
        ("11430000006122438E", "organisation_check"),
        ("11430000006122439F", "check"),
        ("１１43 0000 0061 2243 9e", None),
    ],
)
def test_reasons(code, reason):
    found = credit_code.check(code)
    assert found.reason == reason
    assert found.valid is (reason is None)


def test_width_case_and_spaces_are_folded():
    assert credit_code.check(" 11430000006122439e ").code == "11430000006122439E"


def test_check_characters_refuse_what_is_no_code():
    with pytest.raises(ValueError, match="zip"):
        credit_code.check_character("123")
    with pytest.raises(KeyError):
        credit_code.check_character("O" * 17)


head = st.text(CHARACTERS, min_size=8, max_size=8)


@given(head, head)
def test_a_code_made_by_the_rules_is_valid(start, organisation):
    code = f"{start}{organisation}{credit_code.organisation_check_character(organisation)}"
    code += credit_code.check_character(code)
    assert credit_code.check(code).valid


@given(head, head, st.integers(0, 17), st.sampled_from(CHARACTERS))
def test_one_wrong_character_is_seen(start, organisation, position, other):
    code = f"{start}{organisation}{credit_code.organisation_check_character(organisation)}"
    code += credit_code.check_character(code)
    wrong = code[:position] + other + code[position + 1 :]
    assert credit_code.check(wrong).valid is (wrong == code)


@given(st.text())
def test_any_text_is_checked(text):
    assert credit_code.check(text).valid in (True, False)
