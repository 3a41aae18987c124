// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "configs.h"
#include "keys.h"

/* Configurations for the guest of config_init(): 52:54:00:12:34:56 with 192.0.2.10. */
static const char *const texts[] = {
	"subnet cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.53 mtu 1450\n",

	"subnet cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.53,198.51.100.53 mtu 1450\n"
	"subnet ntp 192.0.2.123 domain example.org search example.org,sub.example.org\n"
	"subnet route 198.51.100.0/24 via 192.0.2.254 route 169.254.169.254/32 via 192.0.2.2\n"
	"subnet next-server 192.0.2.4 boot-file undionly.kpxe captive-portal https://example.org/\n"
	"subnet lease 3600 ipv6-only 1800 option 43 hex 0102ff option 66 string tftp.example.org\n"
	"port hostname vm10 option 67 string boot.ipxe option 150 ip 192.0.2.4\n",

	"subnet cidr 192.0.2.10/32 gateway 10.0.0.1 dns 10.0.0.53 lease 4294967295\n",

	"subnet cidr 192.0.2.0/24 server-id 192.0.2.3 server-mac 02:00:00:00:00:03\n"
	"subnet route 0.0.0.0/0 via 192.0.2.254 rapid-commit off send-router always\n"
	"port hostname vm10.example.net guard off\n",

	"subnet cidr 192.0.2.0/24\n"
	"port unicast pass\n",

	"subnet cidr 192.0.2.0/24 gateway 192.0.2.1 domain example.org\n"
	"subnet option 121 hex 00c0000201180a0000c0000202 option 252 string http://192.0.2.1/wpad\n"
	"subnet option 224 hex fill aa 600 option 225 hex fill bb 255 option 12 string ignored\n"
	"subnet option 60 string PXEClient option 33 ip 198.51.100.1,192.0.2.2\n"
	"port option 43 hex fill cc 300 option 6 ip 192.0.2.99\n",

	"port mode pass\n",
	"port mode deny\n",
	"port mode pass guard off\n",
	"subnet cidr 192.0.2.8/30 gateway 192.0.2.9 option 249 hex 00c0000209\nmtu 100\n"
	"port unicast drop\n",
	"subnet cidr 192.0.2.10/31 gateway 192.0.2.11 dns 192.0.2.11\nmtu 9000\n",
};

const unsigned int configs_n = ARRAY_SIZE(texts);

static void read_config(const char *said, struct config *cfg)
{
	struct text *text = calloc(1, sizeof(*text));

	if (!text)
		abort();
	config_init(cfg);
	text->path = "configs.c";
	text->file = fmemopen((void *)(uintptr_t)said, strlen(said), "r");
	while (text_next(text))
		if (!config_line(cfg, text))
			text_die(text, "no configuration");
	text_close(text);
	free(text);
}

/* Each text is parsed once, because fuzzers call this millions of times. */
void configs_get(unsigned int which, struct config *cfg)
{
	static struct config known[ARRAY_SIZE(texts)];
	struct config *one = &known[which % ARRAY_SIZE(texts)];

	if (!one->mtu)
		read_config(texts[which % ARRAY_SIZE(texts)], one);
	*cfg = *one;
}

static void set_present(struct vdhcp_subnet_spec *s, u16 attr)
{
	s->present |= BIT_ULL(attr);
}

static void random_text(char *to, u32 len, u16 seed)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789-._/:ABC";
	u32 i, x = seed | 1u;

	for (i = 0; i < len; i++) {
		x = x * 1103515245u + 12345u;
		to[i] = set[(x >> 16) % (sizeof(set) - 1)];
	}
	to[len] = 0;
}

static void random_option(struct vdhcp_optlist *options, u16 value)
{
	static u8 data[VDHCP_OPTION_MAX];
	struct vdhcp_option opt = {
		.code = (u8)value, .form = VDHCP_OPTION_FORM_HEX, .data = data,
	};

	opt.len = (u16)((value >> 8) * 5);
	if (opt.len > VDHCP_OPTION_MAX)
		opt.len = VDHCP_OPTION_MAX;
	memset(data, opt.code, opt.len);
	/* An option that does not fit is left out. */
	vdhcp_optlist_set(options, &opt);
}

/* Makes one of many changes; compiling may refuse the result. */
void configs_mutate(struct config *cfg, u8 what, u16 value)
{
	struct vdhcp_subnet_spec *s = &cfg->subnet;
	struct vdhcp_route *r;
	u32 i, n;

	switch (what % 24) {
	case 0:
		cfg->mtu = value;
		break;
	case 1:
		s->gateway = cpu_to_be32(0xc0000200 | (value & 0xff));
		set_present(s, VDHCP_A_SUBNET_GATEWAY);
		break;
	case 2:
		vdhcp_key_clear(s, &vdhcp_subnet_keys, (u16)(value % 32));
		break;
	case 3:
		s->server_id = cpu_to_be32(0xc0000200 | (value & 0xff));
		set_present(s, VDHCP_A_SUBNET_SERVER_ID);
		break;
	case 4:
		s->dns.n = (u8)(value % (VDHCP_LIST_MAX + 1));
		for (i = 0; i < s->dns.n; i++)
			s->dns.addr[i] = cpu_to_be32(0xc0000200 | (i + 1));
		set_present(s, VDHCP_A_SUBNET_DNS);
		break;
	case 5:
		s->routes.n = (u8)(value % (VDHCP_ROUTES_MAX + 1));
		for (i = 0; i < s->routes.n; i++) {
			r = &s->routes.route[i];
			r->dst_len = (u8)(value & 0x8000 ? 32 : (i + (value >> 8)) % 33);
			r->dst = cpu_to_be32(r->dst_len ? (0xc6336400u + i) &
					     ~0u << (32 - r->dst_len) : 0);
			r->via = cpu_to_be32(i % 5 ? 0xc0000201 : 0);
		}
		set_present(s, VDHCP_A_SUBNET_ROUTE);
		break;
	case 6:
		random_text(s->domain, value % 256, value);
		set_present(s, VDHCP_A_SUBNET_DOMAIN);
		break;
	case 7:
		random_text(s->boot_file, value % 256, value);
		set_present(s, VDHCP_A_SUBNET_BOOT_FILE);
		break;
	case 8:
		random_text(s->captive_portal, value % 256, value);
		set_present(s, VDHCP_A_SUBNET_CAPTIVE_PORTAL);
		break;
	case 9:
		n = value % (VDHCP_SEARCH_MAX - 1) + 1;
		random_text(s->search.text, n, value);
		for (i = 7; i < n; i += 1 + value % 31)
			s->search.text[i] = 0;
		s->search.len = (u16)(n + 1);
		set_present(s, VDHCP_A_SUBNET_SEARCH);
		break;
	case 10:
		s->lease = (u32)value << (value & 15);
		set_present(s, VDHCP_A_SUBNET_LEASE);
		break;
	case 11:
		s->t1 = value;
		set_present(s, VDHCP_A_SUBNET_T1);
		break;
	case 12:
		s->t2 = value;
		set_present(s, VDHCP_A_SUBNET_T2);
		break;
	case 13:
		s->rapid_commit = value & 1;
		set_present(s, VDHCP_A_SUBNET_RAPID_COMMIT);
		break;
	case 14:
		s->send_router = value & 1 ? VDHCP_SEND_ROUTER_AUTO : VDHCP_SEND_ROUTER_ALWAYS;
		set_present(s, VDHCP_A_SUBNET_SEND_ROUTER);
		break;
	case 15:
		s->ipv6_only = value;
		set_present(s, VDHCP_A_SUBNET_IPV6_ONLY);
		break;
	case 16:
	case 17:
		random_option(&s->options, value);
		set_present(s, VDHCP_A_SUBNET_OPTION);
		break;
	case 18:
	case 19:
		random_option(&cfg->port.options, value);
		cfg->port.present |= BIT_ULL(VDHCP_A_PORT_OPTION);
		break;
	case 20:
		random_text(cfg->port.hostname, value % 256, value);
		cfg->port.present |= BIT_ULL(VDHCP_A_PORT_HOSTNAME);
		break;
	case 21:
		s->prefix_len = (u8)(value % 33);
		s->network = cpu_to_be32(s->prefix_len ? 0xc000020au &
					 ~0u << (32 - s->prefix_len) : 0);
		break;
	case 22:
		s->mtu = value;
		set_present(s, VDHCP_A_SUBNET_MTU);
		break;
	case 23:
		config_set_addr(&cfg->port, 0xc0000200 | (value & 0xff));
		break;
	}
}
