// SPDX-License-Identifier: GPL-2.0
/*
 * Taps that come, go, are renamed, swap names, move between two namespaces, go up
 * and down and get other names beside their own, with frames written into them
 * all the while. Then they stay, and each must be answered.
 *
 * Says "ready", begins when it is sent a line, and when its time is over has all
 * taps there and up, and says "tap GUEST NETNS NAME" for each, then "quiet". From then
 * on it does what each line of its standard input says, and says "done" and the line:
 *	ask WORD	ask on each tap: "WORD answered GUEST NETNS NAME", or "SILENT"
 *	hooks WORD	write a frame into each tap, and say how many times vdhcp's hook
 *			saw it: "WORD 1 GUEST NETNS NAME"; there is a probe on the hook
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
/* However slow the machine, for less proves little. */
#define DEEDS_MIN	150
#define PROFILE		"/sys/kernel/tracing/kprobe_profile"

/* linux/if_link.h has none of it before 5.5's. */
enum { PROP_LIST = 52 | NLA_F_NESTED, ALT_NAME = 53 };

/**
 * struct space - one of the two network namespaces
 * @name: of it
 * @fd: of it
 * @inode: of it
 * @route: a socket in it, to change devices
 */
struct space {
	const char *name;
	int fd;
	ino_t inode;
	int route;
};

/**
 * struct tap - one guest's tap
 * @fd: its other end
 * @space: where it is
 * @lock: keeps @fd open; nothing but closing waits for those who write
 */
struct tap {
	int fd;
	int space;
	pthread_mutex_t lock;
};

/**
 * struct request - to change one device
 * @hdr: length and kind
 * @info: which one
 * @attrs: what of it
 */
struct request {
	struct nlmsghdr hdr;
	struct ifinfomsg info;
	char attrs[256];
};

enum deed { RENAME, SWAP, MOVE, UP, DOWN, ALIAS, DELETE, CLOSE, DEEDS };

static const char * const deeds[DEEDS] = {
	"rename", "swap", "move", "up", "down", "altname", "delete", "close"
};

static struct space spaces[2];
static struct tap taps[TAPS];
static unsigned long done[DEEDS], tried[DEEDS], written;
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

/* Whether the kernel did it; much of what is asked for here makes no sense to it. */
static bool request(int space, struct request *req)
{
	struct { struct nlmsghdr hdr; struct nlmsgerr error; char rest[1024]; } answer;

	if (send(spaces[space].route, req, req->hdr.nlmsg_len, 0) < 0)
		err(1, "rtnetlink");
	if (recv(spaces[space].route, &answer, sizeof(answer), 0) < (ssize_t)NLMSG_HDRLEN ||
	    answer.hdr.nlmsg_type != NLMSG_ERROR)
		err(1, "rtnetlink");
	return !answer.error.error;
}

/* As the device is called now; false if it is gone. */
static bool name_of(const struct tap *tap, char *name)
{
	struct ifreq ifr = { .ifr_name = "" };

	if (ioctl(tap->fd, TUNGETIFF, &ifr))
		return false;
	snprintf(name, IFNAMSIZ, "%s", ifr.ifr_name);
	return true;
}

/*
 * What the kernel refuses it may have done half: a move with a new name moves
 * first, and finds then that there is one of that name.
 */
static void find(struct tap *tap)
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
	return request(space, &req);
}

static int index_of(int space, const char *name)
{
	struct ifreq ifr = { .ifr_ifindex = 0 };

	enter(space);
	return device_ioctl(name, SIOCGIFINDEX, &ifr) ? 0 : ifr.ifr_ifindex;
}

/* Older kernels rename nothing that is up, so it goes down for it now and then. */
static bool name_it(int space, const char *from, const char *to)
{
	bool down = rng_below(&rng, 4), ok;
	struct request req;

	if (down)
		set_flags(space, from, false);
	begin(&req, RTM_NEWLINK, from);
	/* By number, so that the name that is given is the new one. */
	req.info.ifi_index = index_of(space, from);
	req.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(req.info));
	add(&req, IFLA_IFNAME, to, strlen(to) + 1);
	ok = req.info.ifi_index && request(space, &req);
	if (down)
		set_flags(space, ok ? to : from, true);
	return ok;
}

static bool swap(struct tap *tap, const char *name)
{
	struct tap *other = &taps[rng_below(&rng, TAPS)];
	char second[IFNAMSIZ];

	if (other->space != tap->space || other == tap || !name_of(other, second))
		return false;
	/* Whoever was left half-way goes first. */
	if (index_of(tap->space, "between")) {
		any_name(second);
		return name_it(tap->space, "between", second);
	}
	return name_it(tap->space, name, "between") && name_it(tap->space, second, name) &&
	       name_it(tap->space, "between", second);
}

static bool move(struct tap *tap, const char *name)
{
	char other[IFNAMSIZ];
	struct request req;

	begin(&req, RTM_NEWLINK, name);
	add(&req, IFLA_NET_NS_FD, &spaces[!tap->space].fd, sizeof(int));
	/* It can take a new name along. */
	if (!rng_below(&rng, 3)) {
		req.info.ifi_index = index_of(tap->space, name);
		req.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(req.info));
		any_name(other);
		add(&req, IFLA_IFNAME, other, strlen(other) + 1);
		add(&req, IFLA_NET_NS_FD, &spaces[!tap->space].fd, sizeof(int));
	}
	if (!request(tap->space, &req)) {
		find(tap);
		return false;
	}
	tap->space = !tap->space;
	if (rng_below(&rng, 8) && name_of(tap, other))
		set_flags(tap->space, other, true);
	return true;
}

/* A name that the device is found by, but not the one that it has; the same takes it away. */
static bool alias(const struct tap *tap, const char *name)
{
	char other[IFNAMSIZ];
	struct request req;
	struct rtattr *list;

	any_name(other);
	begin(&req, rng_below(&rng, 3) ? RTM_NEWLINKPROP : RTM_DELLINKPROP, name);
	list = add(&req, PROP_LIST, NULL, 0);
	add(&req, ALT_NAME, other, strlen(other) + 1);
	list->rta_len = (unsigned short)((char *)&req + req.hdr.nlmsg_len - (char *)list);
	return request(tap->space, &req);
}

/* Under any name that is free, in any of the two. */
static void make(struct tap *tap, bool vnet)
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

static void make_anew(struct tap *tap)
{
	pthread_mutex_lock(&tap->lock);
	close(tap->fd);
	make(tap, HAS_VNET(tap - taps));
	pthread_mutex_unlock(&tap->lock);
}

static bool delete(struct tap *tap, const char *name)
{
	struct request req;
	bool ok;

	begin(&req, RTM_DELLINK, name);
	ok = request(tap->space, &req);
	make_anew(tap);
	return ok;
}

static bool act(struct tap *tap, enum deed deed)
{
	char name[IFNAMSIZ], other[IFNAMSIZ];

	if (!name_of(tap, name))
		errx(1, "tap %zd is gone", tap - taps);
	switch (deed) {
	case RENAME:
		any_name(other);
		return name_it(tap->space, name, other);
	case SWAP:
		return swap(tap, name);
	case MOVE:
		return move(tap, name);
	case UP:
	case DOWN:
		return set_flags(tap->space, name, deed == UP);
	case ALIAS:
		return alias(tap, name);
	case DELETE:
		return delete(tap, name);
	default:
		make_anew(tap);
		return true;
	}
}

/* How often one is taken, of a hundred. */
static enum deed any_deed(void)
{
	static const unsigned int shares[DEEDS] = { 22, 16, 20, 10, 6, 12, 7, 7 };
	unsigned int n = rng_below(&rng, 100), deed = 0;

	while (n >= shares[deed])
		n -= shares[deed++];
	return (enum deed)deed;
}

/* Which must not wait for whoever has not been read from. */
static void drain(int fd)
{
	static __thread uint8_t buf[FRAME_ROOM];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void *write_frames(void *arg)
{
	struct frame frame = { 0 };
	struct rng own = { .state = *(uint64_t *)arg };
	unsigned int n;

	/* Not at the expense of those who change something. */
	if (setpriority(PRIO_PROCESS, (id_t)gettid(), 10))
		err(1, "priority");
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		n = rng_below(&own, TAPS);
		pthread_mutex_lock(&taps[n].lock);
		if (rng_below(&own, 2))
			frame_random(&frame, &own, n, HAS_VNET(n));
		else
			frame_discover(&frame, n, HAS_VNET(n));
		if (write(taps[n].fd, frame.buf, frame.len) > 0)
			written++;
		drain(taps[n].fd);
		pthread_mutex_unlock(&taps[n].lock);
	}
	return NULL;
}

static void stir(double seconds)
{
	struct timespec start, ts;
	unsigned int n = seconds > 0 ? 0 : DEEDS_MIN;
	enum deed deed;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		deed = any_deed();
		tried[deed]++;
		done[deed] += act(&taps[rng_below(&rng, TAPS)], deed);
		n++;
		clock_gettime(CLOCK_MONOTONIC, &ts);
	} while ((double)(ts.tv_sec - start.tv_sec) +
		 (double)(ts.tv_nsec - start.tv_nsec) / 1e9 < seconds || n < DEEDS_MIN);
}

static bool is_answered(int fd, unsigned int guest)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static uint8_t buf[FRAME_ROOM];
	struct frame frame;
	ssize_t len;

	drain(fd);
	frame_discover(&frame, guest, HAS_VNET(guest));
	if (write(fd, frame.buf, frame.len) != (ssize_t)frame.len)
		warn("tap of guest %u", guest);
	while (poll(&pfd, 1, ANSWER_MS) > 0) {
		len = read(fd, buf, sizeof(buf));
		if (len < 0)
			return false;
		if (frame_is_offer(buf, (size_t)len, HAS_VNET(guest), guest))
			return true;
	}
	return false;
}

/* How many times the hook ran; nothing but our frames comes to it. */
static unsigned long hits(void)
{
	FILE *file = fopen(PROFILE, "r");
	unsigned long n;

	if (!file || fscanf(file, " stress_hook %lu", &n) != 1)
		errx(1, "no probe stress_hook in " PROFILE);
	fclose(file);
	return n;
}

static unsigned long seen(int fd, unsigned int guest)
{
	unsigned long before = hits();
	struct frame frame;

	frame_discover(&frame, guest, HAS_VNET(guest));
	if (write(fd, frame.buf, frame.len) != (ssize_t)frame.len)
		warn("tap of guest %u", guest);
	return hits() - before;
}

static void report(const char *what, unsigned int guest)
{
	char name[IFNAMSIZ];

	if (!name_of(&taps[guest], name))
		errx(1, "tap of guest %u is gone", guest);
	printf("%s %u %s %s\n", what, guest, spaces[taps[guest].space].name, name);
}

static void obey(const char *command, const char *word)
{
	bool ask = !strcmp(command, "ask");
	char text[64];
	unsigned int i;

	for (i = 0; i < TAPS; i++) {
		if (ask)
			snprintf(text, sizeof(text), "%s %s", word,
				 is_answered(taps[i].fd, i) ? "answered" : "SILENT");
		else
			snprintf(text, sizeof(text), "%s %lu", word, seen(taps[i].fd, i));
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
		make(&taps[i], HAS_VNET(i));
	}
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	if (pthread_create(&writer, NULL, write_frames, &other))
		errx(1, "no thread");
	stir(seconds);
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	pthread_join(writer, NULL);
	for (i = 0; i < TAPS; i++) {
		if (!name_of(&taps[i], line))
			errx(1, "tap of guest %u is gone", i);
		if (!set_flags(taps[i].space, line, true))
			warnx("tap of guest %u, %s, does not go up", i, line);
		report("tap", i);
	}
	for (i = 0; i < DEEDS; i++)
		printf("%s %lu of %lu\n", deeds[i], done[i], tried[i]);
	printf("written %lu\nquiet\n", written);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) && sscanf(line, "%15s %15s", command, word) == 2)
		obey(command, word);
	return 0;
}
