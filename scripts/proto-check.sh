#!/bin/sh
# Checks the schema; see proto-check.py.
exec python3 "$(dirname "$0")/proto-check.py" "$@"
