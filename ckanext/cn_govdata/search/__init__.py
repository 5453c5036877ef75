"""Search: the Solr configset that CKAN's index needs for Chinese."""
