#!/bin/sh
# For: stardog; nquads trig
# Makes a database of Stardog out of the parts: sh stardog.sh DATABASE
# search.enabled makes the index for textMatch; query.all.graphs makes the union of graphs the default one.
set -eu
database=${1:?name the database}
cd "$(dirname "$0")/.."
exec stardog-admin db create -n "$database" -o query.all.graphs=true search.enabled=true -- part-*.{ending}.gz
