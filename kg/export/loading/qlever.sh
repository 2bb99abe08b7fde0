#!/bin/sh
# For: qlever; nquads
# Makes an index of QLever out of the parts, and starts it: sh qlever.sh; then KG_ENGINE=qlever, http://HOST:7001/
# Needs the command qlever (pip install qlever) and Docker, or its binaries with SYSTEM = native in the Qleverfile.
set -eu
cp "$(dirname "$0")/Qleverfile" "$(dirname "$0")/.."
cd "$(dirname "$0")/.."
qlever index
exec qlever start
