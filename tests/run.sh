#!/usr/bin/env bash
# Set up what is missing, then run every check and every test: bash tests/run.sh
# Arguments go to pytest: bash tests/run.sh -k padding
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-python3}
venv=.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '\n== %s\n' "$1"; }

# Run a command in silence; show what it said only if it fails.
quietly() {
  local said
  if ! said=$("$@" 2>&1); then
    printf '%s\n' "$said" >&2
    printf 'failed: %s\n' "$*" >&2
    return 1
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

apt_updated=
apt_install() {
  command -v apt-get > /dev/null || {
    printf 'please install by hand: %s\n' "$*" >&2
    return 1
  }
  if [ -z "$apt_updated" ]; then
    quietly as_root apt-get update
    apt_updated=yes
  fi
  quietly as_root apt-get install --yes --no-install-recommends "$@"
}

# A browser that runs: on Ubuntu the name "chromium-browser" may be a stub that only names a snap.
find_chromium() {
  local name
  for name in "${CONVLENS_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" > /dev/null \
      && "$name" --version 2> /dev/null | grep -qE '^(Chromium|Google Chrome)'; then
      command -v "$name"
      return
    fi
  done
}

# Whether apt has a chromium of its own and no pointer to a snap.
apt_has_chromium() {
  command -v apt-get > /dev/null || return 1
  [ -n "$apt_updated" ] || quietly as_root apt-get update
  apt_updated=yes
  apt-cache show chromium 2> /dev/null | grep -qE '^Version: [0-9]' \
    && ! apt-cache show chromium 2> /dev/null | grep -qiE '^Version:.*snap'
}

set_up_python() {
  say "Python packages"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || {
    command -v "$python" > /dev/null || apt_install python3
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
      printf 'ConvLens needs Python 3.11 or newer; set PYTHON to one\n' >&2
      return 1
    }
  }
  if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then apt_install python3-venv; fi
  if ! "$venv/bin/python" -c 'import pip' 2> /dev/null; then quietly "$python" -m venv --clear "$venv"; fi
  quietly "$venv/bin/pip" install --constraint .ci/constraints.txt --editable '.[test]'
}

set_up_browser() {
  say "Browser"
  if [ -z "$(find_chromium)" ] && apt_has_chromium; then apt_install chromium fonts-liberation; fi
  if [ -z "$(find_chromium)" ]; then
    quietly "$venv/bin/playwright" install chromium
    quietly as_root "$PWD/$venv/bin/playwright" install-deps chromium
  fi
  # Here a browser is part of the set-up: its absence is a failure and no reason to skip.
  export CONVLENS_REQUIRE_BROWSER=1
}

check_python() {
  say "Python: style and types"
  "$venv/bin/ruff" check
  "$venv/bin/ruff" format --check
  "$venv/bin/mypy"
}

check_javascript() {
  local tests flags=()
  if ! command -v node > /dev/null; then apt_install nodejs; fi
  say "JavaScript: tests of the modules without a page ($(node --version))"
  # The modules carry no package.json; older versions of Node want to be told what they are.
  if node --help | grep -q -- --experimental-default-type; then
    flags=(--experimental-default-type=module)
  fi
  mapfile -t tests < <(find tests/js -name '*.test.js' -not -path '*/node_modules/*' | sort)
  node "${flags[@]}" --test --test-reporter=spec "${tests[@]}"

  if ! command -v npm > /dev/null; then
    say "JavaScript: no npm here, so no check of types and style"
    return
  fi
  say "JavaScript: style and types"
  (
    cd tests/js
    quietly npm install --no-package-lock --no-audit --no-fund
    npx --no-install tsc --project tsconfig.json
    npx --no-install prettier --check ../../static .
  )
}

run_tests() {
  say "Tests"
  "$venv/bin/python" -m pytest "$@"
}

set_up_python
set_up_browser
check_python
check_javascript
run_tests "$@"
say "All is well"
