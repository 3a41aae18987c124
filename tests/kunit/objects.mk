# SPDX-License-Identifier: GPL-2.0
#
# What the KUnit suites are made of, and how it is compiled.  Included where
# they are a module of their own (tests/kunit/Kbuild), and where they are part
# of the module that they test (Kbuild, in a kernel tree).
#
# The suites run in this order.

# The library of test frames, in tests/frame.
vtest-frame-objs := frame_sum.o frame_build.o frame_parse.o

vtest-objs := fixture.o device.o netns.o frame.o skb.o client.o put.o guest.o
vtest-objs += engine_test.o
vtest-objs += table_test.o binding_test.o reader_test.o tap_test.o
vtest-objs += netlink_test.o dump_test.o batch_test.o policy_test.o
vtest-objs += refuse_test.o refuse_port_test.o
vtest-objs += hook_test.o vlan_test.o hook_device_test.o
vtest-objs += stats_test.o event_test.o state_test.o

# hrtimer_init() went when all had hrtimer_setup().
ifeq ($(shell grep -sw hrtimer_setup $(srctree)/include/linux/hrtimer.h),)
ccflags-y += -DVTEST_COMPAT_HRTIMER_INIT
endif
