#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

COUNT=1000
seed=${SEED:-$RANDOM}
say "$COUNT random documents, one after the other (SEED=$seed): each dump is equal to its document"
documents() {
	/usr/bin/python3 -B "$E2E/random_documents.py" "$@"
}
mkdir "$W/documents"
# Some of their devices exist.
for n in 1 3; do
	ip link add "tap$n" type dummy
done
documents write "$W/documents" "$COUNT" "$seed"
vdhcpctl -b "$W/documents/batch" >"$W/documents/said" 2>"$W/documents.log" || fail "status $?: $(tail -n 3 "$W/documents.log")"
# Random addresses and MACs may be those of two ports, which is only a warning.
expect_equal "errors" "$(grep -v '^Warning: ' "$W/documents.log")" ""
documents check "$W/documents" "$COUNT" 2>"$W/check.log" || fail "$(tail -n 1 "$W/check.log")"
say "  $(wc -c <"$W/documents/said") bytes of dumps are right"

say "sync of a dump changes nothing"
vdhcpctl dump | vdhcpctl sync - >"$W/said"
expect_match "sync of the dump" "$(<"$W/said")" 'added 0, changed 0, unchanged [0-9]+, removed 0.*added 0, changed 0, unchanged [0-9]+, removed 0'
vdhcpctl flush
