# rassist: one Makefile for everything. `make help` lists what there is.

# As many jobs as there are processors, unless somebody has said how many, or has named goals that
# must follow each other.
in_turn := $(if $(word 2,$(MAKECMDGOALS)),$(filter clean deps demo lint format check%,$(MAKECMDGOALS)))
ifeq ($(in_turn)$(filter -j% --jobs% --jobserver-%,$(MAKEFLAGS) $(shell echo "$$MAKEFLAGS")),)
MAKEFLAGS += -j$(shell nproc)
endif
# before a script that has makes of its own: they are told the number of jobs, and take none of this
# make's
apart = MAKEFLAGS='$(filter-out --jobserver-%,$(MAKEFLAGS))'

# ---- where things go (make install DESTDIR=…) ----------------------------------------------------
PREFIX      ?= /usr
SYSCONFDIR  ?= /etc
MULTIARCH   := $(shell $(CXX) -print-multiarch 2>/dev/null)
LIBDIR      ?= $(if $(wildcard /usr/lib/$(MULTIARCH)/security),$(PREFIX)/lib/$(MULTIARCH),$(PREFIX)/lib64)
PAMDIR      ?= $(LIBDIR)/security
LIBEXECDIR  ?= $(PREFIX)/libexec/rassist
BINDIR      ?= $(PREFIX)/bin
DATADIR     ?= $(PREFIX)/share/rassist
MANDIR      ?= $(PREFIX)/share/man
UNITDIR     ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
CATALOGDIR  ?= $(PREFIX)/lib/systemd/catalog
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
PRESETDIR   ?= $(PREFIX)/lib/systemd/system-preset
COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
SELINUXTYPE ?= targeted
SELINUXDIR  ?= $(PREFIX)/share/selinux/packages/$(SELINUXTYPE)

# ---- how things are built ------------------------------------------------------------------------
# SANITIZE=1 builds the same sources under ASan and UBSan, beside the others.
O         ?= build/$(if $(SANITIZE),asan,release)
# a warning that a newer compiler brings stops nobody from packaging
WERROR    ?= -Werror
# -g1: a backtrace names its lines. What a debugger wants beyond that, distributions ask for by
# flags of their own
CXXFLAGS  ?= $(if $(SANITIZE),-O0,-O2) -g1
# a distribution's flags, where it gives some, stay: what follows is needed, or adds to them
FORTIFY   := $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CXXFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
override CXXFLAGS += -std=c++20 -fPIC -fvisibility=hidden -Wall -Wextra -Wpedantic -Wshadow \
    -Wconversion -Wno-sign-conversion -Wswitch-enum -Wformat=2 $(WERROR)
override CPPFLAGS += -I. -MMD -MP -D_FILE_OFFSET_BITS=64
override LDFLAGS  += -Wl,--as-needed -Wl,-z,relro,-z,now -Wl,-z,noexecstack
ifdef SANITIZE
override CXXFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
override LDFLAGS  += -fsanitize=address,undefined
STATIC_CXX :=
else
override CPPFLAGS += $(FORTIFY) -D_GLIBCXX_ASSERTIONS
override CXXFLAGS += -fstack-protector-strong -fstack-clash-protection $(shell $(CXX) -fcf-protection -E -x c /dev/null >/dev/null 2>&1 && echo -fcf-protection)
# sshd's helper and module bring no C++ runtime of their own into other processes
STATIC_CXX := -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL
endif

sources = $(sort $(shell find $(1) -name "*.cpp"))
objects = $(patsubst %.cpp,$(O)/%.o,$(1))
entries = $(filter %main.cpp %entry.cpp,$(call sources,$(1)))
parts   = $(filter-out %main.cpp %entry.cpp,$(call sources,$(1)))

COMMON   := $(O)/libcommon.a
PRODUCTS := authkeys_cmd pam_rassist rassist-agent relay guard window rassist
LIBEXEC  := authkeys enroll hold desk probe guard rassist-agent window
PROGRAMS := $(addprefix $(O)/bin/,$(LIBEXEC) rassist)
SHARED   := $(O)/lib/pam_rassist.so $(O)/lib/libnss_rassist.so.2

.PHONY: all
all: $(PROGRAMS) $(SHARED)

# The standard headers that most files include take longer to read than the files: they are read
# once (PCH= reads them each time). A file names what it needs all the same: `make lint` reads each
# without this.
PCH := yes
precompiled = $(O)/$(if $(filter tests/unit/%,$(1)),tests/unit,common/base)/standard.hpp
# GCC 12 takes what is inlined out of precompiled headers for our own code, and warns of libstdc++'s
# strings
read_once = $(if $(PCH),-include $(call precompiled,$(1)) \
    -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow -Wno-restrict)
$(O)/%/standard.hpp.gch: %/standard.hpp
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -x c++-header $< -o $@

.PRECIOUS: $(O)/%/standard.hpp.gch
.SECONDEXPANSION:
$(O)/%.o: %.cpp $$(if $$(PCH),$$(call precompiled,$$*).gch)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) $(call read_once,$*) -c $< -o $@

$(COMMON): $(call objects,$(call sources,common))
	@rm -f $@
	$(AR) rcs $@ $^

# A product's parts are an archive: each of its programs takes what it needs, and no library that
# only another one needs.
define archive
$(O)/lib$(1).a: $(call objects,$(call parts,$(1)))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach p,$(filter-out pam_rassist,$(PRODUCTS)),$(eval $(call archive,$(p))))

# program: folder, its entry, libraries
define program
$(O)/bin/$(1): $(call objects,$(3)) $(O)/lib$(2).a $(COMMON)
	@mkdir -p $$(@D)
	$$(CXX) $$(CXXFLAGS) -pie $$(LDFLAGS) $$(filter %.o %.a,$$^) $(4) -o $$@
endef
$(eval $(call program,authkeys,authkeys_cmd,authkeys_cmd/main.cpp,$(STATIC_CXX) -linih))
$(eval $(call program,rassist-agent,rassist-agent,rassist-agent/main.cpp,-lsystemd -lcrypto -linih))
$(eval $(call program,window,window,window/main.cpp,-lsystemd -lcrypto -linih))
$(eval $(call program,rassist,rassist,rassist/frame/main.cpp,-lsystemd -lcrypto -linih -ljansson))
$(eval $(call program,enroll,relay,relay/enroll_main.cpp,-lcrypto -linih))
# one for each tunnel: what it loads costs the relay memory each time
$(eval $(call program,hold,relay,relay/hold_main.cpp,$(STATIC_CXX) -linih))
$(eval $(call program,probe,relay,relay/probe_main.cpp,-linih))
$(eval $(call program,desk,relay,relay/desk_main.cpp,-linih -ljansson))
$(eval $(call program,guard,guard,guard/main.cpp,-linih))

$(O)/lib/pam_rassist.so: $(call objects,$(call sources,pam_rassist)) $(COMMON) pam_rassist/exports.map
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -shared $(LDFLAGS) $(STATIC_CXX) -Wl,--version-script=pam_rassist/exports.map -Wl,-z,defs $(filter %.o,$^) $(COMMON) -lpam -lcrypto -linih -o $@

# loaded into every process that resolves a name: libc alone, no C++ runtime
$(O)/lib/libnss_rassist.so.2: nss_rassist/entry.cpp nss_rassist/exports.map
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -fno-exceptions -fno-rtti -fno-threadsafe-statics $(if $(SANITIZE),,-nodefaultlibs) -shared $(LDFLAGS) \
	    -Wl,--version-script=nss_rassist/exports.map -Wl,-soname,libnss_rassist.so.2 $(if $(SANITIZE),,-Wl$(comma)-z$(comma)defs) $< $(if $(SANITIZE),,-lc) -MF $(O)/nss_rassist.d -MT $@ -o $@
comma := ,

# ---- what is needed ------------------------------------------------------------------------------
.PHONY: deps
deps: ; tests/deps

# ---- install -------------------------------------------------------------------------------------
# One part a package: rpm/rassist.spec and debian/rules install each part by itself, and what lands
# there is the package's file list. (The policy of SELinux has a part of its own, install-selinux,
# for distributions that have one: SELINUXTYPE is its name.)
PARTS   := common device relay support
INSTALL := install
put = $(if $(strip $(3)),$(INSTALL) -d $(DESTDIR)$(2) && $(INSTALL) -m $(1) $(3) $(DESTDIR)$(2)/,true)
units = $(wildcard $(foreach name,$(1),systemd/rassist-$(name).*))
.PHONY: install $(PARTS:%=install-%) install-selinux
install: $(PARTS:%=install-%)

install-common: all
	$(call put,0755,$(BINDIR),$(O)/bin/rassist)
	$(call put,0755,$(LIBEXECDIR),$(O)/bin/authkeys install/wire sshd/link-9.8)
	$(call put,0755,$(PAMDIR),$(O)/lib/pam_rassist.so)
	$(call put,0644,$(CATALOGDIR),systemd/catalog/rassist.catalog)
	$(INSTALL) -d -m 0755 $(DESTDIR)$(SYSCONFDIR)/rassist/rassist.conf.d
	[ -e $(DESTDIR)$(SYSCONFDIR)/rassist/rassist.conf ] || $(INSTALL) -m 0644 sshd/rassist.conf.sample $(DESTDIR)$(SYSCONFDIR)/rassist/rassist.conf
	for section in 1 5 7 8; do $(INSTALL) -d $(DESTDIR)$(MANDIR)/man$$section && $(INSTALL) -m 0644 man/*.$$section $(DESTDIR)$(MANDIR)/man$$section/; done
	$(INSTALL) -d $(DESTDIR)$(COMPLETIONS) && $(INSTALL) -m 0644 rassist/frame/completion.bash $(DESTDIR)$(COMPLETIONS)/rassist

install-device: all
	$(call put,0755,$(LIBEXECDIR),$(addprefix $(O)/bin/,rassist-agent window))
	ln -sf $(PREFIX)/sbin/sshd $(DESTDIR)$(LIBEXECDIR)/rassist-login
	$(call put,0644,$(UNITDIR),$(call units,agent deadline@ login login@ sweep tunnel))
	# the sweep after a power cut needs no enabling: it runs where a window was left open, and does
	# nothing elsewhere
	$(INSTALL) -d $(DESTDIR)$(UNITDIR)/multi-user.target.wants && ln -sf ../rassist-sweep.service $(DESTDIR)$(UNITDIR)/multi-user.target.wants/rassist-sweep.service
	$(call put,0644,$(SYSUSERSDIR),systemd/sysusers.d/rassist-device.conf)
	$(call put,0644,$(TMPFILESDIR),systemd/tmpfiles.d/rassist-device.conf)
	$(call put,0644,$(DATADIR)/sshd,sshd/device.conf sshd/device-9.8.conf sshd/agent_ssh.conf)
	$(call put,0644,$(SYSCONFDIR)/pam.d,sshd/pam.d/rassist-login)
	$(INSTALL) -d -m 0750 $(DESTDIR)$(SYSCONFDIR)/sudoers.d && $(INSTALL) -m 0440 sshd/sudoers $(DESTDIR)$(SYSCONFDIR)/sudoers.d/rassist
	$(call put,0644,$(SYSCONFDIR)/needrestart/conf.d,install/needrestart/rassist-device.conf)

install-relay: all
	$(call put,0755,$(LIBEXECDIR),$(addprefix $(O)/bin/,enroll hold desk probe guard))
	ln -sf $(PREFIX)/sbin/sshd $(DESTDIR)$(LIBEXECDIR)/rassist-relay
	$(call put,0755,$(LIBDIR),$(O)/lib/libnss_rassist.so.2)
	$(call put,0644,$(UNITDIR),$(call units,relay guard guard-reload enforce everybody privsep tidy))
	$(call put,0644,$(PRESETDIR),systemd/preset/90-rassist-relay.preset)
	$(call put,0644,$(SYSUSERSDIR),systemd/sysusers.d/rassist-relay.conf)
	$(call put,0644,$(TMPFILESDIR),systemd/tmpfiles.d/rassist-relay.conf)
	$(call put,0644,$(DATADIR)/sshd,sshd/relay.conf sshd/relay-9.8.conf sshd/guard.nft)
	$(call put,0644,$(SYSCONFDIR)/pam.d,sshd/pam.d/rassist-relay)
	$(call put,0644,$(SYSCONFDIR)/needrestart/conf.d,install/needrestart/rassist-relay.conf)

install-support: all
	$(call put,0644,$(SYSCONFDIR)/ssh/ssh_config.d,sshd/ssh_config.d/50-rassist.conf)

install-selinux: selinux
	$(call put,0644,$(SELINUXDIR),build/selinux/rassist.pp.bz2 selinux/rassist_ports.cil)

# ---- packages ------------------------------------------------------------------------------------
# From what is in this tree, into build/; install/packages says what CHECK, QUICK and FRESH do.
# DIST: what stands behind the release number, so that one build upgrades another.
.PHONY: rpm deb
rpm deb: all
	$(apart) install/packages $@ $(O)

# ---- the policy module for SELinux ---------------------------------------------------------------
SELINUX_DEVEL ?= /usr/share/selinux/devel/Makefile
.PHONY: selinux
selinux: build/selinux/rassist.pp.bz2
build/selinux/rassist.pp.bz2: $(wildcard selinux/rassist*)
	@rm -rf $(@D) && mkdir -p $(@D) && cp selinux/rassist.* $(@D)/
	$(MAKE) -C $(@D) -f $(SELINUX_DEVEL) rassist.pp
	bzip2 -k $(@D)/rassist.pp

# ---- tests ---------------------------------------------------------------------------------------
UNIT := $(O)/unit_tests
UNIT_SOURCES ?= $(call sources,tests/unit)
$(UNIT): $(call objects,$(UNIT_SOURCES) $(foreach p,$(PRODUCTS),$(call parts,$(p)))) $(COMMON)
	$(CXX) $(CXXFLAGS) $(LDFLAGS) $(filter %.o,$^) $(COMMON) -lgtest -lgtest_main -lgmock -lpam -lsystemd -lcrypto -linih -ljansson -lpthread -o $@

.PHONY: check check-unit check-tree check-module check-packages check-lab check-vm check-selinux demo
check: deps
	$(apart) tests/check
check-unit:
	$(MAKE) SANITIZE=1 unit-run
check-tree: all
	tests/tree/run
check-module: all
	$(apart) tests/module/run
check-packages: all
	$(apart) tests/package/run
check-lab: all
	$(apart) tests/lab/check
# 77: skipped, and it has said why
check-vm: all
	$(apart) tests/vm/run clock || [ $$? -eq 77 ]
check-selinux: all
	$(apart) tests/vm/run selinux || [ $$? -eq 77 ]
# `all` only once its compiler is there
demo: deps
	$(MAKE) all
	$(apart) tests/lab/lab demo demo

# as many processes as make has jobs
.PHONY: unit-run
unit-run: $(UNIT)
	SHARDS=$(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))) tests/unit/run $(UNIT) '$(FILTER)'

# ---- care ----------------------------------------------------------------------------------------
CXX_FILES = $(shell git ls-files -co --exclude-standard '*.cpp' '*.hpp')
.PHONY: lint format clean help
lint:
	clang-format --dry-run -Werror $(CXX_FILES)
	tests/tree/tidy
format: ; clang-format -i $(CXX_FILES)
clean: ; rm -rf build
help:
	@echo 'make            build                      make check        install what is needed, run all tests'
	@echo 'make deps       install what is needed     make check-unit   check-tree, -module, -lab, -vm, -selinux: parts of it'
	@echo 'make install    DESTDIR=…                  make rpm, deb     packages, in build/rpm and build/deb'
	@echo 'make demo       the story on three booted systems; KEEP=1 leaves them up'
	@echo 'make selinux    the policy module, in build/selinux'
	@echo 'make lint       clang-tidy, format check   make format       clang-format'

-include $(shell find $(O) -name '*.d' 2>/dev/null)
