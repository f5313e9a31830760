#!/usr/bin/env bash
# Publishes a sample of this repository from a fresh clone of the last commit, for linux-x64 and for linux-arm64, with .NET and without, and
# checks that application, engine and libraries are for that platform. Those for linux-x64 answer a question. Needs Linux on x64; takes
# minutes, because each clone builds everything.
#   tests/platforms/publish.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 ORCHARD_ENGINE_GRACE_SECONDS=1
scratch=$(mktemp -d /tmp/orc.XXXXXX) # a short path, for sockets
trap 'rm -rf "$scratch"' EXIT
export ORCHARD_CACHE_ROOT=$scratch/root

fail() {
  echo "publish.sh: $1" >&2
  exit 1
}

# The number of the processor in the header of an executable or library.
processor() { od -An -tu2 -j18 -N2 "$1" | tr -d ' '; }

for platform in linux-x64:62 linux-arm64:183; do
  for runtime in --no-self-contained --self-contained; do
    rm -rf "$scratch/clone" "$scratch/app"
    git clone --quiet . "$scratch/clone"
    dotnet publish "$scratch/clone/samples/QuickStart" --runtime "${platform%:*}" "$runtime" --configuration Release --verbosity quiet \
      --property RunAnalyzers=false --output "$scratch/app"
    for file in QuickStart engine/orchard-engine engine/native/libggml-base.so; do
      [ "$(processor "$scratch/app/$file")" = "${platform#*:}" ] || fail "$file is not for ${platform%:*} ($runtime)"
    done
    if [ "${platform%:*}" = linux-x64 ]; then
      answer=$(timeout 60 "$scratch/app/QuickStart" <<< 'What is the capital of France?')
      [[ $answer == *Paris* ]] || fail "the application for ${platform%:*} ($runtime) does not answer: $answer"
    fi
    echo "${platform%:*} $runtime: $(du -sm "$scratch/app" | cut -f1) MB"
  done
done
