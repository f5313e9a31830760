#!/usr/bin/env bash
# Builds the libraries of llama.cpp for linux-x64 from the source of the release that the packaged ones have, with the changes in patches/,
# which make them faster (see NATIVE.md). They have the same names and the same interface, and can be used in place of the packaged ones.
#
#   build.sh OUTPUT [--source DIR] [--work DIR]
#
#   OUTPUT         the folder for the libraries and their licences
#   --source       a clone of llama.cpp at that release, which stays as it is (default: from the npm package node-llama-cpp, of which the
#                  hash is checked)
#   --work         a folder to compile in, which is kept, so that an interrupted build can go on (default: one that is removed)
#
# Needs gcc and g++ 12 or newer, CMake, Ninja and git, and without --source npm. CC and CXX select other compilers; JOBS, how many run at once.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/source.sh"
source= work= output=

fail() { printf 'build: %s\n' "$1" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --source) source=$2; shift 2 ;;
    --work) work=$2; shift 2 ;;
    -*) fail "unknown option $1" ;;
    *) output=$1; shift ;;
  esac
done

[ -n "$output" ] || fail "name the output folder"
[ "$(uname -sm)" = "Linux x86_64" ] || fail "the libraries can be built on linux-x64 only"
export CC=${CC:-gcc} CXX=${CXX:-g++}
for tool in "$CC" "$CXX" cmake ninja git; do
  command -v "$tool" >/dev/null || fail "there is no '$tool'. Install gcc, g++, cmake, ninja-build and git."
done

if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
work=$(cd "$work" && pwd -P)

# A copy, because the patches change it.
if [ ! -d "$work/llama.cpp" ]; then
  if [ -n "$source" ]; then
    clone_source "$source" "$work/llama.cpp"
  else
    fetch_source "$work/llama.cpp"
  fi
fi
check_source "$work/llama.cpp"
is_patched() { # Not done again when a build goes on: the files would be compiled again.
  local patch
  for patch in "$here"/patches/*.patch; do
    git -C "$work/llama.cpp" apply --reverse --check "$patch" 2>/dev/null || return
  done
}
if ! is_patched; then
  git -C "$work/llama.cpp" checkout --quiet --force
  for patch in "$here"/patches/*.patch; do
    git -C "$work/llama.cpp" apply "$patch" || fail "$(basename "$patch") does not fit release $release"
  done
fi

# Nothing in the libraries depends on the time or the folder of the build.
export SOURCE_DATE_EPOCH=0 LC_ALL=C
cmake -S "$here/llama" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DLLAMA_SOURCE=$work/llama.cpp" "-DLLAMA_RELEASE=$release" \
  >"$work/configure.log" 2>&1 || { cat "$work/configure.log" >&2; fail "CMake failed"; }

ninja -C "$work/build" ${JOBS:+-j "$JOBS"} "bin/libllama.v$release.so" # and all that it needs

mkdir -p "$output"
rm -f "$output"/lib*.so
install -m 644 "$work"/build/bin/lib*.so "$output"
install -m 644 "$work/llama.cpp/LICENSE" "$output/LICENSE-llama.cpp.txt"
printf '%s\n' "$release" >"$output/release.txt"
