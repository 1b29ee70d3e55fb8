#!/bin/sh
# Builds static/vendor from the pinned packages in source/.  --check only compares, --lint lints our JavaScript (CI).
set -eu
cd "$(dirname "$0")/source"
npm ci --ignore-scripts --no-audit --no-fund --silent
case "${1:-}" in
  --lint) node lint.mjs ;;
  *) node build.mjs "$@" ;;
esac
