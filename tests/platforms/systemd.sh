#!/usr/bin/env bash
# Two programs share an engine, and the systemd service of the one that has started it is stopped: the engine and the answers of the other
# one go on. Uses the service manager of the user, or as root one that it starts for the test. Builds Orchard.Processes.Tests
# unless "--no-build" is given.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "${1:-}" = --no-build ] || dotnet build tests/Orchard.Processes.Tests --verbosity quiet
program=$PWD/artifacts/bin/Orchard.Processes.Tests/debug/Orchard.ChatProcess
scratch=$(mktemp -d /tmp/orc.XXXXXX)
manager=

finish() {
  systemctl --user stop orchard-test-first orchard-test-contrast 2>/dev/null || true
  [ -z "${second:-}" ] || kill "$second" 2>/dev/null || true
  for pid in $(cat "$scratch"/*/engine.pid 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
  if [ -n "$manager" ]; then
    kill "$manager" && wait "$manager" || true
    for group in "${groups[@]}"; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; done
  fi
  rm -rf "$scratch"
}
trap finish EXIT

fail() {
  echo "systemd.sh: $1" >&2
  exit 1
}

until_true() { # until_true WHAT COMMAND...
  for _ in $(seq 300); do "${@:2}" && return; sleep 0.1; done
  fail "waited 30 s for $1"
}

# Without one, a manager with control groups of its own, which has to believe that the system was booted with systemd.
if ! systemctl --user is-active basic.target >/dev/null 2>&1; then
  groups=(/sys/fs/cgroup/systemd/orchard-test.slice /sys/fs/cgroup/unified/orchard-test.slice)
  [ -e /sys/fs/cgroup/cgroup.procs ] && groups=(/sys/fs/cgroup/orchard-test.slice)
  export XDG_RUNTIME_DIR=$scratch/run
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  bash -c 'for group; do mkdir -p "$group/user@0.service"; echo $$ >"$group/user@0.service/cgroup.procs"; done
    exec unshare --mount bash -c "mount -t tmpfs none /run && mkdir -p /run/systemd/system && exec /lib/systemd/systemd --user --log-target=null"' \
    manager "${groups[@]}" </dev/null >/dev/null 2>&1 &
  manager=$!
  until_true "the service manager" test -S "$XDG_RUNTIME_DIR/systemd/private"
fi

# start UNIT NAMESPACE [VARIABLE]: a service with a program that keeps an engine busy.
start() {
  mkdir -m 700 "$scratch/$2"
  systemd-run --user --quiet --collect --unit="$1" ${3:+--setenv="$3"} bash -c "echo | '$program' '$scratch/$2' forever"
  until_true "the engine of $1" test -e "$scratch/$2/engine.ready"
}

start orchard-test-first shared
engine=$(cat "$scratch/shared/engine.pid")
grep -q '/run-[^/]*\.scope$' "/proc/$engine/cgroup" || fail "the engine is in no scope: $(cat "/proc/$engine/cgroup")"
"$program" "$scratch/shared" forever < <(echo; sleep 60) >"$scratch/second" &
second=$!
until_true "the second program" grep -q busy "$scratch/second"

systemctl --user stop orchard-test-first
[ "$(echo | "$program" "$scratch/shared" | tail -n 1 | cut -d ' ' -f 1)" = "$engine" ] || fail "the engine has ended with the service"
kill -0 "$second" || fail "the second program has ended"
echo "in a scope: the engine outlives the service"

start orchard-test-contrast alone ORCHARD_ENGINE_SCOPE=0
engine=$(cat "$scratch/alone/engine.pid")
systemctl --user stop orchard-test-contrast
until_true "the engine of the service to end" bash -c "! kill -0 $engine 2>/dev/null"
echo "without one: it ends with the service"
