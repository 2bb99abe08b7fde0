#!/bin/sh
# For: graphdb; nquads trig
# Loads the parts into a repository of GraphDB that is there, while the server is stopped: sh graphdb.sh REPOSITORY
# Make it with the ruleset "empty", so that nothing is inferred. What it held is gone.
set -eu
repository=${1:?name the repository}
cd "$(dirname "$0")/.."
exec importrdf load -f -i "$repository" -m parallel part-*.{ending}.gz
# For searches, a Lucene connector, once, as an update:
#   PREFIX con: <http://www.ontotext.com/connectors/lucene#>
#   PREFIX inst: <http://www.ontotext.com/connectors/lucene/instance#>
#   INSERT DATA { inst:sentences con:createConnector '''{"types": ["$any"],
#     "fields": [{"fieldName": "exact", "propertyChain": ["http://www.w3.org/ns/oa#exact"]}]}''' }
