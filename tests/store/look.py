"""Looking at what was written: rows, dictionaries, documents."""

import json

import sqlalchemy as sa

# Made at random, or at the moment of writing.
VOLATILE = {
    "metadata_created",
    "metadata_modified",
    "created",
    "_version_",
    "indexed_ts",
    "tag_id",
    "index_id",
}
JSON = ("data_dict", "validated_data_dict")


def show(package_id):
    """The dataset as the API shows it from the database."""
    import ckan.plugins.toolkit as tk

    context = {"ignore_auth": True, "use_cache": False}
    return tk.get_action("package_show")(context, {"id": package_id})


def shown(package_id):
    """The same without what is made at random or at the moment of writing."""
    package = _without(show(package_id))
    for tag in package["tags"]:
        del tag["id"]
    return package


def rows(package_ids):
    """All rows of datasets in CKAN's tables, without what is random, in a stable order."""
    from ckan import model

    member, link, tag = model.member_table, model.package_tag_table, model.tag_table
    package, resource = model.package_table, model.resource_table
    queries = {
        "package": sa.select(package).where(package.c.id.in_(package_ids)),
        "resource": sa.select(resource).where(resource.c.package_id.in_(package_ids)),
        "tag": sa.select(link.c.package_id, link.c.state, tag.c.name, tag.c.vocabulary_id)
        .join(tag, tag.c.id == link.c.tag_id)
        .where(link.c.package_id.in_(package_ids)),
        "member": sa.select(
            member.c.table_name,
            member.c.table_id,
            member.c.capacity,
            member.c.group_id,
            member.c.state,
        ).where(member.c.table_id.in_(package_ids)),
    }
    if hasattr(model, "package_extra_table"):
        extra = model.package_extra_table
        queries["extra"] = sa.select(
            extra.c.package_id, extra.c.key, extra.c.value, extra.c.state
        ).where(extra.c.package_id.in_(package_ids))
    return {
        name: sorted(
            (_without(dict(row._mapping)) for row in model.Session.execute(query)), key=str
        )
        for name, query in queries.items()
    }


def documents(query="*:*"):
    """Every dataset's document in the index by id, the dictionaries in it parsed."""
    import ckan.plugins.toolkit as tk
    from ckan.lib.search.common import make_connection

    connection = make_connection(decode_dates=False)
    connection.commit(waitSearcher=True)
    of_site = ["dataset_type:dataset", f'site_id:"{tk.config["ckan.site_id"]}"']
    found = connection.search(query, fq=of_site, fl="*", rows=5000)
    return {each["id"]: _parsed(each) for each in found}


def versions():
    """Of every table that a harvest writes to, the rows and the transaction that wrote last."""
    from ckan import model

    tables = [
        "package",
        "resource",
        "tag",
        "package_tag",
        "member",
        "harvest_object",
        "cn_govdata_record",
        "cn_govdata_outbox",
    ]
    query = "SELECT count(*), max(CAST(CAST(xmin AS text) AS bigint)) FROM {}"
    found = {name: model.Session.execute(sa.text(query.format(name))).one() for name in tables}
    model.Session.rollback()
    return found


def count(table):
    """The number of rows of a table."""
    from ckan import model

    return model.Session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _parsed(document):
    """CKAN 2.11 keeps the one dictionary inside the other."""
    return {
        key: _parsed(json.loads(value)) if key in JSON else value
        for key, value in document.items()
        if key not in ("_version_", "indexed_ts")
    }


def _without(value):
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items() if key not in VOLATILE}
    if isinstance(value, list):
        return [_without(each) for each in value]
    return value
