# SPDX-License-Identifier: GPL-2.0
#
# `make help` lists the verbs. All results go below build/.

# Recipes are silent, so that `make vm` prints what its command prints.
ifndef V
MAKEFLAGS += --no-print-directory
Q := @
endif

.DEFAULT_GOAL := all
VERSION := $(shell sed -n 's/^VDHCP_VERSION ?= //p' Kbuild)

# The kernel to build against: KVER is a version or the beginning of one (6.1,
# 6.12), by default the newest kernel that has headers installed. The headers of
# another kernel are fetched from Debian and unpacked outside of the checkout.
ifndef KDIR
ifndef KVER
KVER := $(shell ls -d /lib/modules/*/build 2>/dev/null | cut -d/ -f4 | sort -V | tail -n 1)
endif
ifneq ($(wildcard /lib/modules/$(KVER)/build/Makefile),)
KDIR := /lib/modules/$(KVER)/build
else ifneq ($(KVER),)
override KVER := $(shell tests/vm/kernel.sh --kver $(KVER))
KDIR = $(shell tests/vm/kernel.sh --kdir $(KVER))
endif
endif

ko := build/ko/$(or $(KVER),custom)
module-src := Kbuild $(wildcard kmod/*.[ch] kmod/engine/*.[ch] kmod/compat/*/*.h \
	uapi/*.h uapi/linux/*.h)

.PHONY: all
all: module tools

.PHONY: help
help: ## list the verbs, and the minutes that tests take on two idle processors
	$(Q)echo "Verbs (variables: KVER= kernel version, KDIR= kernel build tree, V=1 verbose):"
	$(Q){ tests/check.sh --costs; sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile tests/vm/make.mk | sort; } | \
		awk -F '\t' 'NF == 3 { cost[$$1] = " (" $$3 ")"; next } \
			{ printf "  %-16s%s%s\n", $$1, $$2, cost[$$1] }'

.PHONY: module
module: $(ko)/vdhcp.ko ## build vdhcp.ko for one kernel

# kbuild writes next to the sources, so each kernel has its own copy of them. KDIR may
# change to another build of the same version, so the module depends on its config, too.
$(ko)/vdhcp.ko: $(module-src) \
		$(if $(findstring command,$(origin KDIR)),$(wildcard $(KDIR)/include/generated/autoconf.h))
	$(Q)[ -n "$(KDIR)" ] || { echo "No kernel headers; install linux-headers-amd64 or" \
		"give KVER= or KDIR=." >&2; exit 1; }
	$(Q)mkdir -p $(ko)
	$(Q)cp -pu --parents $(module-src) $(ko)
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/$(ko) VDHCP_VERSION=$(VERSION) modules
	$(Q)touch $@

.PHONY: tools
tools: ## build vdhcpctl
	$(Q)$(MAKE) -C tools O=$(CURDIR)/build/tools VERSION=$(VERSION)

PREFIX ?= /usr

# Without the module, because DKMS builds it again for each new kernel. The unit
# is installed but not enabled, and systemd is not reloaded.
.PHONY: install
install: tools ## install vdhcpctl, its pages, completion and unit, and the interface (DESTDIR, PREFIX)
	$(Q)install -Dm755 build/tools/vdhcpctl $(DESTDIR)$(PREFIX)/sbin/vdhcpctl
	$(Q)install -Dm644 tools/man/vdhcpctl.8 $(DESTDIR)$(PREFIX)/share/man/man8/vdhcpctl.8
	$(Q)install -Dm644 tools/man/vdhcp-verdicts.7 $(DESTDIR)$(PREFIX)/share/man/man7/vdhcp-verdicts.7
	$(Q)install -Dm644 tools/man/vdhcp.json.5 $(DESTDIR)$(PREFIX)/share/man/man5/vdhcp.json.5
	$(Q)install -Dm644 tools/completion/vdhcpctl \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/vdhcpctl
	$(Q)install -Dm644 uapi/vdhcp.yaml $(DESTDIR)$(PREFIX)/share/ynl/specs/vdhcp.yaml
	$(Q)install -Dm644 uapi/vdhcp.schema.json \
		$(DESTDIR)$(PREFIX)/share/vdhcp/vdhcp.schema.json
	$(Q)install -Dm644 packaging/systemd/vdhcp.service $(DESTDIR)$(PREFIX)/lib/systemd/system/vdhcp.service
	$(Q)sed -i 's|/usr/sbin/vdhcpctl|$(PREFIX)/sbin/vdhcpctl|' \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/vdhcp.service

# DKMS builds from these files: the module and its headers, nothing else.
dkms-dir = $(DESTDIR)/usr/src/vdhcp-$(VERSION)
.PHONY: dkms-source
dkms-source:
	$(Q)rm -rf $(dkms-dir)
	$(Q)for file in $(module-src); do \
		install -Dm644 $$file $(dkms-dir)/$$file || exit; done
	$(Q)sed 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="$(VERSION)"/' dkms.conf >$(dkms-dir)/dkms.conf
	$(Q)chmod 644 $(dkms-dir)/dkms.conf

# For the running kernel unless KVER is given. DKMS itself builds for later
# kernels, when they are installed.
.PHONY: dkms-install dkms-remove
dkms-install: ## build and install the module by DKMS, for this kernel (KVER) and later ones
dkms-remove: ## remove the module that dkms-install installed
dkms-install dkms-remove: dkms-%:
	$(Q)packaging/dkms.sh $* $(VERSION) $(if $(filter file,$(origin KVER)),,$(KVER))

.PHONY: deb
deb: deps-deb ## build the Debian packages, into build/deb
	$(Q)packaging/debian/build.sh build/deb

.PHONY: gen
gen: ## generate files again from uapi/*.yaml
	$(Q)/usr/bin/python3 uapi/gen.py

.PHONY: deps-build deps-vm deps-demo deps-deb deps-packages deps-check deps-matrix
deps-build deps-vm deps-demo deps-deb deps-packages deps-check deps-matrix: deps-%:
	$(Q)tests/deps.sh $*

# Dependencies of `make vm`.
vm_deps := deps-vm
include tests/vm/make.mk

.PHONY: demo
demo: deps-demo ## show two bridges, two clients, and their leases from the kernel
	$(Q)tests/demo/run.sh

.PHONY: check check-all check-ci
check: deps-check ## the tests to run before a commit: engine, lint, KUnit, vdhcpctl, stories on 6.1
	$(Q)tests/check.sh
check-all: deps-check deps-matrix ## all tests
	$(Q)tests/check.sh --all
check-ci: deps-check deps-matrix ## make check, the stories on 6.12, builds for 5.10 and the newest kernel, and what fits into 75 min
	$(Q)tests/check.sh --ci

.PHONY: coverage
coverage: deps-check ## line coverage of the engine by the golden vectors
	$(Q)$(MAKE) -C tests/engine O=$(CURDIR)/build/engine coverage

.PHONY: check-lint check-static check-tools check-packages check-engine check-fuzz check-kunit \
	check-in-tree check-e2e check-systemd check-cost record-cost check-stress check-debug
check-lint: ## sparse, checkpatch, W=1 -Werror, clang-tidy, shellcheck
	$(Q)tests/lint.sh
check-static: deps-check ## analyzers, semantic patches, stack and work of the packet path, MSan
	$(Q)tests/static.sh
check-tools: ## vdhcpctl without a kernel
	$(Q)tests/cli/run.sh
check-packages: deps-packages ## Debian packages, DKMS and the RPM spec, in an overlay over this machine
	$(Q)tests/packages/run.sh
check-engine: ## golden vectors and unit tests in user space, ASan and UBSan
	$(Q)$(MAKE) -C tests/engine O=$(CURDIR)/build/engine check
check-fuzz: ## kept fuzzer inputs, and libFuzzer for FUZZ_SECONDS (60)
	$(Q)$(MAKE) -C tests/engine O=$(CURDIR)/build/engine fuzz-smoke
check-kunit: ## KUnit under User-Mode Linux with KASAN
	$(Q)tests/kunit/run.sh
SOURCE ?= 6.1
check-in-tree: deps-check ## the module and its KUnit tests within a kernel source (SOURCE=6.1), as a kernel CI has them
	$(Q)tests/kunit/check-tree.sh $(SOURCE)
check-e2e: ## real clients behind real taps, in the VM
	$(Q)tests/e2e/run.sh
check-systemd: ## the systemd unit, and a boot with it in the VM
	$(Q)tests/systemd/run.sh
check-cost: ## instructions that requests and other frames cost the host, in two VMs
	$(Q)tests/cost/run.sh
record-cost: ## write tests/cost/figures, which check-cost compares with
	$(Q)tests/cost/run.sh --record
check-stress: ## random frames, changes and devices, for STRESS_SECONDS (60) per part, in the VM
	$(Q)tests/stress/run.sh
check-debug: deps-check ## stories and stress on kernels with KASAN, lockdep, kmemleak and KCSAN, in VMs
	$(Q)tests/debug/run.sh

.PHONY: fuzz fuzz-corpus
fuzz: deps-check ## libFuzzer on all processors for FUZZ_SECONDS (3600), and its coverage
	$(Q)$(MAKE) -C tests/engine O=$(CURDIR)/build/engine fuzz
fuzz-corpus: deps-check ## add fuzzer inputs that reach more code to tests/corpus
	$(Q)$(MAKE) -C tests/engine O=$(CURDIR)/build/engine fuzz-corpus

.PHONY: matrix
matrix: deps-matrix ## build and run the stories on 5.10, 6.1, 6.12 and the newest kernel
	$(Q)tests/matrix.sh

.PHONY: bench-control bench-abuse
bench-control: deps-check ## speed of the control plane and memory of a port, in the VM
	$(Q)tests/bench/control.sh
bench-abuse: deps-check ## cost of a flooding guest for another guest and for the host, in the VM
	$(Q)tests/bench/abuse.sh

.PHONY: clean
clean: ## remove build/
	$(Q)rm -rf build
