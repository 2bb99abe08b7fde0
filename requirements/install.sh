#!/usr/bin/env bash
# requirements/install.sh VENV SET...: installs pinned and hashed sets (requirements/SET.txt) and kg itself, editable.
#
# uv installs, since it is many times quicker; pip does where uv cannot. uv does not read pip's settings, so the
# index and the certificates that pip is set to are passed on to it, unless uv has its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$1/bin/python
shift

settings=$("$python" -m pip config list 2>/dev/null || true)
setting() { # The value of an option of pip's: from the environment, for installing, or for all of pip's commands.
  local section value
  for section in :env: install global; do
    value=$(sed -n "s/^$section\.$1='\(.*\)'$/\1/p" <<<"$settings")
    if [ -n "$value" ]; then echo "$value"; return; fi
  done
}
pass_on() { # Sets a variable of uv's to an option of pip's.
  local value
  value=$(setting "$2")
  if [ -z "${!1:-}" ] && [ -n "$value" ]; then export "$1=$value"; fi
}
pass_on UV_DEFAULT_INDEX index-url
pass_on SSL_CERT_FILE cert

sets=()
for name; do sets+=(-r "requirements/$name.txt"); done
export UV_PYTHON_DOWNLOADS=never
if "$python" -m pip install -qq --require-hashes -r requirements/uv.txt &&
  "$python" -m uv pip install -q --python "$python" --require-hashes --compile-bytecode "${sets[@]}"; then
  "$python" -m uv pip install -q --python "$python" --no-deps --no-build-isolation --editable .
else
  echo "uv cannot install here; pip does, which takes some minutes." >&2
  "$python" -m pip install -qq --require-hashes "${sets[@]}"
  "$python" -m pip install -qq --no-deps --no-build-isolation --editable .
fi
