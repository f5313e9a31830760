#!/usr/bin/env bash
# Runs the core of the end-to-end suite on Vulkan: on a GPU, or by default on Mesa's software device llvmpipe, so that it needs no GPU.
# Debian packages: libvulkan1, and mesa-vulkan-drivers of Mesa 24 or newer; an older one with ORCHARD_LLVMPIPE=any.
# Builds the suite and restores the Vulkan library (24 MB) unless "--no-build" is given.
#   tests/gpu/vulkan.sh [--no-build] [DEVICE]       DEVICE is vulkan0 by default; see docs/gpu.md
set -euo pipefail
cd "$(dirname "$0")/../.."

build=1
[ "${1:-}" != --no-build ] || { build=; shift; }
device=${1:-vulkan0}
suite=artifacts/bin/Orchard.EndToEnd.Tests/debug
if [ -n "$build" ]; then
  dotnet build tests/Orchard.EndToEnd.Tests --verbosity quiet
  dotnet build tests/Orchard.Engine.Tests --verbosity quiet
  dotnet msbuild src/Orchard.Engine.Vulkan -target:GetGpuLibrary -verbosity:quiet
fi

libraries=$(mktemp -d)
trap 'rm -rf "$libraries"' EXIT
ln -s "$PWD/$suite/engine/native/"* "$libraries"
ln -s "$PWD/artifacts/native/linux-x64-vulkan/node_modules/@node-llama-cpp/linux-x64-vulkan/bins/linux-x64-vulkan/libggml-vulkan.so"* "$libraries"

export ORCHARD_TEST_LIMIT_SECONDS=300 # a software device takes a minute for what a GPU does at once
export ORCHARD_NATIVE_PATH=$libraries ORCHARD_DEVICES=$device ORCHARD_GPU_TESTS=1
devices=$("$suite/engine/orchard-engine" --devices)
echo "$devices"
grep -q '^vulkan: used' <<< "$devices" || { echo "vulkan.sh: there is no device $device" >&2; exit 1; }

# A software device takes half a minute for the first tokens, because it compiles the shaders, so tests run one at a time.
# LoraTests are left out: with Mesa 22.3.6 the engine died in them, and they have not been run with another.
timeout 600 artifacts/bin/Orchard.Engine.Tests/debug/Orchard.Engine.Tests -noColor -class '*GpuOffloadTests' -class '*GpuBufferTests' -showLiveOutput
timeout 1500 "$suite/Orchard.EndToEnd.Tests" -noColor -parallel none -showLiveOutput -class '*GpuTests' -class '*ChatTests' -class '*EmbeddingTests'
