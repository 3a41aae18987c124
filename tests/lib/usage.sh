# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced by test scripts: parse their arguments. The sourcing script defines
# usage().

# only_words ARGUMENT...: answer --help, and reject all other options.
only_words() {
	case ${1-} in
	-h | --help)
		usage
		exit
		;;
	-*)
		usage >&2
		exit 2
		;;
	esac
}

# no_words ARGUMENT...: answer --help, and reject all other arguments.
no_words() {
	only_words "$@"
	[[ -z ${1-} ]] || {
		usage >&2
		exit 2
	}
}
