#!/usr/bin/env bash
# Writes requirements/*.txt: every set pinned and hashed, for each Python and system that kg runs on.
#
# All sets follow dev.txt, so that one environment can hold several. Only the public index counts: the settings of
# one machine would put its own hashes into the lists.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for name in $(compgen -e UV_ || true); do unset "$name"; done

pin() { # pin SET OPTION...
  local name=$1 header
  shift
  header="# Written by 'make lock' for Python 3.11 to 3.14 on Linux, macOS and Windows: change pyproject.toml instead."
  echo "requirements/$name.txt"
  uv pip compile "$@" --quiet --no-config --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links --output-file "$work/$name.txt"
  { echo "$header"; cat "$work/$name.txt"; } >"requirements/$name.txt"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pin dev pyproject.toml --extra all --group dev
pin demo pyproject.toml --extra read --group demo --constraint requirements/dev.txt
pin docs pyproject.toml --group docs --constraint requirements/dev.txt
pin training pyproject.toml --extra read --group training --constraint requirements/dev.txt
pin spark pyproject.toml --extra spark --group sail --constraint requirements/dev.txt
pin llama --group pyproject.toml:llama
pin uv --group pyproject.toml:installer
