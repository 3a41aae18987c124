#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the stages of the tests, one after the other. See --help.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

usage() {
	cat <<'E'
usage: tests/check.sh [--all | --ci | --costs | STAGE...]

Runs the stages of `make check`, or those that are named; tests/stages lists them. A stage
that fails does not keep the others from running. Prints KTAP, the time of each stage, and
as the last line the sum: N passed, N failed, N skipped.

  --all    all stages (make check-all)
  --ci     those of `make check`, those that .ci/run always has, and as many others as fit
           into CI_SECONDS; a stage that is left out counts as skipped. Fails if a stage
           leaves a file in the tree outside of build/.
  --costs  print for each verb of the Makefile how many minutes it takes, for make help

  CI_SECONDS  the time for --ci (4500)
  CI_BEGAN    when it began, in seconds since 1970 (now)
  KVER        kernel (6.1)

Exit status: 0 if no test failed.
E
}

# Debian 12's own kernel, whichever kernels have headers here.
export KVER=${KVER:-6.1}
home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/vdhcp}

stages=()
declare -A size seconds cached cold verb command
while read -r name a b c d e f; do
	[[ -n $name && $name != \#* ]] || continue
	stages+=("$name")
	size[$name]=$a seconds[$name]=$b cached[$name]=$c cold[$name]=$d verb[$name]=$e command[$name]=$f
done <tests/stages

# Seconds that a stage will take, with what it has to build first.
estimate() { # STAGE
	local total=${seconds[$1]}
	[[ ${cached[$1]} == - ]] || compgen -G "$cache/${cached[$1]}" >/dev/null ||
		total=$((total + cold[$1]))
	echo "$total"
}

minutes() { # SECONDS
	echo $((($1 + 59) / 60))
}

# "VERB MINUTES"; several stages may wait for the same thing to be built once.
costs() {
	local name once
	local -A sum=() first=() counted=()
	add() { # VERB
		sum[$1]=$((${sum[$1]:-0} + seconds[$name]))
		[[ -n ${counted[$1 ${cached[$name]}]-} ]] || first[$1]=$((${first[$1]:-0} + cold[$name]))
		counted[$1 ${cached[$name]}]=1
	}
	for name in "${stages[@]}"; do
		[[ ${size[$name]} != check ]] || add check
		add check-all
		[[ ${verb[$name]} == - ]] || add "${verb[$name]}"
	done
	for name in "${!sum[@]}"; do
		once=
		((first[$name] < 60)) || once=", $(minutes "${first[$name]}") more the first time"
		printf '%s\t\t%s min%s\n' "$name" "$(minutes "${sum[$name]}")" "$once"
	done
}

mode=check
case ${1-} in
-h | --help)
	usage
	exit
	;;
--costs)
	costs
	exit
	;;
--all | --ci)
	mode=${1#--}
	shift
	;;
-*)
	usage >&2
	exit 2
	;;
esac
chosen=()
case $mode in
check)
	for name in "${stages[@]}"; do
		[[ $# -gt 0 || ${size[$name]} != check ]] || chosen+=("$name")
	done
	for name; do
		[[ -n ${size[$name]-} ]] || {
			echo "no such stage: \"$name\". Stages: ${stages[*]}" >&2
			exit 2
		}
		chosen+=("$name")
	done
	;;
*)
	chosen=("${stages[@]}")
	;;
esac
if [[ $mode != check && $# -gt 0 ]]; then
	usage >&2
	exit 2
fi

# shellcheck source=tests/lib/count.sh
. tests/lib/count.sh
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh
logs=build/check
began=${CI_BEGAN:-$(date +%s)}
budget=${CI_SECONDS:-4500}
spent=0 expected=0

# fits STAGE: whether it will be done in time. Estimates are for quiet processors, so they
# are stretched by what the stages took so far.
fits() {
	local need now=$(($(date +%s) - began))
	need=$(estimate "$1")
	((expected == 0 || spent <= expected)) || need=$((need * spent / expected))
	reason="would take $need s, $((budget - now)) s of $budget s are left"
	((now + need <= budget))
}

run_stage() { # STAGE
	local start=$SECONDS need
	need=$(estimate "$1")
	# shellcheck disable=SC2294 # the table quotes words as a shell does
	eval "stage $1 ${command[$1]}"
	spent=$((spent + SECONDS - start)) expected=$((expected + need))
}

# The tests write only below build/, nowhere else in the tree.
tree_clean() {
	local left
	left=$(git status --porcelain)
	ktap_begin
	[[ -z $left ]]
	ktap_result "no file outside of build/" "$(tr '\n' ' ' <<<"$left")"
	ktap_end
}

count=${#chosen[@]}
[[ $mode != ci ]] || count=$((count + 1))
stages_begin "$count"
for name in "${chosen[@]}"; do
	if [[ $mode == ci && ${size[$name]} == rest ]] && ! fits "$name"; then
		stage_skip "$name" "$reason"
	else
		run_stage "$name"
	fi
done
[[ $mode != ci ]] || stage tree tree_clean
echo "# total $SECONDS s"
total
