// SPDX-License-Identifier: GPL-2.0
/*
 * The installed module, and the reason why it is not loaded. The kernel gives no
 * reason: a request for a missing family fails after the kernel has tried to load
 * the module, with the same error whatever went wrong.
 */
#include <errno.h>
#include <glob.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "err.h"
#include "module.h"

#define NAME	"vdhcp"

/* The certificate of DKMS, unless /etc/dkms/framework.conf names another. */
#define MOK	"/var/lib/dkms/mok.pub"

/* Commands that make DKMS rebuild and sign a version; the version is given twice. */
#define REBUILD	"\"dkms build --force " NAME "/%s && dkms install --force " NAME "/%s\""

/**
 * struct module - the module's file for the running kernel
 * @release: release of the kernel
 * @path: path of the file, "" if there is none
 * @version: version of the module
 * @kernel: release of the kernel that it was built for
 * @signer: name in the signature
 * @is_signed: it has a signature
 * @blacklisted: only "modprobe vdhcp" loads it
 *
 * Unknown texts are "".
 */
struct module {
	char release[sizeof(((struct utsname *)0)->release)];
	char path[256];
	char version[64];
	char kernel[96];
	char signer[96];
	bool is_signed;
	bool blacklisted;
};

static void read_info(struct module *module, const struct kmod_module *mod)
{
	struct kmod_list *list = NULL, *item;
	const char *key, *value;

	if (kmod_module_get_info(mod, &list) < 0)
		return;
	kmod_list_foreach(item, list) {
		key = kmod_module_info_get_key(item);
		value = kmod_module_info_get_value(item);
		if (!strcmp(key, "version"))
			snprintf(module->version, sizeof(module->version), "%s", value);
		else if (!strcmp(key, "vermagic"))
			snprintf(module->kernel, sizeof(module->kernel), "%.*s",
				 (int)strcspn(value, " "), value);
		else if (!strcmp(key, "signer"))
			snprintf(module->signer, sizeof(module->signer), "%s", value);
		else if (!strcmp(key, "sig_id"))
			module->is_signed = true;
	}
	kmod_module_info_free_list(list);
}

static void look_up_module(struct module *module, struct kmod_ctx *ctx)
{
	struct kmod_list *found = NULL, *allowed = NULL;
	struct kmod_module *mod;
	const char *path;

	if (kmod_module_new_from_lookup(ctx, NAME, &found) < 0 || !found)
		return;
	mod = kmod_module_get_module(found);
	path = kmod_module_get_path(mod);
	if (path) {
		snprintf(module->path, sizeof(module->path), "%s", path);
		read_info(module, mod);
		module->blacklisted = !kmod_module_apply_filter(ctx, KMOD_FILTER_BLACKLIST, found,
								&allowed) && !allowed;
	}
	kmod_module_unref(mod);
	kmod_module_unref_list(allowed);
	kmod_module_unref_list(found);
}

static void find_module(struct module *module)
{
	struct utsname name = { 0 };
	struct kmod_ctx *ctx;
	char dir[160];

	*module = (struct module){ 0 };
	(void)uname(&name);
	snprintf(module->release, sizeof(module->release), "%s", name.release);
	snprintf(dir, sizeof(dir), "/lib/modules/%s", module->release);
	ctx = kmod_new(dir, NULL);
	if (!ctx)
		return;
	look_up_module(module, ctx);
	kmod_unref(ctx);
}

/**
 * module_version() - get the version of the module that is installed for this kernel
 * @version: result, "" if there is none or it is unknown
 * @size: size of @version
 */
void module_version(char *version, size_t size)
{
	struct module module;

	find_module(&module);
	snprintf(version, size, "%s", module.version);
}

static bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

/* True if a kernel has a file; @fmt is its path, with %s for the release. */
static bool __printf(1, 0) kernel_has(const char *fmt, const char *release)
{
	char path[256];

	snprintf(path, sizeof(path), fmt, release);
	return file_exists(path);
}

static bool any_exists(const char *pattern)
{
	glob_t found = { 0 };
	bool found_any = !glob(pattern, GLOB_NOSORT, NULL, &found);

	globfree(&found);
	return found_any;
}

/* Reads the first line of a file; "" if there is none. */
static const char *read_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");

	if (!file || !fgets(line, size, file))
		*line = '\0';
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* True if the kernel's configuration is known and has no ingress hook. */
static bool lacks_ingress(const char *release)
{
	static const char *const places[] = { "/lib/modules/%s/build/.config", "/boot/config-%s" };
	bool has = false, known = false;
	char path[256], line[256];
	FILE *file = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places) && !file; i++) {
		snprintf(path, sizeof(path), places[i], release);
		file = fopen(path, "re");
	}
	while (file && fgets(line, sizeof(line), file)) {
		known = true;
		has = has || !strcmp(line, "CONFIG_NETFILTER_INGRESS=y\n");
	}
	if (file)
		fclose(file);
	return known && !has;
}

/* dkms.conf has the same minimum. */
static bool is_too_old(const char *release)
{
	char *end;
	unsigned long major = strtoul(release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return major && (major < 5 || (major == 5 && minor < 10));
}

/* Writes another kernel that the module is installed for: ", but for 6.1.0-1-amd64". */
static void describe_other(char *text, size_t size)
{
	static const char *const where[] = { "updates/dkms", "updates", "extra", "kernel/net" };
	char pattern[128], *release;
	glob_t found;
	size_t i;

	*text = '\0';
	for (i = 0; i < ARRAY_SIZE(where) && !*text; i++) {
		found = (glob_t){ 0 };
		snprintf(pattern, sizeof(pattern), "/lib/modules/*/%s/" NAME ".ko*", where[i]);
		if (!glob(pattern, 0, NULL, &found)) {
			release = strstr(found.gl_pathv[0], "/lib/modules/") + 13;
			snprintf(text, size, ", but for %.*s", (int)strcspn(release, "/"), release);
		}
		globfree(&found);
	}
}

/* Prints why there is no module for this kernel. */
static int fail_not_installed(const struct module *module)
{
	bool source = any_exists("/usr/src/" NAME "-[0-9]*") ||
		      any_exists("/var/lib/dkms/" NAME "/[0-9]*");
	bool debian = file_exists("/etc/debian_version");
	const char *release = module->release;
	char other[128];

	if (is_too_old(release))
		return fail_system("kernel %s is too old for vdhcp, which needs 5.10 or later",
				   release);
	if (lacks_ingress(release))
		return fail_system("kernel %s is built without CONFIG_NETFILTER_INGRESS, which "
				   "vdhcp needs: boot another kernel",
				   release);
	if (!kernel_has("/lib/modules/%s", release))
		return fail_system("there is no /lib/modules/%s for the running kernel: boot a "
				   "kernel that is installed, or if this is a container, run "
				   "\"modprobe vdhcp\" on its host",
				   release);
	describe_other(other, sizeof(other));
	if (!source)
		return fail_system("no vdhcp module for kernel %s%s: install the package "
				   "vdhcp-dkms and %s-%s",
				   release, other, debian ? "linux-headers" : "kernel-devel",
				   release);
	if (!kernel_has("/lib/modules/%s/build/Makefile", release))
		return fail_system("no vdhcp module for kernel %s%s: its headers are missing; "
				   "run \"%s-%s\", then \"dkms autoinstall\"",
				   release, other, debian ? "apt-get install linux-headers" :
							    "dnf install kernel-devel",
				   release);
	return fail_system("no vdhcp module for kernel %s%s: DKMS has not built it; \"dkms "
			   "autoinstall\" builds it, or says why it cannot",
			   release, other);
}

/* Returns what makes the kernel check signatures, "" if it loads any module. */
static const char *signature_rule(void)
{
	char line[128];

	if (*read_line("/sys/module/module/parameters/sig_enforce", line, sizeof(line)) == 'Y')
		return "module.sig_enforce";
	read_line("/sys/kernel/security/lockdown", line, sizeof(line));
	return *line && !strstr(line, "[none]") ? "lockdown" : "";
}

/* The list of keys that the kernel knows is not readable for every user. */
static int fail_signature(const struct module *module, const char *rule)
{
	if (!module->is_signed)
		return fail_system("the kernel takes only signed modules (%s), and %s is not "
				   "signed: " REBUILD " signs it, or says why it cannot",
				   rule, module->path, module->version, module->version);
	return fail_system("the kernel takes only modules whose signer it knows (%s), and did "
			   "not take %s, signed by \"%s\": run \"mokutil --import %s\", reboot, "
			   "and confirm the key",
			   rule, module->path,
			   *module->signer ? module->signer : "an unknown signer",
			   file_exists(MOK) ? MOK : "CERTIFICATE");
}

/* Prints why the kernel has not loaded the module that is installed for it. */
static int fail_not_loaded(const struct module *module)
{
	const char *rule = signature_rule();
	char line[16];

	if (*module->kernel && strcmp(module->kernel, module->release) != 0)
		return fail_system("%s is built for kernel %s, and %s runs: " REBUILD
				   " rebuilds it",
				   module->path, module->kernel, module->release,
				   module->version, module->version);
	if (*read_line("/proc/sys/kernel/modules_disabled", line, sizeof(line)) == '1')
		return fail_system("vdhcp is not loaded, and the kernel takes no more modules "
				   "until the next boot (kernel.modules_disabled)");
	if (module->blacklisted)
		return fail_system("vdhcp is blacklisted, in modprobe.d or on the kernel's "
				   "command line, so the kernel does not load it by itself; as "
				   "root, \"modprobe vdhcp\" loads it");
	if (*rule)
		return fail_signature(module, rule);
	return fail_system("vdhcp is not loaded, though %s is there; as root, \"modprobe vdhcp\" "
			   "loads it, or says why it cannot",
			   module->path);
}

/* A sandbox, such as that of vdhcp.service, may hide the modules. */
static bool are_modules_hidden(const char *release)
{
	return !kernel_has("/lib/modules/%s", release) && errno == EACCES;
}

/**
 * module_missing() - print why the kernel has no family, and what to do about it
 *
 * Return: STATUS_SYSTEM.
 */
int module_missing(void)
{
	struct module module;

	if (file_exists("/sys/module/" NAME))
		return fail_system("the module vdhcp is being loaded or unloaded, try again");
	find_module(&module);
	if (are_modules_hidden(module.release))
		return fail_system("vdhcp is not loaded; as root, \"modprobe vdhcp\" loads it, "
				   "or says why it cannot");
	return *module.path ? fail_not_loaded(&module) : fail_not_installed(&module);
}
