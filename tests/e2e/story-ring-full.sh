#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# measure_frame_cost: it looks at the kernel's memory
. "$(dirname "$0")/lib.sh"

# What the tap itself counts as not taken.
tap_dropped() {
	REPLY=$(</sys/class/net/tap-vm1/statistics/tx_dropped)
}

# The guest has read all that was in the queue.
has_read() {
	read_tapvm_count vm1 reply
	[[ $REPLY -eq $1 ]]
}

# Before 5.18, what a tap drops behind its queueing discipline only the tap knows.
drops_are_told() {
	[[ $(uname -r) != 5.* ]]
}

FRAMES=5000 answered=0
say "a guest asks and never reads: its replies end at its tap's queue, and what did not fit is counted"
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
	say "  queue of $queue: $DID"
	read_result sent
	expect_equal "frames sent" "$REPLY" "$FRAMES"
	# What is in the queue by now is so many replies; each has 2 KiB and its skb.
	expect_memory_growth "$memory" "$((queue * 3))"
	tap_dropped
	say "  the tap did not take $((REPLY - before)) replies"
	if drops_are_told; then
		expect_counters tap-vm1 offer "$queue" tx-dropped "$((FRAMES - queue))"
	else
		expect_counters tap-vm1 offer "$FRAMES"
		expect_uncounted 0 "$((queue - FRAMES))" "counted as replies, the kernel does not tell that the tap dropped them"
	fi
	expect_equal "replies that the tap did not take" "$((REPLY - before))" "$((FRAMES - queue))"

	say "its neighbour is served; and so is it when it reads again"
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
