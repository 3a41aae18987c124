/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keys of subnets and ports, by the table that follows from uapi/keys.yaml.
 * What all keys of a kind have in common is done here and in nl_keys.c, once
 * for each kind; what is particular to one key is in conf.c and conf_port.c.
 */
#ifndef VDHCP_ENGINE_KEYS_H
#define VDHCP_ENGINE_KEYS_H

#include "conf.h"

/**
 * enum vdhcp_key_kind - kinds of values
 * @VDHCP_KEY_NONE: no key has this number
 * @VDHCP_KEY_ID: names the object, has no field in the spec
 * @VDHCP_KEY_VLAN: the same
 * @VDHCP_KEY_RESERVED: refused
 * @VDHCP_KEY_BINDINGS: struct vdhcp_addresses; the owner of the spec reads and
 *	writes the subnets
 * @VDHCP_KEY_NETWORK: first address of a network
 * @VDHCP_KEY_PREFIX_LEN: its prefix length
 * @VDHCP_KEY_ADDRESS: one address of a host
 * @VDHCP_KEY_ADDRESSES: struct vdhcp_addrs
 * @VDHCP_KEY_U16: number
 * @VDHCP_KEY_U32: number
 * @VDHCP_KEY_SECONDS: number of 32 bits, whose highest value is for ever
 * @VDHCP_KEY_BOOL: 0 or 1
 * @VDHCP_KEY_ENUM: number of 8 bits, from 1
 * @VDHCP_KEY_TEXT: text without control characters
 * @VDHCP_KEY_DOMAIN: one domain name
 * @VDHCP_KEY_DOMAINS: struct vdhcp_names of domain names
 * @VDHCP_KEY_MAC: MAC address of an interface
 * @VDHCP_KEY_ROUTES: struct vdhcp_routes
 * @VDHCP_KEY_OPTIONS: struct vdhcp_optlist
 */
enum vdhcp_key_kind {
	VDHCP_KEY_NONE,
	VDHCP_KEY_ID,
	VDHCP_KEY_VLAN,
	VDHCP_KEY_RESERVED,
	VDHCP_KEY_BINDINGS,
	VDHCP_KEY_NETWORK,
	VDHCP_KEY_PREFIX_LEN,
	VDHCP_KEY_ADDRESS,
	VDHCP_KEY_ADDRESSES,
	VDHCP_KEY_U16,
	VDHCP_KEY_U32,
	VDHCP_KEY_SECONDS,
	VDHCP_KEY_BOOL,
	VDHCP_KEY_ENUM,
	VDHCP_KEY_TEXT,
	VDHCP_KEY_DOMAIN,
	VDHCP_KEY_DOMAINS,
	VDHCP_KEY_MAC,
	VDHCP_KEY_ROUTES,
	VDHCP_KEY_OPTIONS,
};

/**
 * struct vdhcp_key - one key of an object
 * @name: what the operator calls it
 * @fixed: why it cannot be cleared, NULL if it can
 * @preset: value that it has unless it is given
 * @min: least value of a number
 * @max: highest value of a number, or longest text
 * @offset: of its field in the spec
 * @kind: enum vdhcp_key_kind
 * @code: option that it becomes, 0 for none or if conf.c makes that option
 * @prefix: first byte of that option, 0 for none
 * @shown: shown even if it was not given
 */
struct vdhcp_key {
	const char *name;
	const char *fixed;
	u32 preset;
	u32 min;
	u32 max;
	u16 offset;
	u8 kind;
	u8 code;
	u8 prefix;
	bool shown;
};

/**
 * struct vdhcp_key_set - the keys of an object
 * @keys: by number of the attribute; one without a name is none
 * @n: entries of @keys
 * @size: bytes of the spec
 * @clear: bytes of the spec from its beginning that count when nothing is given
 * @option: number of the attribute that holds raw options
 *
 * Every spec begins with the bits of the attributes that were given, a u64.
 */
struct vdhcp_key_set {
	const struct vdhcp_key *keys;
	u16 n;
	u16 size;
	u16 clear;
	u16 option;
};

/**
 * vdhcp_key_field() - a key's field of a spec
 * @spec: spec of any object
 * @key: the key
 *
 * Return: the field, of the type that goes with the key's kind.
 */
static inline void *vdhcp_key_field(const void *spec,
				    const struct vdhcp_key *key)
{
	return (u8 *)spec + key->offset;
}

/**
 * vdhcp_key_present() - was a key given?
 * @spec: spec of any object
 * @attr: number of the attribute
 *
 * Return: true if it was.
 */
static inline bool vdhcp_key_present(const void *spec, u16 attr)
{
	return *(const u64 *)spec & BIT_ULL(attr);
}

/**
 * vdhcp_key_is_list() - does a key replace all of its values at once?
 * @key: the key
 *
 * Return: true of lists; raw options are changed one by one.
 */
static inline bool vdhcp_key_is_list(const struct vdhcp_key *key)
{
	return key->kind == VDHCP_KEY_ADDRESSES ||
	       key->kind == VDHCP_KEY_DOMAINS || key->kind == VDHCP_KEY_ROUTES;
}

extern const struct vdhcp_key_set vdhcp_subnet_keys, vdhcp_port_keys;

const struct vdhcp_key *vdhcp_key_find(const struct vdhcp_key_set *set,
				       u32 attr);
void vdhcp_key_clear(void *spec, const struct vdhcp_key_set *set, u16 attr);
void vdhcp_keys_init(void *spec, const struct vdhcp_key_set *set);
int vdhcp_keys_validate(const void *spec, const struct vdhcp_key_set *set,
			struct vdhcp_cfg_err *cfg_err);
int vdhcp_keys_compile(const void *spec, const struct vdhcp_key_set *set,
		       struct vdhcp_optset_builder *builder,
		       struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_ENGINE_KEYS_H */
