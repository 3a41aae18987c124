# SPDX-License-Identifier: GPL-2.0
#
# make vm CMD='...': the words of CMD go to bash in a VM as they were typed, and
# make ends as they did. run.sh does it and has the --help; gmk_exec.c says why
# make itself gives way to it. To be included by a Makefile that knows the goals
# "module" and "tools"; goals named in vm_deps are made first.

# CMD is for another shell: in the environment of its children, make would
# expand it.
unexport CMD

vm_dir := $(dir $(lastword $(MAKEFILE_LIST)))
vm_flags := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
vm_dry := $(foreach f,n q t,$(findstring $f,$(vm_flags)))

ifeq ($(MAKECMDGOALS)/$(filter load,$(.FEATURES))/$(strip $(vm_dry)),vm/load/)
# With -C, make announces its directory on stdout before anything it starts. It
# does not when it holds back the output of each line, which takes two jobs. (A
# $(shell) in the including Makefile would spoil it.)
MAKEFLAGS += --no-print-directory -Oline -j2

# When it is missing or old, make builds it and starts over.
vm_plugin := build/tools/gmk_exec.so
$(vm_plugin): $(vm_dir)gmk_exec.c | $(vm_deps)
	@mkdir -p $(@D)
	@$(or $(HOSTCC),cc) -O2 -Wall -Wextra -shared -fPIC -o $@.$$$$ $< && mv $@.$$$$ $@
-load $(vm_plugin)
vm_go = $(exec-program $(vm_dir)run.sh,CMD,KVER,VMLOAD,VMBUILD,VMSMP,VMMEM,VMTIMEOUT,VMDIR,VMAPPEND,VMKERNEL,VMMODS,VMTCG,VMICOUNT,VMCPU,VMNIC)
else
# Among other goals, or with a make that takes no plugins: all but the status.
vm: export VDHCP_CMD = $(value CMD)
vm: export KVER := $(KVER)
vm: $(vm_deps)
vm_go = $(vm_dir)run.sh
endif

.PHONY: vm
vm: ## boot a VM and run CMD='...' in it, see tests/vm/run.sh --help
	@$(vm_go)
