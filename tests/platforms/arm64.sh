#!/usr/bin/env bash
# Runs the client and the engine of linux-arm64 on another processor: with QEMU's user mode emulation, the .NET runtime for arm64 and the
# libraries of Debian for arm64. One chat with the starter model. Needs Debian or Ubuntu; installs nothing, and keeps the downloads (100 MB)
# and what it builds in artifacts/platforms/.
#   tests/platforms/arm64.sh [--no-build]
set -euo pipefail
cd "$(dirname "$0")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
folder=$PWD/artifacts/platforms/linux-arm64
limit=240 # seconds for a chat: an emulated processor compiles and computes slowly

fail() {
  echo "arm64.sh: $1" >&2
  exit 1
}

if [ "${1:-}" != --no-build ]; then
  for project in src/Orchard.Engine tests/Orchard.ChatProcess; do
    dotnet publish "$project" --configuration Release --runtime linux-arm64 --self-contained --property RunAnalyzers=false \
      --verbosity quiet --output "$folder/$(basename "$project")"
  done
fi

# Lists and packages for arm64 in a state of their own, so that the system does not get another architecture.
if [ ! -e "$folder/complete" ]; then
  mkdir -p "$folder"/apt/{lists,archives}/partial
  : >"$folder/apt/status"
  arm64=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root -o Dir::State="$folder/apt"
    -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt")
  apt-get "${arm64[@]}" --quiet=2 update
  (cd "$folder/apt/archives" && apt-get "${arm64[@]}" --quiet=2 download libc6 libgcc-s1 libstdc++6 libssl3)
  (cd "$folder/apt/archives" && apt-get -o APT::Sandbox::User=root --quiet=2 download qemu-user-static)
  for package in "$folder"/apt/archives/qemu-*.deb; do dpkg-deb --extract "$package" "$folder/emulator"; done
  for package in "$folder"/apt/archives/lib*.deb; do dpkg-deb --extract "$package" "$folder/system"; done
  touch "$folder/complete"
fi

# The system cannot start programs for arm64, but it can start a script.
emulator="'$folder/emulator/usr/bin/qemu-aarch64-static' -L '$folder/system'"
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$emulator" "$folder/Orchard.Engine/orchard-engine" >"$folder/engine.sh"
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$emulator" "$folder/Orchard.ChatProcess/Orchard.ChatProcess" >"$folder/chat.sh"
chmod +x "$folder/engine.sh" "$folder/chat.sh"

scratch=$(mktemp -d /tmp/orc.XXXXXX)
finish() {
  for pid in $(cat "$scratch/engine.pid" 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

export ORCHARD_ENGINE_PATH=$folder/engine.sh
export DOTNET_EnableDiagnostics=0 # QEMU does not support what the diagnostics use
echo | timeout "$limit" "$folder/chat.sh" "$scratch" >"$scratch/answer" 2>"$scratch/errors" || true
grep -q 'Paris' "$scratch/answer" || {
  cat "$scratch/answer" "$scratch/errors" "$scratch/engine.log" >&2 2>/dev/null || true
  fail "no answer"
}
sed -n 's/^[0-9]* /linux-arm64 answers: /p' "$scratch/answer"
sed -n "s|.*\(Model .* is ready.*\)|\1|p" "$scratch/engine.log"
