// SPDX-License-Identifier: GPL-2.0
/* The guest's full name: its host name and the domain of its subnet. */
#include "fqdn.h"

/* Write a host name as DNS labels without the root label: @len + 1 bytes. */
static void write_labels(u8 *out, const u8 *name, u8 len)
{
	u8 *length = out;
	unsigned int i;

	*length = 0;
	for (i = 0; i < len; i++) {
		out[i + 1] = name[i];
		if (name[i] == '.') {
			length = out + i + 1;
			*length = 0;
		} else {
			++*length;
		}
	}
}

/* Write labels that end with the root label as text, a dot before each. */
static void write_dotted(u8 *out, const u8 *labels, u8 len)
{
	unsigned int i, next = 0;

	for (i = 0; i + 1 < len; i++) {
		out[i] = labels[i];
		if (i == next) {
			next = i + 1 + labels[i];
			out[i] = '.';
		}
	}
}

/**
 * vdhcp_fqdn_size() - get the size of the guest's full name
 * @conf: configuration of the port, with a host name
 * @wire: encode the name as DNS labels instead of text
 *
 * Return: bytes that vdhcp_fqdn_write() writes.
 */
u16 vdhcp_fqdn_size(const struct vdhcp_conf *conf, bool wire)
{
	const struct vdhcp_port_conf *port = conf->port;
	u16 domain = port->host_fqdn ? 0 : conf->subnet->domain_len;

	if (wire)
		return 1 + port->host_len + (port->host_fqdn ? 1 : domain);
	return port->host_len + (domain ? domain - 1 : 0);
}

/**
 * vdhcp_fqdn_write() - write the guest's full name
 * @conf: configuration of the port, with a host name
 * @wire: encode the name as DNS labels instead of text
 * @out: buffer of vdhcp_fqdn_size() bytes
 */
void vdhcp_fqdn_write(const struct vdhcp_conf *conf, bool wire, u8 *out)
{
	const struct vdhcp_port_conf *port = conf->port;
	u8 domain = port->host_fqdn ? 0 : conf->subnet->domain_len;
	const u8 *host = vdhcp_port_hostname(port);

	if (wire) {
		write_labels(out, host, port->host_len);
		out += 1 + port->host_len;
		memcpy(out, conf->subnet->domain, domain);
		if (port->host_fqdn)
			*out = 0;
	} else {
		memcpy(out, host, port->host_len);
		write_dotted(out + port->host_len, conf->subnet->domain,
			     domain);
	}
}
