#!/bin/sh
# The same as make validate-schemas, for those who look for it under this name.
exec "$(dirname "$0")/../bin/carbon" schemas validate "$@"
