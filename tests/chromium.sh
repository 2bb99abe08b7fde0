#!/usr/bin/env bash
# Makes sure that the tests which open a page find a Chromium: one that is there, Debian's when we are
# root, Playwright's own elsewhere.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
playwright_has_one() {
  python - <<'PYTHON'
import os
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}
install() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium
  else
    python -m playwright install chromium
  fi
}
if playwright_has_one; then exit 0; fi
echo "No Chromium is here; installing one for the tests that open a page."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install >"$log" 2>&1; then
  echo "Chromium cannot be installed ($(tail -n 1 "$log")): install chromium or google-chrome, then run this again" >&2
  exit 1
fi
