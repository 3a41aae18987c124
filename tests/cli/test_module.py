# SPDX-License-Identifier: GPL-2.0
"""Tests of what vdhcpctl says when there is no module, or another than its own."""
import os
import struct
import subprocess
import tempfile

from fakekernel import Kernel, run
from suite import check, main, test

RELEASE = "6.1.0-99-amd64"
DKMS = "updates/dkms/vdhcp.ko"
LOCKDOWN = "/sys/kernel/security/lockdown"
ENFORCE = "/sys/module/module/parameters/sig_enforce"
REBUILD = '"dkms build --force vdhcp/1.2.3 && dkms install --force vdhcp/1.2.3"'
SWITCH = '"vdhcpctl dump >FILE && modprobe -r vdhcp && modprobe vdhcp && vdhcpctl sync FILE"'


def module_file(version="1.2.3", release=RELEASE, signer=None):
    """As much of a module as modinfo looks at, which in an object file is one section."""
    info = b"".join(line.encode() + b"\0" for line in (
        "version=" + version, "license=GPL", "name=vdhcp",
        "vermagic=%s SMP preempt mod_unload " % release))
    names = b"\0.modinfo\0.shstrtab\0"
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64 + len(info) + len(names), 0, 64, 0, 0, 64, 3, 2)

    def section(name, kind, offset, size):
        return struct.pack("<IIQQQQIIQQ", name, kind, 0, 0, offset, size, 0, 0, 1, 0)
    elf = header + info + names + bytes(64) + section(1, 1, 64, len(info)) + \
        section(10, 3, 64 + len(info), len(names))
    if signer:
        # The old way, in which the name stands as it is: algorithm, hash, X.509.
        name, key, made = signer.encode(), b"k" * 20, b"s" * 16
        elf += name + key + made + struct.pack(">BBBBBxxxI", 1, 4, 1, len(name), len(key),
                                               len(made)) + b"~Module signature appended~\n"
    return elf


class Machine:
    """A directory that stands for "/"; nothing of vdhcp is there to begin with."""

    def __init__(self, root, release=RELEASE):
        self.root, self.release = root, release

    def file(self, path, data=""):
        path = self.root + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def headers(self, config="CONFIG_NETFILTER_INGRESS=y\n"):
        self.file("/lib/modules/%s/build/Makefile" % self.release)
        self.file("/lib/modules/%s/build/.config" % self.release, config)

    def modules(self, name="modules.builtin", data="", release=None):
        """For a kernel: one file, and depmod's lists of what is there."""
        release = release or self.release
        self.file("/lib/modules/%s/%s" % (release, name), data)
        for name in ("order", "builtin", "builtin.modinfo"):
            self.file("/lib/modules/%s/modules.%s" % (release, name))
        subprocess.run(["/sbin/depmod", "-b", self.root, release], check=True)

    def run(self, ctl, words, kernel=None):
        got = run(ctl, words, kernel, env={"VDHCPCTL_TEST_ROOT": self.root,
                                           "VDHCPCTL_TEST_RELEASE": self.release})
        got.err = got.err.replace(self.root, "")
        return got


def debian(machine):
    machine.file("/etc/debian_version")


def dkms(machine):
    """The package, on Debian."""
    debian(machine)
    machine.file("/usr/src/vdhcp-1.2.3/dkms.conf")


def case_no_directory(machine):
    dkms(machine)
    return ("there is no /lib/modules/%s for the running kernel: boot a kernel that is installed, or "
            'if this is a container, run "modprobe vdhcp" on its host' % RELEASE)


def case_headers(machine):
    dkms(machine)
    machine.modules()
    return ('no vdhcp module for kernel %s: its headers are missing; run "apt-get install '
            'linux-headers-%s", then "dkms autoinstall"' % (RELEASE, RELEASE))


def case_headers_gone(machine):
    """What is left when the package of the headers was removed, but not the kernel's."""
    message = case_headers(machine)
    os.symlink("/usr/src/gone", machine.root + "/lib/modules/%s/build" % RELEASE)
    return message


def case_other_kernel(machine):
    machine.modules(DKMS, module_file(release="6.1.0-98-amd64"), release="6.1.0-98-amd64")
    return case_headers(machine).replace(": its", ", but for 6.1.0-98-amd64: its")


def case_headers_elsewhere(machine):
    machine.file("/var/lib/dkms/vdhcp/1.2.3/source")
    machine.modules()
    return ('no vdhcp module for kernel %s: its headers are missing; run "dnf install '
            'kernel-devel-%s", then "dkms autoinstall"' % (RELEASE, RELEASE))


def case_no_package(machine):
    debian(machine)
    machine.modules()
    return ("no vdhcp module for kernel %s: install the package vdhcp-dkms and linux-headers-%s"
            % (RELEASE, RELEASE))


def case_no_package_elsewhere(machine):
    machine.modules()
    return ("no vdhcp module for kernel %s: install the package vdhcp-dkms and kernel-devel-%s"
            % (RELEASE, RELEASE))


def case_not_built(machine):
    dkms(machine)
    machine.headers()
    machine.modules()
    return ('no vdhcp module for kernel %s: DKMS has not built it; "dkms autoinstall" builds it, or '
            "says why it cannot" % RELEASE)


def case_too_old(machine):
    machine.release = "5.9.0-1-amd64"
    dkms(machine)
    machine.modules()
    return "kernel 5.9.0-1-amd64 is too old for vdhcp, which needs 5.10 or later"


def case_just_new_enough(machine):
    machine.release = "5.10.0-1-amd64"
    return case_headers(machine).replace(RELEASE, machine.release)


def case_without_ingress(machine):
    dkms(machine)
    machine.modules()
    machine.file("/boot/config-" + RELEASE, "# CONFIG_NETFILTER_INGRESS is not set\n")
    return ("kernel %s is built without CONFIG_NETFILTER_INGRESS, which vdhcp needs: boot another kernel"
            % RELEASE)


def case_headers_without_ingress(machine):
    machine.headers("CONFIG_NET=y\n")
    machine.modules()
    return ("kernel %s is built without CONFIG_NETFILTER_INGRESS, which vdhcp needs: boot another kernel"
            % RELEASE)


def case_wrong_vermagic(machine):
    machine.modules(DKMS, module_file(release="6.1.0-98-amd64"))
    return ("/lib/modules/%s/%s is built for kernel 6.1.0-98-amd64, and %s runs: %s rebuilds it"
            % (RELEASE, DKMS, RELEASE, REBUILD))


def case_not_loaded(machine):
    machine.modules(DKMS, module_file())
    machine.file(LOCKDOWN, "[none] integrity confidentiality\n")
    machine.file(ENFORCE, "N\n")
    return ('vdhcp is not loaded, though /lib/modules/%s/%s is there; as root, "modprobe vdhcp" '
            "loads it, or says why it cannot" % (RELEASE, DKMS))


def case_blacklisted(machine):
    case_not_loaded(machine)
    machine.file("/etc/modprobe.d/no.conf", "blacklist vdhcp\n")
    return ("vdhcp is blacklisted, in modprobe.d or on the kernel's command line, so the kernel "
            'does not load it by itself; as root, "modprobe vdhcp" loads it')


def case_no_more_modules(machine):
    case_blacklisted(machine)
    machine.file("/proc/sys/kernel/modules_disabled", "1\n")
    return ("vdhcp is not loaded, and the kernel takes no more modules until the next boot "
            "(kernel.modules_disabled)")


def case_unsigned(machine):
    machine.modules(DKMS, module_file())
    machine.file(LOCKDOWN, "none [integrity] confidentiality\n")
    return ("the kernel takes only signed modules (lockdown), and /lib/modules/%s/%s is not signed: "
            "%s signs it, or says why it cannot" % (RELEASE, DKMS, REBUILD))


def case_unsigned_enforced(machine):
    machine.modules(DKMS, module_file())
    machine.file(LOCKDOWN, "[none] integrity confidentiality\n")
    machine.file(ENFORCE, "Y\n")
    return case_unsigned(machine).replace("(lockdown)", "(module.sig_enforce)")


def case_unknown_key(machine):
    machine.modules(DKMS, module_file(signer="DKMS module signing key"))
    machine.file(LOCKDOWN, "none [integrity] confidentiality\n")
    machine.file("/var/lib/dkms/mok.pub")
    return ("the kernel takes only modules whose signer it knows (lockdown), and did not take "
            '/lib/modules/%s/%s, signed by "DKMS module signing key": run "mokutil --import '
            '/var/lib/dkms/mok.pub", reboot, and confirm the key' % (RELEASE, DKMS))


def case_unknown_key_of_another(machine):
    message = case_unknown_key(machine)
    machine.modules(DKMS, module_file(signer="Example Ltd"))
    os.unlink(machine.root + "/var/lib/dkms/mok.pub")
    return message.replace("DKMS module signing key", "Example Ltd").replace(
        "/var/lib/dkms/mok.pub", "CERTIFICATE")


def case_coming(machine):
    case_headers(machine)
    machine.file("/sys/module/vdhcp/initstate", "coming\n")
    return "the module vdhcp is being loaded or unloaded, try again"


@test
def no_module(ctl):
    kernel = Kernel()
    kernel.family = False
    for case in [value for name, value in sorted(globals().items()) if name.startswith("case_")]:
        with tempfile.TemporaryDirectory() as root:
            machine = Machine(root)
            message = "Error: %s.\n" % case(machine)
            for words in (["port", "show"], ["version"], ["monitor"]):
                got = machine.run(ctl, words, kernel)
                check("%s: %s" % (case.__name__, words), (got.status, got.err), (2, message))


@test
def other_version(ctl):
    def kernel(version):
        module = Kernel()
        module.info = [("version", version), ("abi", 2)]
        return module
    with tempfile.TemporaryDirectory() as root:
        machine = Machine(root)
        for loaded, installed, words, message in (
                ("1.2.2", None, "subnet", "vdhcpctl is version 1.2.3 and the module is version "
                 "1.2.2; install vdhcp-tools and vdhcp-dkms of one version"),
                ("1.2.2", "1.2.2", "subnet", "vdhcpctl is version 1.2.3 and the module is version "
                 "1.2.2; install vdhcp-tools and vdhcp-dkms of one version"),
                ("1.2.2", "1.2.3", "subnet", "vdhcpctl is version 1.2.3 and the module is version "
                 "1.2.2; 1.2.3 is installed, switch to it: " + SWITCH),
                ("1.2.2", "1.2.3", "version", "vdhcpctl is version 1.2.3 and the module is version "
                 "1.2.2; 1.2.3 is installed, switch to it: " + SWITCH),
                ("1.2.3", "1.2.4", "version", "the module is version 1.2.3, and 1.2.4 is "
                 "installed; switch to it: " + SWITCH),
                ("1.2.3", "1.2.4", "subnet", None),
                ("1.2.3", "1.2.3", "version", None)):
            if installed:
                machine.modules(DKMS, module_file(installed))
            got = machine.run(ctl, words.split(), kernel(loaded))
            check("%s loaded, %s installed: %s" % (loaded, installed, words),
                  (got.status, got.err), (0, "Warning: %s.\n" % message if message else ""))


class Older(Kernel):
    """A module that lacks commands, which the core of genetlink then refuses."""

    info = [("version", "1.2.2"), ("abi", 2), ("generation", 1)]

    def answer(self, req):
        return [req.done(err=95)] if req.dump else [req.ack(95)]


@test
def older(ctl):
    message = ("Error: the loaded module is version 1.2.2 and does not know this request of "
               "vdhcpctl 1.2.3; load the module of the same version.\n")
    lines = b"port add tap0 mode deny\nport add tap1 mode deny\n"
    for words in ("flush", "port show", "port show tap0", "port add tap0 mode deny", "stats",
                  "dump", "sync -", "-batch -"):
        got = run(ctl, words.split(), Older(), stdin=lines if "batch" in words else b"{}")
        check(words, (got.status, got.err.count(message)), (2, 1))
        check(words + ": no more than that", got.err.count("Error"), 1)
    same = Older()
    same.info = [("version", "1.2.3"), ("abi", 2), ("generation", 1)]
    got = run(ctl, ["flush"], same)
    check("the same version", (got.status, got.err),
          (2, "Error: vdhcp: Operation not supported.\n"))


main()
