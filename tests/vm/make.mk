# SPDX-License-Identifier: GPL-2.0
#
# make vm CMD='...': bash in a VM runs the unexpanded text of CMD, and make exits with
# its status. See run.sh --help; gmk_exec.c explains why run.sh replaces make. The
# including Makefile has the goals "module" and "tools"; goals in vm_deps are made
# first.

# make would expand an exported CMD, which is meant for the shell in the VM.
unexport CMD

vm_dir := $(dir $(lastword $(MAKEFILE_LIST)))
vm_flags := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
vm_dry := $(foreach f,n q t,$(findstring $f,$(vm_flags)))

ifeq ($(MAKECMDGOALS)/$(filter load,$(.FEATURES))/$(strip $(vm_dry)),vm/load/)
# With -C, make prints its directory on stdout before it starts a command. It does
# not with -Oline, which requires two jobs. (A $(shell) in the including Makefile
# would make it print the directory nevertheless.)
MAKEFLAGS += --no-print-directory -Oline -j2

# If the plugin is missing or old, make builds it and starts again.
vm_plugin := build/tools/gmk_exec.so
$(vm_plugin): $(vm_dir)gmk_exec.c | $(vm_deps)
	@mkdir -p $(@D)
	@$(or $(HOSTCC),cc) -O2 -Wall -Wextra -shared -fPIC -o $@.$$$$ $< && mv $@.$$$$ $@
-load $(vm_plugin)
vm_go = $(exec-program $(vm_dir)run.sh,CMD,KVER,VMLOAD,VMBUILD,VMSMP,VMMEM,VMTIMEOUT,VMDIR,VMAPPEND,VMKERNEL,VMMODS,VMTCG,VMICOUNT,VMCPU,VMNIC)
else
# With other goals, or a make without plugins, only the exit status is lost.
vm: export VDHCP_CMD = $(value CMD)
vm: export KVER := $(KVER)
vm: $(vm_deps)
vm_go = $(vm_dir)run.sh
endif

.PHONY: vm
vm: ## boot a VM and run CMD='...' in it, see tests/vm/run.sh --help
	@$(vm_go)
