#!/bin/sh
# Builds static/vendor from the pinned packages in source/; with --check only compares (CI).
set -eu
cd "$(dirname "$0")/source"
npm ci --ignore-scripts --no-audit --no-fund --silent
node build.mjs "$@"
