# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: what the test scripts do with their arguments. usage() is the sourcing
# script's.

# only_words ARGUMENT...: --help is answered, and there is no other option.
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

# no_words ARGUMENT...: and nothing else either.
no_words() {
	only_words "$@"
	[[ -z ${1-} ]] || {
		usage >&2
		exit 2
	}
}
