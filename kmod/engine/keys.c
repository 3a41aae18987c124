// SPDX-License-Identifier: GPL-2.0
/* Kinds of values: their defaults, their checks, their DHCP options. */
#include "keys.h"
#include "addr.h"
#include "keys-gen.h"
#include "name.h"
#include "optval.h"

/* A spec has one bit for each attribute. */
static_assert(VDHCP_A_SUBNET_MAX < 64 && VDHCP_A_PORT_MAX < 64,
	      "attributes do not fit the bits of a spec");

/**
 * vdhcp_key_find() - find the key of an attribute
 * @set: keys of an object
 * @attr: number of the attribute, in range or not
 *
 * Return: the key, NULL if the attribute is not a key.
 */
const struct vdhcp_key *vdhcp_key_find(const struct vdhcp_key_set *set,
				       u32 attr)
{
	return attr < set->n && set->keys[attr].name ? &set->keys[attr] : NULL;
}

static void set_preset(void *spec, const struct vdhcp_key *key)
{
	void *field = vdhcp_key_field(spec, key);

	switch (key->kind) {
	case VDHCP_KEY_BINDINGS:
		((struct vdhcp_addresses *)field)->n = 0;
		break;
	case VDHCP_KEY_ADDRESS:
		*(__be32 *)field = 0;
		break;
	case VDHCP_KEY_U16:
		*(u16 *)field = key->preset;
		break;
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		*(u32 *)field = key->preset;
		break;
	case VDHCP_KEY_BOOL:
	case VDHCP_KEY_ENUM:
		*(u8 *)field = key->preset;
		break;
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		*(char *)field = '\0';
		break;
	case VDHCP_KEY_MAC:
		memset(field, 0, VDHCP_ETH_ALEN);
		break;
	case VDHCP_KEY_ADDRESSES:
		((struct vdhcp_addrs *)field)->n = 0;
		break;
	case VDHCP_KEY_DOMAINS:
		((struct vdhcp_names *)field)->len = 0;
		break;
	case VDHCP_KEY_ROUTES:
		((struct vdhcp_routes *)field)->n = 0;
		break;
	case VDHCP_KEY_OPTIONS:
		((struct vdhcp_optlist *)field)->len = 0;
		break;
	}
}

/**
 * vdhcp_key_clear() - reset a key to its default
 * @spec: the spec
 * @set: keys of the object
 * @attr: number of the attribute
 *
 * Does nothing if the attribute is not a key or cannot be cleared.
 */
void vdhcp_key_clear(void *spec, const struct vdhcp_key_set *set, u16 attr)
{
	const struct vdhcp_key *key = vdhcp_key_find(set, attr);

	if (!key || key->fixed)
		return;
	set_preset(spec, key);
	*(u64 *)spec &= ~BIT_ULL(attr);
}

/**
 * vdhcp_keys_init() - initialise a spec with the defaults
 * @spec: the spec, in which no key is present from now on
 * @set: keys of the object
 *
 * Does not clear the space for raw options, because that would take longer than
 * the rest, and only the bytes in use are read.
 */
void vdhcp_keys_init(void *spec, const struct vdhcp_key_set *set)
{
	u16 attr;

	memset(spec, 0, set->clear);
	for (attr = 0; attr < set->n; attr++)
		if (set->keys[attr].preset)
			set_preset(spec, &set->keys[attr]);
}

static int validate_number(const struct vdhcp_key *key, u16 attr, u32 value,
			   struct vdhcp_cfg_err *cfg_err)
{
	const char *unit = key->kind == VDHCP_KEY_SECONDS ? " seconds" : "";

	if (value < key->min)
		return vdhcp_fail(cfg_err, attr, "%s is below %u%s", key->name,
				  key->min, unit);
	if (value > key->max)
		return vdhcp_fail(cfg_err, attr, "%s is above %u", key->name,
				  key->max);
	return 0;
}

static int validate_addresses(const struct vdhcp_key *key, u16 attr,
			      const struct vdhcp_addrs *addrs,
			      struct vdhcp_cfg_err *cfg_err)
{
	unsigned int i;

	for (i = 0; i < addrs->n; i++) {
		cfg_err->entry = i;
		if (!vdhcp_is_host(addrs->addr[i]))
			return vdhcp_fail(cfg_err, attr,
					  "%s has an address that is not unicast",
					  key->name);
	}
	return 0;
}

static int validate_text(u16 attr, const char *text,
			 struct vdhcp_cfg_err *cfg_err)
{
	const u8 *p = (const u8 *)text;

	if (!*p)
		return vdhcp_fail(cfg_err, attr, "empty text");
	for (; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			return vdhcp_fail(cfg_err, attr,
					  "text has a control character");
	return 0;
}

static int validate_key(const void *spec, const struct vdhcp_key *key, u16 attr,
			struct vdhcp_cfg_err *cfg_err)
{
	const void *field = vdhcp_key_field(spec, key);

	switch (key->kind) {
	case VDHCP_KEY_ADDRESS:
		if (!vdhcp_is_host(*(const __be32 *)field))
			return vdhcp_fail(cfg_err, attr,
					  "%s is not a unicast address",
					  key->name);
		return 0;
	case VDHCP_KEY_MAC:
		if (!vdhcp_is_mac(field))
			return vdhcp_fail(cfg_err, attr,
					  "%s is not a unicast address",
					  key->name);
		return 0;
	case VDHCP_KEY_ENUM:
		if (*(const u8 *)field < key->min ||
		    *(const u8 *)field > key->max)
			return vdhcp_fail(cfg_err, attr, "no such %s",
					  key->name);
		return 0;
	case VDHCP_KEY_BOOL:
		return validate_number(key, attr, *(const u8 *)field, cfg_err);
	case VDHCP_KEY_U16:
		return validate_number(key, attr, *(const u16 *)field, cfg_err);
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		return validate_number(key, attr, *(const u32 *)field, cfg_err);
	case VDHCP_KEY_TEXT:
		return validate_text(attr, field, cfg_err);
	case VDHCP_KEY_ADDRESSES:
		return validate_addresses(key, attr, field, cfg_err);
	default:
		return 0;
	}
}

/**
 * vdhcp_keys_validate() - check each value of a spec by itself
 * @spec: the spec
 * @set: keys of the object
 * @cfg_err: filled in on failure
 *
 * Domain names, routes and raw options are checked when they are compiled.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_keys_validate(const void *spec, const struct vdhcp_key_set *set,
			struct vdhcp_cfg_err *cfg_err)
{
	int ret = 0;
	u16 attr;

	for (attr = 0; attr < set->n && !ret; attr++)
		if (vdhcp_key_present(spec, attr) || set->keys[attr].preset)
			ret = validate_key(spec, &set->keys[attr], attr,
					   cfg_err);
	return ret;
}

static int encode_names(const struct vdhcp_names *names,
			const struct vdhcp_key *key, u16 attr,
			struct vdhcp_optset_builder *builder,
			struct vdhcp_cfg_err *cfg_err)
{
	const char *name = names->text, *end = name + names->len;
	int size, len = 0;
	u16 n = 0;

	for (; name < end; name += strlen(name) + 1) {
		cfg_err->entry = n++;
		size = vdhcp_name_encode(name, builder->labels, cfg_err, attr);
		if (size < 0)
			return size;
		len = vdhcp_name_append(builder->work, len, builder->labels,
					size);
		if (len < 0)
			return vdhcp_fail(cfg_err, attr,
					  "%s takes more than %u bytes",
					  key->name, VDHCP_OPTION_MAX);
	}
	return len;
}

/* A trailing dot is removed, because clients use the option as it is. */
static int encode_name(const char *name, u16 attr,
		       struct vdhcp_optset_builder *builder,
		       struct vdhcp_cfg_err *cfg_err)
{
	int len = vdhcp_name_encode(name, builder->labels, cfg_err, attr);

	if (len < 0)
		return len;
	len = strlen(name);
	if (name[len - 1] == '.')
		len--;
	memcpy(builder->work, name, len);
	return len;
}

/* Write the option's value to builder->work. Returns its length or -EINVAL. */
static int encode_key(const void *spec, const struct vdhcp_key *key, u16 attr,
		      struct vdhcp_optset_builder *builder,
		      struct vdhcp_cfg_err *cfg_err)
{
	const void *field = vdhcp_key_field(spec, key);
	const struct vdhcp_addrs *addrs = field;
	u8 *out = builder->work;

	switch (key->kind) {
	case VDHCP_KEY_ADDRESS:
		memcpy(out, field, sizeof(__be32));
		return sizeof(__be32);
	case VDHCP_KEY_ADDRESSES:
		if (!addrs->n)
			return 0;
		if (key->prefix)
			*out++ = key->prefix;
		memcpy(out, addrs->addr, addrs->n * sizeof(addrs->addr[0]));
		return out + addrs->n * sizeof(addrs->addr[0]) - builder->work;
	case VDHCP_KEY_U16:
		put_unaligned_be16(*(const u16 *)field, out);
		return sizeof(u16);
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		put_unaligned_be32(*(const u32 *)field, out);
		return sizeof(u32);
	case VDHCP_KEY_TEXT:
		memcpy(out, field, strlen(field));
		return strlen(field);
	case VDHCP_KEY_DOMAIN:
		return encode_name(field, attr, builder, cfg_err);
	case VDHCP_KEY_DOMAINS:
		return encode_names(field, key, attr, builder, cfg_err);
	default:
		return 0;
	}
}

/**
 * vdhcp_keys_compile() - add the DHCP options of the keys to a builder
 * @spec: the spec, checked by vdhcp_keys_validate()
 * @set: keys of the object
 * @builder: the builder
 * @cfg_err: filled in on failure
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_keys_compile(const void *spec, const struct vdhcp_key_set *set,
		       struct vdhcp_optset_builder *builder,
		       struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_key *key;
	u16 attr;
	int len;

	for (attr = 0; attr < set->n; attr++) {
		key = &set->keys[attr];
		if (!key->code || !vdhcp_key_present(spec, attr))
			continue;
		len = encode_key(spec, key, attr, builder, cfg_err);
		if (len < 0)
			return len;
		if (len &&
		    vdhcp_optset_add(builder, key->code, builder->work, len))
			return vdhcp_fail(cfg_err, attr, VDHCP_OPTSET_FULL);
	}
	return 0;
}
