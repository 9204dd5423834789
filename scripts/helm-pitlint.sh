#!/bin/sh
# `helm pitlint <chart> [options]`: runs the pitlint on the PATH, or in the working directory's node_modules, else the released one of the plugin's version through npx.
set -eu
if [ -x ./node_modules/.bin/pitlint ]; then
  exec ./node_modules/.bin/pitlint lint "$@"
elif command -v pitlint >/dev/null 2>&1; then
  exec pitlint lint "$@"
fi
version=$(sed -n 's/^version: *//p' "$(dirname "$0")/../plugin.yaml")
exec npx --yes "pitlint@$version" lint "$@"
