#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it measures the kernel's memory
. "$(dirname "$0")/lib.sh"

# tap_dropped: set REPLY to the tap's own counter of dropped frames.
tap_dropped() {
	REPLY=$(</sys/class/net/tap-vm1/statistics/tx_dropped)
}

# has_read COUNT: has the guest read COUNT replies?
has_read() {
	read_tapvm_count vm1 reply
	[[ $REPLY -eq $1 ]]
}

# Before 5.18 the module cannot see that a tap drops a frame after its qdisc.
drops_are_visible() {
	[[ $(uname -r) != 5.* ]]
}

FRAMES=5000 answered=0
say "a guest asks and never reads: replies fill its tap's queue, and those that do not fit are counted"
make_flooder_and_neighbour 0
for queue in "$(</sys/class/net/tap-vm1/tx_queue_len)" 10; do
	ip link set tap-vm1 txqueuelen "$queue"
	mark_counters tap-vm1
	tap_dropped
	before=$REPLY
	read_kernel_memory
	memory=$REPLY
	command_tapvm vm1 rx off
	command_tapvm vm1 flood discover "$FRAMES"
	say "  queue of $queue: $RESULT"
	read_result sent
	expect_equal "frames sent" "$REPLY" "$FRAMES"
	# Each queued reply takes 2 KiB and an skb.
	expect_memory_growth "$memory" "$((queue * 3))"
	tap_dropped
	say "  the tap did not take $((REPLY - before)) replies"
	if drops_are_visible; then
		expect_counters tap-vm1 offer "$queue" tx-dropped "$((FRAMES - queue))"
	else
		expect_counters tap-vm1 offer "$FRAMES"
		expect_uncounted 0 "$((queue - FRAMES))" "counted as replies, because this kernel does not report drops of the tap"
	fi
	expect_equal "replies that the tap did not take" "$((REPLY - before))" "$((FRAMES - queue))"

	say "the neighbour is served, and the guest as well once it reads again"
	ask vm2 discover
	expect_reply offer yiaddr=192.0.2.12
	command_tapvm vm1 rx on
	answered=$((answered + queue))
	wait_until 20 "the guest to read" has_read "$answered"
	ask vm1 discover
	expect_reply offer yiaddr=192.0.2.11
	expect_counters tap-vm1 offer 1
	answered=$((answered + 1))
done
