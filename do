#!/usr/bin/env bash
# One script, one verb. ./do help lists them.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
ROOT=$PWD
CACHE=$ROOT/.cache
ARTIFACTS=$ROOT/artifacts
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
mkdir -p "$CACHE" "$ARTIFACTS"

say() { printf '%s\n' "$*" >&2; }
fail() { say "do: $*"; exit 1; }

help() {
    cat <<'TEXT'
usage: ./do VERB

  setup     install what building, tests and the lab need (Debian packages), ask nothing
  build     publish artifacts/spindled, spindled-tls, spindle and spindle-sim (NativeAOT), no warning allowed
  test      everything: both frameworks, executables, fuzz seeds, scenarios; last line "N passed, N failed"
  demo      a cable goes in and connmanctl says online: the story with times, then cleaned up
  lab       a shell inside the lab: a client and a network in namespaces of their own
  bench     bench connman: measure against Debian's connmand in the same lab (--write: into docs/performance.md)
            bench loop: the event loop against C: epoll, io_uring, libuv, libevent, libev, sd-event, GLib (--write)
            bench rpc: the libvirt door against Debian's libvirtd: calls, idle clients, a burst of slow calls, memory (--write)
            bench simulation: waits of the simulated epoll, and what the seam to the kernel costs (--write)
            bench io-models: threads, select, poll, signals, epoll, io_uring, workers: the same work (--long, --write)
  fuzz      fuzz epoll [--sequences N] [--seed S] [--kind K]: the simulated kernel against the running one
            fuzz netlink [--sequences N] [--seed S]: its route netlink against the running one's, in network namespaces
            fuzz packets, fuzz tunnels, fuzz settings, fuzz routers: its UDP, raw and packet sockets; /dev/net/tun; /proc/sys/net;
            what it makes of router advertisements; the same way
            fuzz xml [--cases N] [--seed S] [--schemas DIRECTORY]: interface definitions against libxml2 with libvirt's schema
            fuzz rpc --protocol DIRECTORY [--cases N] [--seed S]: codecs of libvirt's messages against libvirt's own definitions,
            in a tree of its sources
            fuzz [NAME] [--cases N] [--seed S]: the parsers
  sim       the daemon in simulated worlds, from seed to seed; goes on where it stopped (spindle-sim net --help)
  format    correct the formatting of the sources (--check: only say what is wrong)
  pack      build the NuGet package of the event loop, artifacts/packages/Spindle.Loop.*.nupkg (--check: and a program with it)
  api       accept the public members of the event loop as they are now (src/Loop/PublicApi.txt)
  package   build artifacts/spindle_*.deb (--check: install and remove it in a throw-away root)
TEXT
}

# --- what a machine needs -----------------------------------------------------------------------------------------

# Debian packages by purpose. libc6-dev and zlib1g-dev are what the AOT linker reads; dnsmasq-base brings no service.
PACKAGES_BUILD=(gcc libc6-dev zlib1g-dev libdbus-1-3)
PACKAGES_TEST=(gcc libc6-dev libglib2.0-0) # the oracle: a C program on GLib
PACKAGES_LAB=(dnsmasq-base dbus-daemon dbus-bin iproute2 nftables openssl python3-minimal util-linux procps libdbus-1-3 libglib2.0-0 libgnutls30 libreadline8 libxtables12)
# libvirt's own programs and library, its dissector, polkitd, and the checker of its schemas: clients alone, no service of libvirt's.
PACKAGES_LIBVIRT=(libvirt-clients python3-libvirt libvirt-wireshark tshark polkitd libxml2-utils)
PACKAGES_BENCH=(gcc libc6-dev libdbus-1-3)
PACKAGES_BENCH_LOOP=(gcc libc6-dev zlib1g-dev util-linux)
PACKAGES_BENCH_RPC=(gcc libc6-dev zlib1g-dev util-linux iproute2)
PACKAGES_LIBVIRTD=(libvirt-daemon) # the program alone: libvirt-daemon-system would start it
PACKAGES_PEERS=(libuv1 libevent-2.1-7 libsystemd0 libglib2.0-0) # the libraries alone; a bench does without one that is not to be had
[[ -n ${SPINDLE_LIBEV:-} ]] || PACKAGES_PEERS+=(libev4)

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "this needs root once and there is no sudo here: run as root:  $*"
    fi
}

# need PURPOSE PACKAGE...: installs those that are missing. A stamp makes the second call cost nothing.
need() {
    local purpose=$1 stamp missing=() package
    shift
    stamp=$CACHE/setup-$purpose-$(cksum <<<"$*" | cut -d' ' -f1)
    [[ -e $stamp && $stamp -nt /var/lib/dpkg/status ]] && return
    command -v dpkg-query >/dev/null || { say "not a Debian-like system; $purpose needs: $*"; return 0; }
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    if ((${#missing[@]})); then
        say "installing for $purpose: ${missing[*]}"
        local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
        as_root "${install[@]}" >"$CACHE/apt.log" 2>&1 || {
            as_root apt-get update -qq >>"$CACHE/apt.log" 2>&1 || true
            as_root "${install[@]}" >>"$CACHE/apt.log" 2>&1 || { tail -20 "$CACHE/apt.log" >&2; fail "could not install: ${missing[*]}"; }
        }
    fi
    touch "$stamp"
}

# want PURPOSE PACKAGE...: installs what can be had, and goes on without the rest.
want() { (need "$@") || say "going on without what could not be installed for $1"; }

need_sdk() {
    command -v dotnet >/dev/null || { [[ -x $HOME/.dotnet/dotnet ]] && PATH=$HOME/.dotnet:$PATH; }
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (https://dot.net): put dotnet on the PATH and try again"
    dotnet --list-sdks | grep -q '^1[0-9]\.' || fail "the .NET SDK here is too old, 10.0 or newer is needed; found: $(dotnet --list-sdks | tr '\n' ' ')"
}

need_peer() { "$ROOT/lab/unpack-peer" connman; }

# Namespaces want root, or a user namespace that the kernel grants.
need_namespaces() {
    [[ $(id -u) == 0 ]] || unshare -rn true 2>/dev/null || command -v sudo >/dev/null ||
        fail "namespaces need root here (no sudo, and the kernel grants no user namespaces)"
}

setup() {
    need_sdk
    need build "${PACKAGES_BUILD[@]}"
    need test "${PACKAGES_TEST[@]}"
    need lab "${PACKAGES_LAB[@]}"
    need_peer
    "$ROOT/lab/dotnet9-root" >/dev/null
    say "ready: $(dotnet --version) SDK, packages, Debian's connman unpacked in .cache/peers (not installed), .NET 9 runtime in .cache/dotnet9"
}

# --- build --------------------------------------------------------------------------------------------------------

newer_than() { [[ ! -e $1 ]] || [[ -n $(find src Directory.Build.props Directory.Packages.props -newer "$1" \
    \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' \) -not -path '*/obj/*' -not -path '*/bin/*' -print -quit) ]]; }

publish() {
    local program=$1 out=$CACHE/publish/$1 log=$CACHE/publish-$1.log properties=
    [[ $program != *-tls ]] || properties=-p:SpindleTls=true
    newer_than "$ARTIFACTS/$program" || { say "artifacts/$program is up to date"; return 0; }
    say "publishing $program (NativeAOT, net9.0) ..."
    rm -rf "$out"
    dotnet publish "src/Programs/${program%-tls}" ${properties:+"$properties"} -f net9.0 -c Release -o "$out" -v q -nologo >"$log" 2>&1 || { cat "$log" >&2; fail "publishing $program failed"; }
    ! grep -q 'warning ' "$log" || { cat "$log" >&2; fail "publishing $program gave warnings"; }
    install -m 755 "$out/$program" "$ARTIFACTS/$program"
    say "artifacts/$program: $(($(stat -c %s "$ARTIFACTS/$program") / 1024)) KiB"
}

build() {
    need_sdk
    need build "${PACKAGES_BUILD[@]}"
    local program
    for program in spindled spindled-tls spindle spindle-sim; do publish "$program"; done
}

# --- test ---------------------------------------------------------------------------------------------------------

PASSED=0 FAILED=0
count() { PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)); }
step() { local started=$SECONDS title=$1; shift; say "== $title"; "$@"; say "   $((SECONDS - started)) s, $PASSED passed, $FAILED failed so far"; }

compile() {
    dotnet build Spindle.slnx -c Release -v q -nologo >"$CACHE/build.log" 2>&1 && ! grep -q ' warning ' "$CACHE/build.log" && count 1 0 && return
    sort -u "$CACHE/build.log" >&2
    count 0 1
    summary
}

# run_tests FRAMEWORK DOTNET ASSEMBLY...: one vstest run; its counters come from the result file.
run_tests() {
    local framework=$1 dotnet=$2 results=$CACHE/results/$1-$RANDOM passed=0 failed=0 line
    shift 2
    (($#)) || return 0
    mkdir -p "$results"
    "$dotnet" vstest "$@" --Parallel --logger:"trx" --ResultsDirectory:"$results" --logger:"console;verbosity=minimal" >"$results.log" 2>&1 || true
    while read -r line; do
        [[ $line =~ passed=\"([0-9]+)\" ]] && passed=$((passed + BASH_REMATCH[1]))
        [[ $line =~ total=\"([0-9]+)\" ]] && failed=$((failed + BASH_REMATCH[1]))
        [[ $line =~ passed=\"([0-9]+)\" ]] && failed=$((failed - BASH_REMATCH[1]))
        [[ $line =~ notExecuted=\"([0-9]+)\" ]] && failed=$((failed - BASH_REMATCH[1]))
    done < <(grep -h '<Counters' "$results"/*.trx 2>/dev/null)
    if ((failed > 0 || passed == 0)); then
        grep -v '^\s*$' "$results.log" | tail -200 >&2
        say "   ($framework; whole output: $results.log)"
        ((passed == 0 && failed == 0)) && failed=1   # a run that ran nothing is a failure
    fi
    count "$passed" "$failed"
}

assemblies() {
    local framework=$1 project
    for project in $(find tests -name '*.Tests.csproj' -not -path '*Scenarios*' | sort); do
        echo "$(dirname "$project")/bin/Release/$framework/$(basename "$project" .csproj).dll"
    done
}

test_executables() { if (build); then count 1 0; else count 0 1; fi; }

test_fuzz() {
    local cases=${FUZZ_CASES:-2000} out
    out=$(dotnet run --project fuzz -c Release -f net10.0 --no-build -- all --cases "$cases" --seed 1) && count 1 0 || count 0 1
    say "$out"
}

# The daemon in simulated worlds: any broken promise is a failure, with its seed.
test_worlds() {
    local out
    out=$("$ARTIFACTS/spindle-sim" net --seeds "${WORLDS:-200}" --days 0.25 --links 3 --faults 10 2>/dev/null) && count 1 0 || count 0 1
    say "$out"
    out=$("$ARTIFACTS/spindle-sim" net --seeds "$((${WORLDS:-200} / 10))" --days 0.25 --links 3 --faults 40 --door 2>/dev/null) && count 1 0 || count 0 1
    say "$out"
}

# True when libvirt's own clients are here or could be installed.
have_libvirt() {
    local program
    want libvirt "${PACKAGES_LIBVIRT[@]}"
    for program in virsh virt-admin tshark xmllint /usr/lib/polkit-1/polkitd; do command -v $program >/dev/null || return 1; done
    /usr/bin/python3 -c 'import libvirt' 2>/dev/null
}

test_scenarios() {
    need lab "${PACKAGES_LAB[@]}"
    need_peer
    local assembly=tests/Scenarios/bin/Release/net10.0/Scenarios.Tests.dll filter=()
    have_libvirt || {
        say "   !!! NOT RUN: scenarios with libvirt's own programs, which are not here and could not be installed: ${PACKAGES_LIBVIRT[*]}"
        SKIPPED="; scenarios with libvirt's own programs NOT RUN (they could not be installed)"
        filter=(--TestCaseFilter:"Needs!=libvirt")
    }
    if [[ $(id -u) == 0 ]] || unshare -rn true 2>/dev/null; then run_tests scenarios dotnet "$assembly" "${filter[@]}"
    elif sudo -n true 2>/dev/null || [[ -t 0 ]] && command -v sudo >/dev/null; then
        say "   scenarios build network namespaces: running them with sudo"
        run_tests scenarios "$ROOT/lab/dotnet-as-root" "$assembly" "${filter[@]}"
    else
        say "   !!! SKIPPED: scenarios need root, sudo or user namespaces, and this machine gives none"
        SKIPPED="; scenarios SKIPPED (no root, no sudo, no user namespaces)"
    fi
}

SKIPPED=
summary() {
    [[ -z $SKIPPED ]] || say "note$SKIPPED"
    echo "$PASSED passed, $FAILED failed"
    ((FAILED == 0)) || exit 1
    exit 0
}

test_package() {
    if (pack --check) >"$CACHE/pack-check.log" 2>&1; then count 1 0; else count 0 1; cat "$CACHE/pack-check.log" >&2; fi
}

run_all_tests() {
    local only=${1:-}
    need_sdk
    need build "${PACKAGES_BUILD[@]}"
    need test "${PACKAGES_TEST[@]}"
    rm -rf "$CACHE/results"
    step "compile, net10.0 and net9.0" compile
    if [[ $only != scenarios ]]; then
        # shellcheck disable=SC2046
        step "tests on net10.0" run_tests net10.0 dotnet $(assemblies net10.0)
        # shellcheck disable=SC2046
        step "tests on net9.0 (runtime in .cache/dotnet9)" run_tests net9.0 "$("$ROOT/lab/dotnet9-root")" $(assemblies net9.0)
        step "fuzz seeds" test_fuzz
    fi
    step "executables" test_executables
    [[ $only == scenarios ]] || step "the daemon in simulated worlds" test_worlds
    step "package of the event loop, and a program with it" test_package
    [[ $only == unit ]] || step "scenarios in namespaces" test_scenarios
    summary
}

# --- the rest -----------------------------------------------------------------------------------------------------

format() {
    need_sdk
    case ${1:-} in
        --check) dotnet format whitespace Spindle.slnx --verify-no-changes -v q ;;
        *) dotnet format whitespace Spindle.slnx -v q ;;
    esac
}

ready_for_lab() {
    need lab "${PACKAGES_LAB[@]}"
    need_namespaces
    need_peer
    [[ ${DAEMON:-spindled} == connmand ]] || build
}

bench_connman() {
    need bench "${PACKAGES_BENCH[@]}"
    ready_for_lab
    exec bench/connman/run "$@"
}

bench_loop() {
    need_sdk
    need bench-loop "${PACKAGES_BENCH_LOOP[@]}"
    want peers "${PACKAGES_PEERS[@]}"
    exec bench/loop/run "$@"
}

bench_rpc() {
    need_sdk
    need bench-rpc "${PACKAGES_BENCH_RPC[@]}"
    want libvirtd "${PACKAGES_LIBVIRTD[@]}"
    exec bench/rpc/run "$@"
}

bench_io-models() {
    need_sdk
    need bench-loop "${PACKAGES_BENCH_LOOP[@]}"
    exec bench/io-models/run "$@"
}

bench_simulation() {
    build
    need bench-simulation binutils
    exec bench/simulation/run "$@"
}

bench() {
    local what=${1:-}
    shift || true
    case $what in
        connman | loop | io-models | rpc | simulation) "bench_$what" "$@" ;;
        *)
            say "usage: ./do bench connman [--write]   (ROUNDS=10, PEERS='connmand spindled')"
            say "       ./do bench loop [--write]      (ROUNDS=5, SECTIONS='chain turn timers posts echo memory', PEERS='raw libuv …')"
            say "       ./do bench rpc [--write]       (ROUNDS=5, SECTIONS='memory calls idle list burst', PEERS='raw libvirtd door')"
            say "       ./do bench io-models [--long] [--write]   (ROUNDS=3, MS=300, MODELS='epoll threads …')"
            say "       ./do bench simulation [--write]   (ROUNDS=5)"
            exit 2
            ;;
    esac
}

# --- the event loop as a package ----------------------------------------------------------------------------------

pack() {
    local packages=$ARTIFACTS/packages
    rm -rf "$packages"
    dotnet pack src/Loop -c Release -o "$packages" -v q --nologo >"$CACHE/pack.log" 2>&1 && ! grep -q 'warning ' "$CACHE/pack.log" ||
        { cat "$CACHE/pack.log" >&2; fail "packing failed"; }
    say "$(cd "$packages" && ls)"
    [[ ${1:-} != --check ]] || packaging/nuget/check "$packages"
}

fuzz() {
    need_sdk
    if [[ ${1:-} == epoll ]]; then
        shift
        exec dotnet run --project src/Programs/spindle-sim -c Release -f net10.0 -v q -- check "$@"
    fi
    if [[ ${1:-} == netlink || ${1:-} == packets || ${1:-} == tunnels || ${1:-} == settings || ${1:-} == routers ]]; then
        local alone=() subject=$1
        shift
        [[ $(id -u) == 0 ]] || alone=(unshare -rn)
        exec "${alone[@]}" dotnet run --project src/Programs/spindle-sim -c Release -f net10.0 -v q -- "$subject" "$@"
    fi
    exec dotnet run --project fuzz -c Release -f net10.0 -v q -- "$@"
}

# Without arguments: 1,000 worlds more than last time. Progress goes to the terminal, a broken promise ends it.
sim() {
    build
    local journal=$CACHE/sim-journal done=1
    (($# == 0)) || exec "$ARTIFACTS/spindle-sim" net "$@"
    [[ ! -s $journal ]] || done=$(<"$journal")
    exec "$ARTIFACTS/spindle-sim" net --seeds $((done + 999)) --links 3 --faults 10 --journal "$journal"
}

verb=${1:-help}
shift || true
case $verb in
    help | -h | --help) help ;;
    setup) setup ;;
    build) build ;;
    test) run_all_tests "$@" ;;
    demo) ready_for_lab; exec lab/demo "$@" ;;
    lab) ready_for_lab; exec lab/lab shell "$@" ;;
    bench) bench "$@" ;;
    fuzz) fuzz "$@" ;;
    sim) sim "$@" ;;
    format) format "$@" ;;
    pack) need_sdk; pack "$@" ;;
    api) need_sdk; SPINDLE_ACCEPT_API=1 exec dotnet test tests/Loop.Tests -f net10.0 -v q --nologo --filter PublicApiTests ;;
    package) need lab "${PACKAGES_LAB[@]}"; build; exec packaging/build "$@" ;;
    *) say "do: no verb '$verb'"; help >&2; exit 2 ;;
esac
