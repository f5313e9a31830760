#!/usr/bin/env bash
# Runs a command in a Debian 13, whose Vulkan device is Mesa's llvmpipe: Mesa 25 with LLVM 19, which compiles shaders in seconds. The command
# gets this repository (read-only), the .NET of this machine, the environment, and a /tmp of its own, and starts in the root of the repository.
# Its processes end with it.
#   tests/gpu/debian13.sh FOLDER COMMAND...         FOLDER is where Debian 13 is, or is to be installed (560 MB, one minute)
# Needs root and the package debootstrap, on Ubuntu also debian-archive-keyring. Exits with 77 where that, or the right to mount, is missing.
# DEBIAN_MIRROR is the package archive (default: http://deb.debian.org/debian).
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
  echo "debian13.sh: skipped: $1" >&2
  exit 77
}

[ $# -ge 2 ] || { sed -n '2,7s/^# //p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || skip "it needs root, to install Debian 13 in a folder and to mount this repository there"
command -v debootstrap >/dev/null || skip "there is no debootstrap: apt-get install debootstrap"
unshare --mount --pid --fork true 2>/dev/null || skip "root may not mount here, as in most containers: docker run --privileged"

mkdir -p "$1"
debian=$(realpath "$1")
shift
if [ ! -e "$debian/complete" ]; then
  echo "Installing Debian 13 in $debian"
  timeout 600 debootstrap --variant=minbase --include=libvulkan1,mesa-vulkan-drivers \
    trixie "$debian" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$debian.log" 2>&1 || { tail -n 20 "$debian.log" >&2; exit 1; }
  rm -f "$debian.log"
  touch "$debian/complete"
fi

dotnet=$(dirname "$(realpath "$(command -v dotnet)")")
export DOTNET_ROOT=$dotnet
unset TMPDIR
# The mounts are seen by these processes only, and are gone with them.
exec unshare --mount --pid --fork --kill-child bash -euc '
  debian=$1 repository=$2 dotnet=$3
  shift 3
  mkdir -p "$debian$repository" "$debian$dotnet"
  mount --bind "$repository" "$debian$repository"
  mount -o remount,bind,ro "$debian$repository"
  mount --bind "$dotnet" "$debian$dotnet"
  mount -o remount,bind,ro "$debian$dotnet"
  mount --rbind /dev "$debian/dev"
  mount --rbind /sys "$debian/sys"
  mount -t proc proc "$debian/proc"
  exec chroot "$debian" bash -c "cd \"\$0\" && exec \"\$@\"" "$repository" "$@"
' debian13 "$debian" "$PWD" "$dotnet" "$@"
