"""A tag never costs a dataset."""

import pytest
from ckan.tests.helpers import call_action

from .test_obligations import LEAST

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def names(package):
    return {tag["name"] for tag in package["tags"]}


@pytest.mark.smoke
def test_tags_are_split_and_cleaned(create):
    tags = [{"name": "交通、环境；水利"}, {"name": "a/b<script>"}, {"name": "一"}, {"name": "交通"}]
    package = create(**LEAST, tags=tags)
    assert {"交通", "环境", "水利"} <= names(package)
    assert "一" not in names(package)


def test_the_tags_of_a_form(create):
    package = create(**LEAST, tag_string="交通,环境，水利 ")
    assert names(package) == {"交通", "环境", "水利"}
    package = call_action("package_patch", id=package["id"], tag_string="教育", tags=[])
    assert names(package) == {"教育"}


def test_thirty_thousand_tags_land(create):
    package = create(**LEAST, tags=[{"name": f"标签{number}"} for number in range(30_000)])
    assert len(package["tags"]) == 60
