#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What bash offers after a part of a command. Argument: the directory that
# run.sh built into; with others, which pick tests of other files, nothing runs.
set -u
out=$1
# run.sh wants this line last: without it, the file broke off.
complete="# complete"
[ $# -eq 1 ] || {
	echo "$complete"
	exit
}
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The grammar is that of vdhcpctl, the objects are those that a kernel might have.
cat >"$dir/vdhcpctl" <<STUB
#!/bin/sh
echo "\$*" >>"$dir/calls"
case \$* in
__complete*) exec "$out/real/vdhcpctl" "\$@" ;;
*"subnet show") printf '%s\n' "subnet net1 cidr 192.0.2.0/24" "    answers as 192.0.2.1" \
	"subnet 'net 2' cidr 198.51.100.0/24" "subnet a:b cidr 203.0.113.0/24" ;;
*"port show") printf '%s\n' "port tap0 mac 00:00:5e:00:53:05" "    waiting for device tap0" \
	"port tap0 vlan 100 mode deny" "port tap0 vlan 7 mode deny" "port tap1 mode pass" ;;
*) exit 2 ;;
esac
STUB
chmod +x "$dir/vdhcpctl"
mkdir -p "$dir/netns" "$dir/sys/tap0" "$dir/sys/tap9" "$dir/sys/eth0"
touch "$dir/netns/blue" "$dir/netns/green" "$dir/sys/bonding_masters"
export VDHCPCTL_NETNS_DIR=$dir/netns VDHCPCTL_SYSFS_DIR=$dir/sys

# shellcheck source=/dev/null
. "$top/tools/completion/vdhcpctl"
cd "$dir" || exit
touch doc.json doc.txt

# The words as bash parts them: a colon is a word.
offer() { # LINE, a blank at its end begins a new word
	local line=${1//:/ : }
	read -ra COMP_WORDS <<<"vdhcpctl $line"
	[[ -z $1 || $1 == *" " ]] && COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_vdhcpctl "$dir/vdhcpctl" "" ""
}

same() { # NAME HAVE WANT
	if [ "$2" = "$3" ]; then
		echo "ok - completion: $1"
	else
		printf 'not ok - completion: %s\n  want %s\n  have %s\n' "$1" "$3" "$2"
	fi
}

sorted() { printf '%s\n' "$@" | sort | tr '\n' ' '; }

check() { # LINE WANT...
	local line=$1
	shift
	offer "$line"
	same "$line" "$(sorted "${COMPREPLY[@]}")" "$(sorted "$@")"
}

portkeys=(vlan mac addr subnet for hostname mode other-mac guard rate option unicast)
commands=(add set replace del show help)
objects=(subnet port sync dump stats monitor version flush batch help)

check "" "${objects[@]}"
check "s" subnet sync stats
check "-" -json -pretty -stats -netns -batch -brief -force -Version -help
check "--p" --pretty
check "-j -s po" port
check "-n " blue green
check "-netns g" green
check "-b d" doc.json doc.txt
check "-b doc.j" doc.json
check "-n blue p" port
check "none " ""
check "help mo" monitor
check "help b" batch bad-hardware bad-ip-checksum bad-ip-header bad-ip-length bad-partial-checksum bad-message-type bad-op bad-options \
	bad-udp-checksum bad-udp-length bootp
check "help verd" verdicts

check "port " "${commands[@]}"
check "subnet s" set show
check "port show " tap0 tap1
check "p show tap0 " vlan
check "port show tap0 " vlan
check "port show tap0 vlan " 100 7
check "port del tap0 vlan 1" 100
check "port del tap1 vlan " ""
check "port add " tap0 tap9 eth0
check "port replace t" tap0 tap9 tap1
check "port set " tap0 tap1
check "subnet add " ""
check "subnet set " net1 a:b
check "subnet del n" net1
check "subnet del net1 " ""
check "subnet set a:" b
check "port add tap0 " "${portkeys[@]}"
check "port add tap0 m" mac mode
check "port add tap0 mode " serve pass deny
check "port set tap0 mode " serve pass deny none
check "port add tap0 guard o" on off
check "port add tap0 subnet " net1 a:b
check "port add tap0 mac 00:00:5e:00:53:05 h" hostname
check "port add tap0 mac 00:00:5e:00:53:05 addr 192.0.2.5 mode pass " \
	vlan addr subnet for hostname other-mac guard rate option unicast
check "port add tap0 rate " ""
check "port add tap0 option " ""
check "port set tap0 option " none
check "port add tap0 option 67 " string hex ip u8 u16 u32 none
check "port add tap0 option 67 string boot.ipxe o" other-mac option
check "port set tap0 option 67 none ra" rate
check "port set tap0 option none ra" rate
check "subnet add s r" route rapid-commit
check "subnet add s route 192.0.2.0/24 v" via
check "subnet add s route 192.0.2.0/24 m" mtu
check "subnet add s route 192.0.2.0/24 via " ""
check "subnet add s route 192.0.2.0/24 via 192.0.2.9 ro" route
check "subnet add s send-router " auto always
check "subnet add s lease " infinite
check "subnet set s lease " infinite none
check "subnet set s cidr " ""

check "sync d" doc.json doc.txt
check "sync --" --dry-run --check --strict --max-remove --json --pretty --stats --netns --batch --brief --force --Version \
	--help
check "sync doc.json --s" --stats --strict
check "port show -j" -json
check "port show tap0 -n g" green
check "port -n blue sh" show
check "batch d" doc.json doc.txt
check "sync doc.json --d" --dry-run
check "stats " show prometheus all help tap0 tap1
check "stats show " prometheus all tap0 tap1
check "stats prometheus " all tap0 tap1
check "stats tap0 " vlan
check "stats prometheus tap0 vlan " 100 7
check "stats all " ""
check "monitor " all port help
check "monitor -j " all port help
check "monitor port " tap0 tap1
check "monitor port tap0 vlan 7" 7
check "monitor all " ""
check "dump " ""

# The namespace that is asked is the one of the line.
: >"$dir/calls"
check "-n blue port show " tap0 tap1
same calls "$(grep -v __complete "$dir/calls")" "-n blue port show"
# Nothing that the tool says on the way is seen.
rm "$dir/vdhcpctl"
same noise "$(offer "port show " 2>&1)" ""

echo "$complete"
