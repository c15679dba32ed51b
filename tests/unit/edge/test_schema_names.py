import json

from leadloop.edge.schema_names import PublishedSchemas, publish_schemas

DESCRIPTION = {
    "components": {
        "schemas": {
            "WorkItem": {"title": "WorkItem", "type": "object"},
            "WorkItems": {
                "title": "WorkItems",
                "description": "Cards.",
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "rows": {"items": {"$ref": "#/components/schemas/WorkItem"}},
                },
            },
        }
    },
    "info": {"title": "WorkItem"},
}


def test_a_renamed_class_keeps_its_published_name_in_keys_titles_and_references() -> None:
    published = PublishedSchemas(
        names={"WorkItem": "views__Row", "WorkItems": "Rows"}, texts={"Rows": "What waits."}
    )
    document = json.loads(publish_schemas(json.dumps(DESCRIPTION), published))
    schemas = document["components"]["schemas"]
    assert schemas.keys() == {"views__Row", "Rows"}
    assert (schemas["views__Row"]["title"], schemas["Rows"]["title"]) == ("Row", "Rows")
    items = schemas["Rows"]["properties"]["rows"]["items"]
    assert items == {"$ref": "#/components/schemas/views__Row"}
    assert schemas["Rows"]["properties"]["title"] == {"type": "string"}
    assert schemas["Rows"]["description"] == "What waits."
    assert document["info"]["title"] == "WorkItem", "text that is no schema's name stays"
