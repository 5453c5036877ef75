"""Invented personal data, put together at run time so that no file of the project holds any."""

from __future__ import annotations

from hypothesis import strategies as st

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mobile(rest: str = "00001111", head: str = "38") -> str:
    return "1" + head + rest


def identity(day: str = "19900307", division: str = "110101", order: str = "123") -> str:
    digits = division + day + order
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def digits(count: int):
    return st.text("0123456789", min_size=count, max_size=count)


mobiles = st.builds(
    lambda second, rest: mobile(rest[1:], second + rest[0]), st.sampled_from("3456789"), digits(9)
)
identities = st.builds(
    identity,
    st.tuples(st.integers(1920, 2020), st.integers(1, 12), st.integers(1, 28)).map(
        lambda day: "{:04}{:02}{:02}".format(*day)
    ),
    st.sampled_from(["110101", "330106", "513221", "650102"]),
    digits(3),
)
landlines = st.builds(
    lambda area, first, rest: f"{area}-{first}{rest}",
    st.sampled_from(["010", "028", "0551", "0838", "0543"]),
    st.sampled_from("23456789"),
    st.one_of(digits(6), digits(7)),
)
# Text that neither lengthens a number nor spells an address around it.
surroundings = st.text(
    st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="/?=.:-+&<#"), max_size=30
).filter(lambda text: not any("a" <= sign.lower() <= "z" for sign in text))
