#!/bin/sh
# For: oxigraph; nquads trig turtle
# Loads the parts into a new or stopped database of Oxigraph: sh oxigraph.sh DATABASE-FOLDER
# Then: oxigraph serve --location DATABASE-FOLDER --union-default-graph (or serve-read-only). It has no index of texts.
set -eu
database=$(realpath -m "${1:?name the folder of the database}")
cd "$(dirname "$0")/.."
if [ "{ending}" = ttl ]; then set -- --graph "{derived}"; else set --; fi
exec oxigraph load --location "$database" "$@" --file part-*.{ending}.gz
