"""Tags as people write them, before CKAN sees them: a tag never costs a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.text.tags import split

if TYPE_CHECKING:
    from collections.abc import Mapping


def cleaned(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a package dict whose tags CKAN accepts.

    The words of `tags` and of the form's `tag_string` are split, folded, deduplicated and capped
    by `text.tags`; tags of a vocabulary stay as they are. Without tags the copy has none either.
    Datasets of other types keep theirs as they are.
    """
    copy = dict(data)
    if data.get("type", DATASET_TYPE) != DATASET_TYPE:
        return copy
    tags = data.get("tags")
    text = copy.pop("tag_string", None)
    if text is None and not isinstance(tags, list):
        return copy
    given = [tag for tag in tags or () if isinstance(tag, dict)]
    free = {str(tag.get("name") or ""): tag for tag in given if not tag.get("vocabulary_id")}
    kept = split([*free, *([text] if text else [])]).kept
    copy["tags"] = [tag for tag in given if tag.get("vocabulary_id")]
    copy["tags"] += [free.get(word) or {"name": word} for word in kept]
    return copy
