// SPDX-License-Identifier: GPL-2.0
/*
 * Stands in for QEMU: carries frames between a tap on the host and a network card in the
 * guest. vdhcp sees what it sees under QEMU: a tap whose other end is a file descriptor.
 *
 * The guest's card is a tap as well, in the guest's network namespace. It goes away with
 * this process, and so does the host's tap unless it existed before. With -c this process
 * also generates frames on command: see flood.c.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <frame/frame.h>
#include <frame/tap.h>
#include "tapvm.h"

#define BATCH		64

/**
 * struct counts - frames carried, counted independently of vdhcp
 * @to_host: frames from the guest
 * @to_guest: frames to the guest
 * @client: of @to_host, UDP to port 67
 * @server: of @to_host, UDP to port 68
 * @partial: of @client, those with a partial checksum
 * @reply: of @to_guest, UDP to port 68
 * @reply_partial: of @reply, those with a partial checksum
 */
struct counts {
	unsigned long to_host;
	unsigned long to_guest;
	unsigned long client;
	unsigned long server;
	unsigned long partial;
	unsigned long reply;
	unsigned long reply_partial;
};

static struct counts counts;
static int stats_fd = -1;
volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void parse_mac(const char *mac, uint8_t *hw)
{
	if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", hw, hw + 1, hw + 2,
		   hw + 3, hw + 4, hw + 5) != ETH_ALEN)
		errx(2, "%s is not a MAC", mac);
}

/* Creates a tap and sets it up. Returns its file descriptor. */
static int make_tap(const char *name, bool vnet, const uint8_t *mac, int mtu)
{
	int fd = open_tap(name, vnet ? TAP_VNET : TAP_PLAIN);
	struct ifreq ifr = { .ifr_name = "" };

	if (fd < 0)
		err(1, "tap %s", name);
	if (mac) {
		ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
		memcpy(ifr.ifr_hwaddr.sa_data, mac, ETH_ALEN);
		if (device_ioctl(name, SIOCSIFHWADDR, &ifr))
			err(1, "MAC of %s", name);
	}
	ifr.ifr_mtu = mtu;
	if (mtu && device_ioctl(name, SIOCSIFMTU, &ifr))
		err(1, "MTU of %s", name);
	set_device_up(name);
	return fd;
}

/* Destination port of a UDP frame with any number of VLAN tags, 0 for any other frame. */
static unsigned int udp_port(const uint8_t *frame, size_t len)
{
	struct frame_view view;

	return frame_parse(frame, (uint32_t)len, &view) ? view.dst_port : 0;
}

/* Counts a frame that was carried. */
void count_frame(const uint8_t *buf, size_t len, size_t hdr, bool from_guest)
{
	bool partial = hdr && buf[0] & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	unsigned int port = udp_port(buf + hdr, len - hdr);

	if (from_guest) {
		counts.to_host++;
		counts.client += port == 67;
		counts.server += port == 68;
		counts.partial += port == 67 && partial;
	} else {
		counts.to_guest++;
		counts.reply += port == 68;
		counts.reply_partial += port == 68 && partial;
	}
}

/* Writes the counters to the file of -s. */
void write_counts(void)
{
	char text[256];
	int n;

	if (stats_fd < 0)
		return;
	/* Fixed width, so that each write replaces the line before. */
	n = snprintf(text, sizeof(text),
		     "to_host=%010lu to_guest=%010lu client=%010lu server=%010lu "
		     "partial=%010lu reply=%010lu reply_partial=%010lu\n",
		     counts.to_host, counts.to_guest, counts.client, counts.server,
		     counts.partial, counts.reply, counts.reply_partial);
	if (pwrite(stats_fd, text, n, 0) != n)
		err(1, "counts");
}

/*
 * Carries up to BATCH frames in one direction. A frame from the guest counts once the host
 * has taken it, a frame to the guest once it was read from the host's tap. Returns false
 * if a tap is gone.
 */
static bool carry_frames(const struct tapvm *vm, bool from_guest)
{
	static uint8_t buf[sizeof(struct virtio_net_hdr) + FRAME_MAX];
	int from = from_guest ? vm->guest : vm->host;
	int to = from_guest ? vm->host : vm->guest;
	ssize_t len, sent;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = read(from, buf, sizeof(buf));
		if (len < 0)
			return errno == EAGAIN || errno == EINTR;
		if ((size_t)len < vm->hdr)
			continue;
		/* A card that is down takes no frames, which is no error. */
		sent = write(to, buf, len);
		if (sent >= 0 || !from_guest) {
			count_frame(buf, len, vm->hdr, from_guest);
			write_counts();
		}
		if (sent < 0 && errno == EBADFD)
			return false;
	}
	return true;
}

static void run(struct tapvm *vm, int commands)
{
	struct pollfd fds[] = {
		{ .fd = vm->host, .events = POLLIN },
		{ .fd = vm->guest, .events = POLLIN },
		{ .fd = commands, .events = POLLIN },
	};
	bool ok = true;

	while (!stop && ok) {
		fds[0].fd = vm->no_rx ? -1 : vm->host;
		if (ppoll(fds, 3, NULL, &vm->mask) < 0) {
			if (errno != EINTR)
				err(1, "poll");
			continue;
		}
		if (fds[1].revents)
			ok = carry_frames(vm, true);
		if (ok && fds[0].revents && !vm->no_rx)
			ok = carry_frames(vm, false);
		if (ok && fds[2].revents)
			run_command(vm);
	}
	/* Frames that are in the host's tap by now count as received. */
	fds[0].fd = vm->host;
	while (stop && ok && !vm->no_rx && poll(fds, 1, 0) > 0)
		ok = carry_frames(vm, false);
}

/* Continues in the background; the parent exits when both taps exist. */
static void go_to_background(const char *pidfile)
{
	FILE *f;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		setsid();
		return;
	}
	f = fopen(pidfile, "w");
	if (!f || fprintf(f, "%d\n", pid) < 0 || fclose(f))
		err(1, "%s", pidfile);
	_exit(0);
}

static void usage(void)
{
	fputs("usage: tapvm [-v] [-m MAC] [-M MTU] [-n NETNS] [-s FILE] [-p FILE] [-c NAME]\n"
	      "             HOST GUEST\n"
	      "  HOST      tap in this network namespace, created if it does not exist\n"
	      "  GUEST     the guest's card, created in NETNS\n"
	      "  -v        virtio headers with checksum offload, on both\n"
	      "  -m, -M    MAC and MTU of the guest's card\n"
	      "  -n NETNS  network namespace of the guest: a name or a path\n"
	      "  -s FILE   keep counters of carried frames in FILE\n"
	      "  -p FILE   go to the background when ready, and write the PID to FILE\n"
	      "  -c NAME   take commands from the FIFO NAME.in, write results to NAME.out; see flood.c\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *netns = NULL, *stats = NULL, *pidfile = NULL, *control = NULL;
	struct sigaction sa = { .sa_handler = on_signal };
	int opt, mtu = 0, commands = -1;
	struct tapvm vm = { .hdr = 0 };
	bool vnet = false, mac = false;
	sigset_t block;

	while ((opt = getopt(argc, argv, "vm:M:n:s:p:c:")) != -1) {
		switch (opt) {
		case 'v':
			vnet = true;
			break;
		case 'm':
			parse_mac(optarg, vm.mac);
			mac = true;
			break;
		case 'M':
			mtu = atoi(optarg);
			break;
		case 'n':
			netns = optarg;
			break;
		case 's':
			stats = optarg;
			break;
		case 'p':
			pidfile = optarg;
			break;
		case 'c':
			control = optarg;
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 2)
		usage();

	/* Only ppoll() lets these through, so that none is missed between two calls. */
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &vm.mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);

	if (stats) {
		stats_fd = open(stats, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (stats_fd < 0)
			err(1, "%s", stats);
	}
	vm.host = make_tap(argv[optind], vnet, NULL, mtu);
	if (netns)
		enter_netns(netns);
	vm.guest = make_tap(argv[optind + 1], vnet, mac ? vm.mac : NULL, mtu);
	vm.hdr = vnet ? sizeof(struct virtio_net_hdr) : 0;
	if (control)
		commands = open_commands(control);
	write_counts();
	if (pidfile)
		go_to_background(pidfile);
	run(&vm, commands);
	return 0;
}
