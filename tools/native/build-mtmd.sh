#!/usr/bin/env bash
# Builds libmtmd, the part of llama.cpp that turns images and sound into embeddings, from the source of the release that the engine's
# libraries have, and links it with these libraries. Only tools/mtmd is compiled: no video (which needs ffmpeg), no network, no tools.
#
#   build-mtmd.sh OUTPUT [--libraries DIR] [--source DIR] [--optimize LEVEL]
#
#   OUTPUT         the folder for libmtmd.so, its headers, and the licenses of what is in it
#   --libraries    the folder with libllama and libggml (default: what the build has restored with npm for linux-x64)
#   --source       a clone of llama.cpp at that release (default: from the npm package node-llama-cpp, of which the hash is checked)
#   --optimize     the level of optimization (default 2)
#
# Needs g++ (C++17) and, without --source, npm and git. CXX selects another compiler, and CXXFLAGS adds options.
set -euo pipefail

. "$(dirname "$0")/source.sh"

root=$(cd "$(dirname "$0")/../.." && pwd)
libraries=$root/artifacts/native/linux-x64/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64
source=
optimize=2
output=

fail() { printf 'build-mtmd: %s\n' "$1" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --libraries) libraries=$2; shift 2 ;;
    --source) source=$2; shift 2 ;;
    --optimize) optimize=$2; shift 2 ;;
    -*) fail "unknown option $1" ;;
    *) output=$1; shift ;;
  esac
done

[ -n "$output" ] || fail "name the output folder"
compiler=${CXX:-g++}
command -v "$compiler" >/dev/null || fail "there is no C++ compiler '$compiler'. Install g++, or set CXX."
llama=$(ls "$libraries"/libllama.v*.so 2>/dev/null | head -n 1) || true
[ -n "$llama" ] || fail "no libllama in $libraries. Build src/Orchard.Engine first, which restores it, or use --libraries."
[ "$(basename "$llama")" = "libllama.v$release.so" ] || fail "$(basename "$llama") is not of release $release. Update the version in source.sh."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ -z "$source" ]; then
  source=$scratch/llama.cpp
  fetch_source "$source"
fi

mtmd=$source/tools/mtmd
[ -f "$mtmd/mtmd.cpp" ] || fail "$source contains no tools/mtmd"

# All models in one file: most of the time for each of them goes into reading the same headers.
models=$scratch/models.cpp
for file in "$mtmd"/models/*.cpp; do
  printf '#include "%s"\n' "$file"
done >"$models"

units=("$mtmd/mtmd.cpp" "$mtmd/mtmd-audio.cpp" "$mtmd/mtmd-image.cpp" "$mtmd/mtmd-helper.cpp" "$mtmd/clip.cpp" "$models"
  "$source/vendor/hash/hash.cpp" "$source/vendor/hash/sha256/sha256.c")
flags=(-std=c++17 "-O$optimize" -DNDEBUG -fPIC -fvisibility=hidden -w -DLLAMA_SHARED -DLLAMA_BUILD
  -I"$mtmd" -I"$source/include" -I"$source/ggml/include" -I"$source/vendor" -I"$source/vendor/hash")

export compiler scratch
compile() { # The options for C++ are only warned about in C, and warnings are off.
  local file=${!#} language=c++
  [ "${file##*.}" = c ] && language=c
  "$compiler" "${@:1:$#-1}" ${CXXFLAGS:-} -c -x "$language" "$file" -o "$scratch/$(basename "${file%.*}").o"
}
export -f compile
printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -I{} bash -c 'compile "$@"' compile "${flags[@]}" {}

"$compiler" -shared -o "$scratch/libmtmd.so" "$scratch"/*.o "$libraries"/libllama.v*.so "$libraries"/libggml.v*.so "$libraries"/libggml-base.so \
  -Wl,-soname,libmtmd.so '-Wl,-rpath,$ORIGIN' -Wl,--no-undefined -Wl,--gc-sections -s -pthread

mkdir -p "$output/include"
cp "$mtmd/mtmd.h" "$mtmd/mtmd-helper.h" "$source/include/llama.h" "$source"/ggml/include/*.h "$output/include/"
cp "$source/LICENSE" "$output/LICENSE-llama.cpp.txt"
cp "$scratch/libmtmd.so" "$output/libmtmd.so"
