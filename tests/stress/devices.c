// SPDX-License-Identifier: GPL-2.0
/*
 * Creates and deletes taps, renames them, swaps their names, moves them between two
 * namespaces, sets them up and down and gives them alternative names, while frames are
 * written into them. Then the taps stay, and a guest on each must be answered.
 *
 * Prints "ready" and starts at a line on its standard input. When its time is over all
 * taps exist and are up; it prints "tap GUEST NETNS NAME" for each, then "quiet". After
 * that each line of its standard input is a command, and it prints "done" and the line:
 *	ask WORD	send a DISCOVER into each tap and print "WORD answered GUEST NETNS
 *			NAME", or "SILENT" for "answered"
 *	hooks WORD	write a frame into each tap and print how often vdhcp's hook saw it,
 *			"WORD 1 GUEST NETNS NAME"; needs a kprobe on the hook
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"

#define TAPS		16
#define NAMES		24
#define HAS_VNET(tap)	((tap) % 4 == 1)
#define ANSWER_MS	5000
/* Even on a slow machine, because fewer changes prove little. */
#define CHANGES_MIN	150
#define PROFILE		"/sys/kernel/tracing/kprobe_profile"

/* Not in linux/if_link.h before 5.5. */
enum { PROP_LIST = 52 | NLA_F_NESTED, ALT_NAME = 53 };

/**
 * struct space - one of the two network namespaces
 * @name: its name
 * @fd: file descriptor of the namespace
 * @inode: its inode number
 * @route: rtnetlink socket in the namespace
 */
struct space {
	const char *name;
	int fd;
	ino_t inode;
	int route;
};

/**
 * struct tap - the tap of a guest
 * @fd: file descriptor of its other end
 * @space: index of its namespace
 * @lock: keeps @fd open while the other thread writes
 */
struct tap {
	int fd;
	int space;
	pthread_mutex_t lock;
};

/**
 * struct request - an rtnetlink request for one device
 * @hdr: netlink header
 * @info: the device
 * @attrs: attributes
 */
struct request {
	struct nlmsghdr hdr;
	struct ifinfomsg info;
	char attrs[256];
};

enum change { RENAME, SWAP, MOVE, UP, DOWN, ALIAS, DELETE, CLOSE, CHANGES };

static const char * const names[CHANGES] = {
	"rename", "swap", "move", "up", "down", "altname", "delete", "close"
};

static struct space spaces[2];
static struct tap taps[TAPS];
static unsigned long done[CHANGES], tried[CHANGES], written;
static const char *prefix;
static bool over;
static struct rng rng;

static void enter(int space)
{
	if (setns(spaces[space].fd, CLONE_NEWNET))
		err(1, "%s", spaces[space].name);
}

static ino_t inode_of(int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		err(1, "network namespace");
	return st.st_ino;
}

static void open_space(struct space *space, const char *name)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	space->name = name;
	space->fd = open(path, O_RDONLY | O_CLOEXEC);
	space->inode = inode_of(space->fd);
	enter_netns(name);
	space->route = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (space->route < 0 || bind(space->route, (struct sockaddr *)&local, sizeof(local)))
		err(1, "rtnetlink in %s", name);
}

static void *add(struct request *req, unsigned short type, const void *data, size_t len)
{
	struct rtattr *attr = (struct rtattr *)((char *)req + NLMSG_ALIGN(req->hdr.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(attr), data, len);
	req->hdr.nlmsg_len = (unsigned int)(NLMSG_ALIGN(req->hdr.nlmsg_len) +
					    RTA_ALIGN(attr->rta_len));
	return attr;
}

static void begin(struct request *req, unsigned short type, const char *name)
{
	memset(req, 0, sizeof(*req));
	req->hdr.nlmsg_len = NLMSG_LENGTH(sizeof(req->info));
	req->hdr.nlmsg_type = type;
	req->hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (type == RTM_NEWLINKPROP)
		req->hdr.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND;
	add(req, IFLA_IFNAME, name, strlen(name) + 1);
}

/* Returns false if the kernel refused; many random requests are invalid. */
static bool send_request(int space, struct request *req)
{
	struct { struct nlmsghdr hdr; struct nlmsgerr error; char rest[1024]; } answer;

	if (send(spaces[space].route, req, req->hdr.nlmsg_len, 0) < 0)
		err(1, "rtnetlink");
	if (recv(spaces[space].route, &answer, sizeof(answer), 0) < (ssize_t)NLMSG_HDRLEN ||
	    answer.hdr.nlmsg_type != NLMSG_ERROR)
		err(1, "rtnetlink");
	return !answer.error.error;
}

/* Reads the current name of the device. Returns false if it is gone. */
static bool read_name(const struct tap *tap, char *name)
{
	struct ifreq ifr = { .ifr_name = "" };

	if (ioctl(tap->fd, TUNGETIFF, &ifr))
		return false;
	snprintf(name, IFNAMSIZ, "%s", ifr.ifr_name);
	return true;
}

/*
 * Finds the namespace of the device. A move that the kernel refuses may have happened
 * nevertheless: it moves the device before it finds that the new name is taken.
 */
static void find_space(struct tap *tap)
{
	int fd = ioctl(tap->fd, TUNGETDEVNETNS);

	tap->space = inode_of(fd) == spaces[1].inode;
	close(fd);
}

static void any_name(char *name)
{
	snprintf(name, IFNAMSIZ, "%s%u", prefix, rng_below(&rng, NAMES));
}

static bool set_flags(int space, const char *name, bool up)
{
	struct request req;

	begin(&req, RTM_NEWLINK, name);
	req.info.ifi_change = IFF_UP;
	req.info.ifi_flags = up ? IFF_UP : 0;
	return send_request(space, &req);
}

static int index_of(int space, const char *name)
{
	struct ifreq ifr = { .ifr_ifindex = 0 };

	enter(space);
	return device_ioctl(name, SIOCGIFINDEX, &ifr) ? 0 : ifr.ifr_ifindex;
}

/* Older kernels rename no device that is up, so it is set down in most cases. */
static bool rename_device(int space, const char *from, const char *to)
{
	bool down = rng_below(&rng, 4), ok;
	struct request req;

	if (down)
		set_flags(space, from, false);
	begin(&req, RTM_NEWLINK, from);
	/* By index, so that the name attribute is the new name. */
	req.info.ifi_index = index_of(space, from);
	req.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(req.info));
	add(&req, IFLA_IFNAME, to, strlen(to) + 1);
	ok = req.info.ifi_index && send_request(space, &req);
	if (down)
		set_flags(space, ok ? to : from, true);
	return ok;
}

static bool swap_names(struct tap *tap, const char *name)
{
	struct tap *other = &taps[rng_below(&rng, TAPS)];
	char second[IFNAMSIZ];

	if (other->space != tap->space || other == tap || !read_name(other, second))
		return false;
	/* First finish a swap that failed half-way. */
	if (index_of(tap->space, "between")) {
		any_name(second);
		return rename_device(tap->space, "between", second);
	}
	return rename_device(tap->space, name, "between") &&
	       rename_device(tap->space, second, name) &&
	       rename_device(tap->space, "between", second);
}

static bool move_device(struct tap *tap, const char *name)
{
	char other[IFNAMSIZ];
	struct request req;

	begin(&req, RTM_NEWLINK, name);
	add(&req, IFLA_NET_NS_FD, &spaces[!tap->space].fd, sizeof(int));
	/* A move can rename the device as well. */
	if (!rng_below(&rng, 3)) {
		req.info.ifi_index = index_of(tap->space, name);
		req.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(req.info));
		any_name(other);
		add(&req, IFLA_IFNAME, other, strlen(other) + 1);
		add(&req, IFLA_NET_NS_FD, &spaces[!tap->space].fd, sizeof(int));
	}
	if (!send_request(tap->space, &req)) {
		find_space(tap);
		return false;
	}
	tap->space = !tap->space;
	if (rng_below(&rng, 8) && read_name(tap, other))
		set_flags(tap->space, other, true);
	return true;
}

/* Adds or removes an alternative name. */
static bool change_alt_name(const struct tap *tap, const char *name)
{
	char other[IFNAMSIZ];
	struct request req;
	struct rtattr *list;

	any_name(other);
	begin(&req, rng_below(&rng, 3) ? RTM_NEWLINKPROP : RTM_DELLINKPROP, name);
	list = add(&req, PROP_LIST, NULL, 0);
	add(&req, ALT_NAME, other, strlen(other) + 1);
	list->rta_len = (unsigned short)((char *)&req + req.hdr.nlmsg_len - (char *)list);
	return send_request(tap->space, &req);
}

/* Creates the tap with a random free name in a random namespace. */
static void make_tap(struct tap *tap, bool vnet)
{
	char name[IFNAMSIZ];

	tap->space = (int)rng_below(&rng, 2);
	enter(tap->space);
	do {
		any_name(name);
		tap->fd = open_tap(name, vnet ? TAP_VNET : TAP_PLAIN);
	} while (tap->fd < 0);
	set_device_up(name);
}

static void remake_tap(struct tap *tap)
{
	pthread_mutex_lock(&tap->lock);
	close(tap->fd);
	make_tap(tap, HAS_VNET(tap - taps));
	pthread_mutex_unlock(&tap->lock);
}

static bool delete_tap(struct tap *tap, const char *name)
{
	struct request req;
	bool ok;

	begin(&req, RTM_DELLINK, name);
	ok = send_request(tap->space, &req);
	remake_tap(tap);
	return ok;
}

static bool change_tap(struct tap *tap, enum change change)
{
	char name[IFNAMSIZ], other[IFNAMSIZ];

	if (!read_name(tap, name))
		errx(1, "tap %zd is gone", tap - taps);
	switch (change) {
	case RENAME:
		any_name(other);
		return rename_device(tap->space, name, other);
	case SWAP:
		return swap_names(tap, name);
	case MOVE:
		return move_device(tap, name);
	case UP:
	case DOWN:
		return set_flags(tap->space, name, change == UP);
	case ALIAS:
		return change_alt_name(tap, name);
	case DELETE:
		return delete_tap(tap, name);
	default:
		remake_tap(tap);
		return true;
	}
}

/* A random kind of change; shares are in percent. */
static enum change any_change(void)
{
	static const unsigned int shares[CHANGES] = { 22, 16, 20, 10, 6, 12, 7, 7 };
	unsigned int n = rng_below(&rng, 100), change = 0;

	while (n >= shares[change])
		n -= shares[change++];
	return (enum change)change;
}

/* Reads all frames that wait in the tap, so that no later frame is dropped. */
static void drain(int fd)
{
	static __thread uint8_t buf[FRAME_ROOM];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void *write_frames(void *arg)
{
	struct tap_write frame = { 0 };
	struct rng own = { .state = *(uint64_t *)arg };
	unsigned int n;

	/* At low priority, so that the changes go on. */
	if (setpriority(PRIO_PROCESS, (id_t)gettid(), 10))
		err(1, "priority");
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		n = rng_below(&own, TAPS);
		pthread_mutex_lock(&taps[n].lock);
		if (rng_below(&own, 2))
			generate_frame(&frame, &own, n, HAS_VNET(n));
		else
			make_discover(&frame, n, HAS_VNET(n));
		if (write(taps[n].fd, frame.buf, frame.len) > 0)
			written++;
		drain(taps[n].fd);
		pthread_mutex_unlock(&taps[n].lock);
	}
	return NULL;
}

static void change_taps(double seconds)
{
	struct timespec start, ts;
	unsigned int n = seconds > 0 ? 0 : CHANGES_MIN;
	enum change change;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		change = any_change();
		tried[change]++;
		done[change] += change_tap(&taps[rng_below(&rng, TAPS)], change);
		n++;
		clock_gettime(CLOCK_MONOTONIC, &ts);
	} while ((double)(ts.tv_sec - start.tv_sec) +
		 (double)(ts.tv_nsec - start.tv_nsec) / 1e9 < seconds || n < CHANGES_MIN);
}

static bool is_answered(int fd, unsigned int guest)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static uint8_t buf[FRAME_ROOM];
	struct tap_write frame;
	ssize_t len;

	drain(fd);
	make_discover(&frame, guest, HAS_VNET(guest));
	if (write(fd, frame.buf, frame.len) != (ssize_t)frame.len)
		warn("tap of guest %u", guest);
	while (poll(&pfd, 1, ANSWER_MS) > 0) {
		len = read(fd, buf, sizeof(buf));
		if (len < 0)
			return false;
		if (is_offer(buf, (size_t)len, HAS_VNET(guest), guest))
			return true;
	}
	return false;
}

/* How often the hook ran; only frames of this program reach it. */
static unsigned long read_hits(void)
{
	FILE *file = fopen(PROFILE, "r");
	unsigned long n;

	if (!file || fscanf(file, " stress_hook %lu", &n) != 1)
		errx(1, "no probe stress_hook in " PROFILE);
	fclose(file);
	return n;
}

static unsigned long count_hook_runs(int fd, unsigned int guest)
{
	unsigned long before = read_hits();
	struct tap_write frame;

	make_discover(&frame, guest, HAS_VNET(guest));
	if (write(fd, frame.buf, frame.len) != (ssize_t)frame.len)
		warn("tap of guest %u", guest);
	return read_hits() - before;
}

static void report(const char *what, unsigned int guest)
{
	char name[IFNAMSIZ];

	if (!read_name(&taps[guest], name))
		errx(1, "tap of guest %u is gone", guest);
	printf("%s %u %s %s\n", what, guest, spaces[taps[guest].space].name, name);
}

static void run_command(const char *command, const char *word)
{
	bool ask = !strcmp(command, "ask");
	char text[64];
	unsigned int i;

	for (i = 0; i < TAPS; i++) {
		if (ask)
			snprintf(text, sizeof(text), "%s %s", word,
				 is_answered(taps[i].fd, i) ? "answered" : "SILENT");
		else
			snprintf(text, sizeof(text), "%s %lu", word,
				 count_hook_runs(taps[i].fd, i));
		report(text, i);
	}
	printf("done %s %s\n", command, word);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL), other;
	double seconds = 10;
	char line[64], command[16], word[16];
	pthread_t writer;
	unsigned int i;
	int opt;

	while ((opt = getopt(argc, argv, "s:t:")) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (opt == 't')
			seconds = atof(optarg);
		else
			argc = 0;
	}
	if (argc - optind != 3) {
		fputs("usage: devices [-s SEED] [-t SECONDS] NETNS NETNS PREFIX\n", stderr);
		return 2;
	}
	rng_seed(&rng, seed, 0);
	other = seed ^ 0x5555555555555555;
	prefix = argv[optind + 2];
	for (i = 0; i < 2; i++)
		open_space(&spaces[i], argv[optind + (int)i]);
	for (i = 0; i < TAPS; i++) {
		pthread_mutex_init(&taps[i].lock, NULL);
		make_tap(&taps[i], HAS_VNET(i));
	}
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	if (pthread_create(&writer, NULL, write_frames, &other))
		errx(1, "no thread");
	change_taps(seconds);
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	pthread_join(writer, NULL);
	for (i = 0; i < TAPS; i++) {
		if (!read_name(&taps[i], line))
			errx(1, "tap of guest %u is gone", i);
		if (!set_flags(taps[i].space, line, true))
			warnx("cannot set tap of guest %u, %s, up", i, line);
		report("tap", i);
	}
	for (i = 0; i < CHANGES; i++)
		printf("%s %lu of %lu\n", names[i], done[i], tried[i]);
	printf("written %lu\nquiet\n", written);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) && sscanf(line, "%15s %15s", command, word) == 2)
		run_command(command, word);
	return 0;
}
