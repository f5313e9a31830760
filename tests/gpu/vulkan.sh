#!/usr/bin/env bash
# Runs the core of the end-to-end suite on Vulkan. By default on Mesa's software device llvmpipe, so that it needs no GPU: in a Debian 13
# that it installs into a temporary folder (see debian13.sh), for which it must be root. Takes ten minutes on two processors.
#   tests/gpu/vulkan.sh [--no-build] [--debian FOLDER] [DEVICE]
# --no-build  does not build the suite, nor restore the Vulkan library (24 MB)
# --debian    where that Debian 13 is kept for further runs
# DEVICE      such as vulkan0: a device of this machine instead, which may be software; see docs/gpu.md
# Exits with 77 if there is no DEVICE and no Debian 13 can be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=1 debian='' device=''
while [ $# -gt 0 ]; do
  case $1 in
    --no-build) build='' ;;
    --debian) debian=$2; shift ;;
    -*) echo "vulkan.sh: unknown argument $1" >&2; exit 2 ;;
    *) device=$1 ;;
  esac
  shift
done

suite=artifacts/bin/Orchard.EndToEnd.Tests/debug
engine_tests=artifacts/bin/Orchard.Engine.Tests/debug
if [ -n "$build" ]; then
  dotnet build tests/Orchard.EndToEnd.Tests --verbosity quiet
  dotnet build tests/Orchard.Engine.Tests --verbosity quiet
  dotnet msbuild src/Orchard.Engine.Vulkan -target:GetGpuLibrary -verbosity:quiet
fi

scratch=$(mktemp -d)
trap 'rm -rf --one-file-system "$scratch"' EXIT
if [ -z "$device" ]; then
  tests/gpu/debian13.sh "${debian:-$scratch/debian}" tests/gpu/vulkan.sh --no-build vulkan0
  exit
fi

ln -s "$PWD/$suite/engine/native/"* "$scratch"
ln -s "$PWD/artifacts/native/linux-x64-vulkan/node_modules/@node-llama-cpp/linux-x64-vulkan/bins/linux-x64-vulkan/libggml-vulkan.so"* "$scratch"

export ORCHARD_TEST_LIMIT_SECONDS=300 # a software device takes a minute for what a GPU does at once
export ORCHARD_NATIVE_PATH=$scratch ORCHARD_DEVICES=$device ORCHARD_GPU_TESTS=1
devices=$("$suite/engine/orchard-engine" --devices)
echo "$devices"
grep -q '^vulkan: used' <<< "$devices" || { echo "vulkan.sh: there is no device $device" >&2; exit 1; }

# A software device compiles shaders for seconds in each engine, with all processors, so tests run one at a time.
one_by_one=(-noColor -parallelMode none -showLiveOutput)
timeout 600 "$engine_tests/Orchard.Engine.Tests" "${one_by_one[@]}" -class '*GpuOffloadTests' -class '*GpuBufferTests' -class '*GpuFitTests'
timeout 1500 "$suite/Orchard.EndToEnd.Tests" "${one_by_one[@]}" -class '*GpuTests' -class '*GpuFitTests' -class '*ChatTests' -class '*EmbeddingTests' \
  -class '*LoraTests' -class '*PromptTests' -class '*ConcurrencyTests' -class '*ReproducibilityTests' -class '*EngineLifeTests'
