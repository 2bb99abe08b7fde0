#!/bin/sh
# For: jena; nquads trig turtle
# Loads the parts into a new database of Jena, TDB2: sh jena.sh DATABASE-FOLDER
# Then: fuseki-server --config fuseki.ttl, whose dataset has tdb2:unionDefaultGraph true.
set -eu
database=$(realpath -m "${1:?name the folder of the database}")
cd "$(dirname "$0")/.."
if [ "{ending}" = ttl ]; then set -- --graph "{derived}"; else set --; fi
exec tdb2.tdbloader --loader=parallel --loc "$database" "$@" part-*.{ending}.gz
