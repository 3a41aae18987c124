// SPDX-License-Identifier: GPL-2.0
/*
 * Creates taps in a namespace, writes random frames (with -d DISCOVERs only) into them from
 * several threads, and reads the replies. Counts both, to compare with vdhcp's counters,
 * and reports wrong replies.
 *
 * Prints "ready" when the taps exist, starts at a line on its standard input, stops when
 * its time is over or at another line, prints its counters when no more replies come, and
 * keeps the taps until its standard input ends.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"

#define TAPS_MAX	64
#define QUIET_MS	1000
#define FAIL_NTH	12
#define LITTLE		16
#define REPORTS_MAX	8

/*
 * One of 16 taps is not read until the end, and has a short queue, so that it drops
 * replies.
 */
#define IS_LAZY(tap)	((tap) % 16 == 5)

/**
 * struct worker - a thread and its counters
 * @thread: the thread
 * @rng: its random numbers
 * @written: frames that taps accepted
 * @refused: frames that taps refused
 * @received: frames read from taps
 * @kinds: of @written, by enum frame_kind
 * @answers: of @received, by enum frame_kind of the request
 */
struct worker {
	pthread_t thread;
	struct rng rng;
	unsigned long written;
	unsigned long refused;
	unsigned long received;
	unsigned long kinds[FRAME_KINDS];
	unsigned long answers[FRAME_KINDS];
};

static int taps[TAPS_MAX];
static unsigned int n_taps = 64;
static bool plain, failing;
static bool over;

static void set_room(const char *name, int frames)
{
	struct ifreq ifr = { .ifr_qlen = frames };

	if (device_ioctl(name, SIOCSIFTXQLEN, &ifr))
		err(1, "queue of %s", name);
}

/* Flags of the tap with this number; all kinds of taps are used at the same time. */
static unsigned int tap_flags(unsigned int tap)
{
	static const uint8_t kinds[] = {
		TAP_PLAIN, TAP_VNET, TAP_FRAGS, TAP_PLAIN,
		TAP_FRAGS | TAP_NO_GRO, TAP_VNET, TAP_FRAGS | TAP_VNET,
		TAP_FRAGS | TAP_VNET | TAP_NO_GRO,
	};

	return kinds[tap % sizeof(kinds)];
}

/* Reports the first wrong replies; the caller takes any output here for a failure. */
static void report_reply(unsigned int tap, const char *why, const uint8_t *buf, size_t len)
{
	static unsigned int n;
	char hex[2 * 400 + 1] = "";
	size_t i;

	if (__atomic_fetch_add(&n, 1, __ATOMIC_RELAXED) >= REPORTS_MAX)
		return;
	for (i = 0; i < len && i < sizeof(hex) / 2; i++)
		sprintf(hex + 2 * i, "%02x", buf[i]);
	warnx("tap %u: %s: %s", tap, why, hex);
}

static void count_kinds(unsigned long *counts, uint64_t kinds)
{
	for (; kinds; kinds &= kinds - 1)
		counts[__builtin_ctzll(kinds)]++;
}

static void drain(struct worker *me, unsigned int tap)
{
	static __thread uint8_t buf[FRAME_ROOM];
	const char *why;
	uint64_t kinds;
	ssize_t len;

	for (;;) {
		len = read(taps[tap], buf, sizeof(buf));
		if (len > 0) {
			me->received++;
			why = check_reply(buf, (size_t)len, tap, tap_flags(tap), &kinds);
			count_kinds(me->answers, kinds);
			if (why)
				report_reply(tap, why, buf, (size_t)len);
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != EINTR) {
			err(1, "reading from a tap");
		}
	}
}

/*
 * Makes the @n-th call of this thread that can fail in the kernel fail; 0 for none. This
 * write can be the one that fails, but not twice.
 */
static void fail_nth(int fd, unsigned int n)
{
	char text[8];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, (size_t)len, 0) != len && pwrite(fd, text, (size_t)len, 0) != len)
		err(1, "fail-nth");
}

static void *work(void *arg)
{
	struct worker *me = arg;
	struct tap_write frame = { 0 };
	unsigned int tap, n;
	ssize_t len;
	int fd = -1;

	if (failing) {
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			err(1, "fail-nth");
	}
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		tap = rng_below(&me->rng, n_taps);
		if (plain)
			make_discover(&frame, tap, tap_flags(tap) & TAP_VNET);
		else
			generate_frame(&frame, &me->rng, tap, tap_flags(tap));
		n = failing ? rng_below(&me->rng, FAIL_NTH) : 0;
		if (n)
			fail_nth(fd, n);
		len = write_frame(taps[tap], &frame);
		if (n)
			fail_nth(fd, 0);
		if (len == (ssize_t)frame.len) {
			me->written++;
			count_kinds(me->kinds, frame.kinds);
		} else if (len < 0) {
			me->refused++;
		} else {
			errx(1, "a tap took %zd of %zu bytes", len, frame.len);
		}
		if (!IS_LAZY(tap))
			drain(me, tap);
	}
	return NULL;
}

static void drain_all(struct worker *me)
{
	struct pollfd fds[TAPS_MAX];
	unsigned int i;

	for (i = 0; i < n_taps; i++)
		fds[i] = (struct pollfd){ .fd = taps[i], .events = POLLIN };
	while (poll(fds, n_taps, QUIET_MS) > 0)
		for (i = 0; i < n_taps; i++)
			if (fds[i].revents)
				drain(me, i);
}

static void usage(void)
{
	fputs("usage: traffic [-d] [-f] [-c TAPS] [-j THREADS] [-s SEED] [-t SECONDS] "
	      "NETNS PREFIX\n"
	      "  -d  DISCOVERs only\n"
	      "  -f  let allocations for the frames fail (fail-nth)\n", stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned long threads = (unsigned long)sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long written = 0, refused = 0, received = 0, n, answers, i, j;
	uint64_t seed = (uint64_t)time(NULL);
	struct pollfd input = { .fd = 0, .events = POLLIN };
	struct worker *workers;
	double seconds = 10;
	char name[IFNAMSIZ];
	int opt;

	while ((opt = getopt(argc, argv, "dfc:j:s:t:")) != -1) {
		switch (opt) {
		case 'd':
			plain = true;
			break;
		case 'f':
			failing = true;
			break;
		case 'c':
			n_taps = (unsigned int)atoi(optarg);
			break;
		case 'j':
			threads = strtoul(optarg, NULL, 10);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 10);
			break;
		case 't':
			seconds = atof(optarg);
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 2 || strlen(argv[optind + 1]) > 8 || !n_taps ||
	    n_taps > TAPS_MAX || !threads)
		usage();
	workers = calloc(threads, sizeof(*workers));
	if (!workers)
		err(1, "threads");
	enter_netns(argv[optind]);
	for (i = 0; i < n_taps; i++) {
		snprintf(name, sizeof(name), "%.8s%hhu", argv[optind + 1], (uint8_t)i);
		taps[i] = open_tap(name, tap_flags((unsigned int)i));
		if (taps[i] < 0)
			err(1, "tap %s", name);
		if (IS_LAZY(i))
			set_room(name, LITTLE);
		set_device_up(name);
	}
	puts("ready");
	fflush(stdout);
	if (read(0, name, sizeof(name)) <= 0)
		return 1;
	for (i = 0; i < threads; i++) {
		rng_seed(&workers[i].rng, seed, (unsigned int)i);
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			errx(1, "no thread");
	}
	poll(&input, 1, (int)(seconds * 1000));
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	for (i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		written += workers[i].written;
		refused += workers[i].refused;
	}
	drain_all(&workers[0]);
	for (i = 0; i < threads; i++)
		received += workers[i].received;
	for (i = 0; !plain && i < FRAME_KINDS; i++) {
		for (n = 0, answers = 0, j = 0; j < threads; j++) {
			n += workers[j].kinds[i];
			answers += workers[j].answers[i];
		}
		printf("kind %s %lu %lu\n", kind_name((unsigned int)i), n, answers);
	}
	printf("written %lu refused %lu received %lu\n", written, refused, received);
	fflush(stdout);
	while (read(0, name, sizeof(name)) > 0)
		;
	return 0;
}
