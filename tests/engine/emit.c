// SPDX-License-Identifier: GPL-2.0
/* Writes the vectors as seeds for the fuzzer and as a header for KUnit. */
#include <stdlib.h>
#include "configs.h"
#include "fuzz.h"
#include "keys.h"
#include "replay.h"

/* The layout is that of fuzz.h. */
void emit_corpus(const struct vectors *all, const char *dir)
{
	const struct step *step;
	unsigned int config = 0;
	char path[4096];
	int i, k;
	FILE *f;

	for (i = 0; i < all->n; i++) {
		for (k = 0; k < all->v[i]->n_steps; k++) {
			step = &all->v[i]->steps[k];
			if (step->refused)
				continue;
			snprintf(path, sizeof(path), "%s/%03d-%d", dir, i, k);
			f = fopen(path, "w");
			if (!f) {
				perror(path);
				exit(2);
			}
			fputc((int)(config++ % configs_n), f);
			fuzz_write_head(f, step->partial, step->csum_at, step->config.vlan,
					step->hw_tag);
			fwrite(step->frame.data, 1, step->frame.len, f);
			fclose(f);
		}
	}
}

static void emit_bytes(FILE *f, const char *name, const char *what, int id, const u8 *p,
		       u32 len)
{
	u32 i;

	fprintf(f, "static const u8 %s_%s_%d[] = {", name, what, id);
	for (i = 0; i < len; i++)
		fprintf(f, "%s0x%02x,", i % 16 ? " " : "\n\t", p[i]);
	fputs("\n};\n\n", f);
}

static void emit_array(FILE *f, const char *field, const void *data, u32 len)
{
	const u8 *p = data;
	u32 i;

	if (!len)
		return;
	fprintf(f, "\t.%s = {", field);
	for (i = 0; i < len; i++)
		fprintf(f, "%s0x%02x,", i % 16 ? " " : "\n\t\t", p[i]);
	fputs("\n\t},\n", f);
}

static void emit_be32(FILE *f, const char *field, __be32 v)
{
	if (v)
		fprintf(f, "\t.%s = cpu_to_be32(0x%08x),\n", field, be32_to_cpu(v));
}

static void emit_addrs(FILE *f, const char *field, const struct vdhcp_addrs *addrs)
{
	u32 i;

	if (!addrs->n)
		return;
	fprintf(f, "\t.%s = { %u, {", field, addrs->n);
	for (i = 0; i < addrs->n; i++)
		fprintf(f, "%scpu_to_be32(0x%08x),", i % 3 ? " " : "\n\t\t",
			be32_to_cpu(addrs->addr[i]));
	fputs("\n\t} },\n", f);
}

static void emit_text(FILE *f, const char *field, const char *v)
{
	const char *p;

	if (!*v)
		return;
	fprintf(f, "\t.%s = \"", field);
	for (p = v; *p; p++) {
		/* An octal escape has three digits at most, so it needs no end. */
		if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f || *p == '?')
			fprintf(f, "\\%03o", (u8)*p);
		else
			fputc(*p, f);
	}
	fputs("\",\n", f);
}

static void emit_number(FILE *f, const char *field, u64 v)
{
	if (v)
		fprintf(f, "\t.%s = %lluu,\n", field, (unsigned long long)v);
}

static void emit_routes(FILE *f, const char *field, const struct vdhcp_routes *routes)
{
	u32 i;

	if (!routes->n)
		return;
	fprintf(f, "\t.%s = { %u, {\n", field, routes->n);
	for (i = 0; i < routes->n; i++)
		fprintf(f, "\t\t{ cpu_to_be32(0x%08x), cpu_to_be32(0x%08x), %u },\n",
			be32_to_cpu(routes->route[i].dst), be32_to_cpu(routes->route[i].via),
			routes->route[i].dst_len);
	fputs("\t} },\n", f);
}

static void emit_bindings(FILE *f, const char *field, const struct vdhcp_addresses *list)
{
	u32 i;

	if (!list->n)
		return;
	fprintf(f, "\t.%s = { %u, {\n", field, list->n);
	for (i = 0; i < list->n; i++) {
		fprintf(f, "\t\t{ .family = AF_INET, .ip4 = cpu_to_be32(0x%08x),",
			be32_to_cpu(list->entry[i].ip4));
		fprintf(f, " .has_mac = %d,\n\t\t", list->entry[i].has_mac);
		emit_array(f, "mac", list->entry[i].mac, VDHCP_ETH_ALEN);
		fputs("\t\t},\n", f);
	}
	fputs("\t} },\n", f);
}

/* The field of a key has its name, in C, in the plural if there may be many. */
static const char *field_name(const struct vdhcp_key *key, char *buf)
{
	char *p;

	snprintf(buf, 32, "%s%s", key->kind == VDHCP_KEY_NETWORK ? "network" :
		 key->kind == VDHCP_KEY_PREFIX_LEN ? "prefix_len" :
		 key->kind == VDHCP_KEY_BINDINGS ? "addresses" : key->name,
		 key->kind == VDHCP_KEY_ROUTES || key->kind == VDHCP_KEY_OPTIONS ? "s" : "");
	for (p = buf; *p; p++)
		if (*p == '-')
			*p = '_';
	return buf;
}

static void emit_key(FILE *f, const void *spec, const struct vdhcp_key *key)
{
	const void *value = vdhcp_key_field(spec, key);
	const struct vdhcp_optlist *options = value;
	const struct vdhcp_names *names = value;
	char field[32], part[40];

	field_name(key, field);
	switch (key->kind) {
	case VDHCP_KEY_BINDINGS:
		emit_bindings(f, field, value);
		break;
	case VDHCP_KEY_NETWORK:
	case VDHCP_KEY_ADDRESS:
		emit_be32(f, field, *(const __be32 *)value);
		break;
	case VDHCP_KEY_ADDRESSES:
		emit_addrs(f, field, value);
		break;
	case VDHCP_KEY_U16:
		emit_number(f, field, *(const u16 *)value);
		break;
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		emit_number(f, field, *(const u32 *)value);
		break;
	case VDHCP_KEY_PREFIX_LEN:
	case VDHCP_KEY_BOOL:
	case VDHCP_KEY_ENUM:
		emit_number(f, field, *(const u8 *)value);
		break;
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		emit_text(f, field, value);
		break;
	case VDHCP_KEY_MAC:
		emit_array(f, field, value, VDHCP_ETH_ALEN);
		break;
	case VDHCP_KEY_ROUTES:
		emit_routes(f, field, value);
		break;
	case VDHCP_KEY_DOMAINS:
		snprintf(part, sizeof(part), "%s.len", field);
		emit_number(f, part, names->len);
		snprintf(part, sizeof(part), "%s.text", field);
		emit_array(f, part, names->text, names->len);
		break;
	case VDHCP_KEY_OPTIONS:
		emit_number(f, "options.len", options->len);
		emit_array(f, "options.data", options->data, options->len);
		break;
	}
}

static void emit_keys(FILE *f, const void *spec, const struct vdhcp_key_set *set)
{
	u16 attr;

	for (attr = 0; attr < set->n; attr++)
		if (set->keys[attr].name)
			emit_key(f, spec, &set->keys[attr]);
	fputs("};\n\n", f);
}

static void emit_subnet(FILE *f, int id, const struct vdhcp_subnet_spec *s)
{
	fprintf(f, "static const struct vdhcp_subnet_spec vector_subnet_%d = {\n", id);
	fprintf(f, "\t.present = 0x%llxull,\n", (unsigned long long)s->present);
	emit_text(f, "name", s->name);
	emit_keys(f, s, &vdhcp_subnet_keys);
}

static void emit_port(FILE *f, int id, const struct vdhcp_port_spec *p)
{
	fprintf(f, "static const struct vdhcp_port_spec vector_port_%d = {\n", id);
	fprintf(f, "\t.present = 0x%llxull,\n", (unsigned long long)p->present);
	emit_keys(f, p, &vdhcp_port_keys);
}

static const struct step *step_number(const struct vectors *all, int number, int *vector)
{
	int i;

	for (i = 0; i < all->n; number -= all->v[i++]->n_steps) {
		if (number < all->v[i]->n_steps) {
			*vector = i;
			return &all->v[i]->steps[number];
		}
	}
	return NULL;
}

/* Number of the first step with the same spec, whose name is used for all of them. */
static int same_subnet(const struct vectors *all, int number)
{
	const struct step *step, *other;
	int i, vector;

	step = step_number(all, number, &vector);
	for (i = 0; i < number; i++) {
		other = step_number(all, i, &vector);
		if (other->config.has_subnet &&
		    !memcmp(&other->config.subnet, &step->config.subnet,
			    sizeof(step->config.subnet)))
			return i;
	}
	return number;
}

static int same_port(const struct vectors *all, int number)
{
	const struct step *step, *other;
	int i, vector;

	step = step_number(all, number, &vector);
	for (i = 0; i < number; i++) {
		other = step_number(all, i, &vector);
		if (!memcmp(&other->config.port, &step->config.port,
			    sizeof(step->config.port)))
			return i;
	}
	return number;
}

static void emit_row(FILE *f, const struct vectors *all, int number)
{
	static const char *const objects[] = { "0", "1", "2", "3" };
	const struct step *step;
	int vector;

	step = step_number(all, number, &vector);
	fprintf(f, "\t{ .name = \"%s:%d\", .mtu = %u, .port = &vector_port_%d,\n",
		all->v[vector]->name, step->line, step->config.mtu, same_port(all, number));
	if (step->config.has_subnet)
		fprintf(f, "\t  .subnet = &vector_subnet_%d,\n", same_subnet(all, number));
	if (step->refused) {
		fprintf(f, "\t  .refused = %s, .attr = %u },\n", objects[step->refused],
			step->attr);
		return;
	}
	fprintf(f, "\t  .frame = vector_frame_%d, .frame_len = %u, .partial = %d,\n", number,
		step->frame.len, step->partial);
	fprintf(f, "\t  .csum_at = %u,\n", step->csum_at);
	fprintf(f, "\t  .vlan = %u, .hw_tag = { cpu_to_be16(0x%04x), 0x%04x },\n",
		step->config.vlan, be16_to_cpu(step->hw_tag.proto), step->hw_tag.tci);
	if (step->has_tag)
		fprintf(f, "\t  .has_tag = true, .tag = { cpu_to_be16(0x%04x), 0x%04x },\n",
			be16_to_cpu(step->tag.proto), step->tag.tci);
	fprintf(f, "\t  .verdict = %d, .notes = %u, .replies = %d,\n", step->verdict,
		step->notes, step->replies);
	if (step->whole)
		fprintf(f, "\t  .reply = vector_reply_%d, .reply_len = %u,\n", number,
			step->reply.len);
	fputs("\t},\n", f);
}

static const char head[] =
	"-License-Identifier: GPL-2.0 */\n"
	"/* Made by tests/engine/replay --emit-c from tests/vectors. */\n"
	"#include <engine.h>\n\n"
	"/**\n"
	" * struct vdhcp_vector - one frame and what must come of it\n"
	" * @name: file and line\n"
	" * @mtu: of the device\n"
	" * @port: configuration\n"
	" * @subnet: configuration, or NULL\n"
	" * @refused: 1, 2, 3 if compiling the subnet, compiling the port, or fitting them is refused\n"
	" * @attr: attribute that is then at fault\n"
	" * @frame: the frame, NULL if @refused\n"
	" * @frame_len: bytes at @frame\n"
	" * @partial: the checksum at @csum_at is partial\n"
	" * @csum_at: offset in @frame\n"
	" * @vlan: VLAN ID of the port\n"
	" * @hw_tag: VLAN tag that the device took out of the frame\n"
	" * @has_tag: @tag is expected\n"
	" * @tag: VLAN tag of the reply\n"
	" * @verdict: expected\n"
	" * @notes: expected, bit per enum vdhcp_note\n"
	" * @replies: there is a reply\n"
	" * @reply: the reply, NULL if only the verdict is known\n"
	" * @reply_len: bytes at @reply\n"
	" */\n"
	"struct vdhcp_vector {\n"
	"\tconst char *name;\n\tu16 mtu;\n"
	"\tconst struct vdhcp_port_spec *port;\n\tconst struct vdhcp_subnet_spec *subnet;\n"
	"\tu8 refused;\n\tu16 attr;\n"
	"\tconst u8 *frame;\n\tu16 frame_len;\n\tbool partial;\n\tu16 csum_at;\n"
	"\tu16 vlan;\n\tstruct vdhcp_tag hw_tag;\n\tbool has_tag;\n\tstruct vdhcp_tag tag;\n"
	"\tint verdict;\n\tu8 notes;\n"
	"\tbool replies;\n\tconst u8 *reply;\n\tu16 reply_len;\n};\n\n";

void emit_c(const struct vectors *all, const char *path)
{
	const struct step *step;
	int number, vector;
	FILE *f = fopen(path, "w");

	if (!f) {
		perror(path);
		exit(2);
	}
	fprintf(f, "/* SPDX%s", head);
	for (number = 0; (step = step_number(all, number, &vector)); number++) {
		if (step->config.has_subnet && same_subnet(all, number) == number)
			emit_subnet(f, number, &step->config.subnet);
		if (same_port(all, number) == number)
			emit_port(f, number, &step->config.port);
		if (!step->refused)
			emit_bytes(f, "vector", "frame", number, step->frame.data,
				   step->frame.len);
		if (step->whole)
			emit_bytes(f, "vector", "reply", number, step->reply.data,
				   step->reply.len);
	}
	fputs("static const struct vdhcp_vector vdhcp_vectors[] = {\n", f);
	for (number = 0; step_number(all, number, &vector); number++)
		emit_row(f, all, number);
	fputs("};\n", f);
	fclose(f);
}
