#!/usr/bin/env bash
# Makes sure that the tests find what is no Python package: a Chromium, a Virtuoso, and the tools in Node that
# check the pages' sources and the workflows. Debian's packages when we are root there, else what can be had.
#
# Without a Chromium the tests fail. Without the others they skip, and this says so in a line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

is_here() {
  local name
  for name; do if command -v "$name" >/dev/null; then return 0; fi; done
  return 1
}
on_debian_as_root() { [ "$(id -u)" = 0 ] && is_here apt-get; }
debian() {
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
}
playwright_has_one() {
  python - <<'PYTHON'
import os
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}
last_line() { tail -n 1 "$log"; }

# ------------------------------------------------------------------------------------------ Chromium
install_chromium() {
  if on_debian_as_root; then debian chromium; else python -m playwright install chromium; fi
}
if ! is_here chromium chromium-browser google-chrome && ! playwright_has_one; then
  echo "No Chromium is here; installing one for the tests that open a page."
  if ! install_chromium >"$log" 2>&1; then
    echo "Chromium cannot be installed ($(last_line)): install chromium or google-chrome, then run this again" >&2
    exit 1
  fi
fi

# ------------------------------------------------------------------------------------------ Virtuoso
# The tests start and stop it themselves; only its programs are wanted, not the service.
if ! { is_here virtuoso-t && is_here isql-vt; }; then
  if ! on_debian_as_root; then
    echo "Virtuoso is not here, and only root on Debian installs it: the tests against it will skip."
  elif ! debian virtuoso-opensource-7-bin >"$log" 2>&1; then
    echo "Virtuoso cannot be installed ($(last_line)): the tests against it will skip."
  fi
fi

# ------------------------------------------------------------------------------------------ Node's tools
for folder in kg/view/src kg/server/page/src .github; do
  if ! is_here npm; then
    echo "npm is not here: the tests of $folder will skip."
  elif [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    :
  elif ! (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1; then
    echo "The tools of $folder cannot be installed ($(last_line)): its tests will skip."
  fi
done
