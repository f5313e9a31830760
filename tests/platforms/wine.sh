#!/usr/bin/env bash
# Runs what is possible of the engine for Windows under Wine 8: the executable starts, the native libraries load and compute, its log has what
# native code and the runtime write, and processes and pipes work as the client uses them. Unix-domain sockets, and with
# them whole chats, need Windows: this Wine has none. Needs Debian 12 on x64; installs nothing, and keeps the downloads (100 MB) and what it
# builds in artifacts/platforms/.
#   tests/platforms/wine.sh [--no-build]
set -euo pipefail
cd "$(dirname "$0")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
folder=$PWD/artifacts/platforms/win-x64

fail() {
  echo "wine.sh: $1" >&2
  exit 1
}

if [ "${1:-}" != --no-build ]; then
  for project in src/Orchard.Engine tests/Orchard.PlatformProbe tests/Orchard.Engine.Tests; do
    dotnet publish "$project" --configuration Release --runtime win-x64 --self-contained --property RunAnalyzers=false \
      --verbosity quiet --output "$folder/$(basename "$project")"
  done
fi

wine=$folder/wine/usr/lib/wine/wine64
export WINEPREFIX=$folder/prefix WINEDEBUG=-all WINEDLLOVERRIDES=mshtml= LD_LIBRARY_PATH=$folder/wine/usr/lib/x86_64-linux-gnu
if [ ! -e "$folder/complete" ]; then
  rm -rf "$folder/wine" "$WINEPREFIX"
  mkdir -p "$folder/packages/partial" "$WINEPREFIX/drive_c/windows/system32"
  apt-get install --yes --no-install-recommends --download-only --option Dir::Cache::archives="$folder/packages" wine64 >/dev/null
  for package in "$folder"/packages/*.deb; do dpkg-deb --extract "$package" "$folder/wine"; done
  # What the packages' scripts and absolute links do where they are installed.
  ln -sf wineserver64 "$folder/wine/usr/lib/wine/wineserver"
  zlib=$folder/wine/usr/x86_64-w64-mingw32/lib/zlib1.dll
  cp --remove-destination "$zlib" "$folder/wine/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/"
  cp "$zlib" "$WINEPREFIX/drive_c/windows/system32/"
  timeout 300 "$wine" wineboot --init >/dev/null 2>&1
  "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f >/dev/null
  touch "$folder/complete"
fi

trap '"$folder/wine/usr/lib/wine/wineserver64" -k || true; rm -rf "$scratch"' EXIT
scratch=$(mktemp -d /tmp/orc.XXXXXX)

timeout 60 "$wine" "$folder/Orchard.Engine/orchard-engine.exe" --version | tr -d '\r' | sed 's/^/engine: /'

probe=$folder/Orchard.PlatformProbe/Orchard.PlatformProbe.exe
timeout 60 "$wine" "$probe" system | tr -d '\r' | tee "$scratch/system"
grep -q '^pipes: work$' "$scratch/system" || fail "pipes do not work"

timeout 60 "$wine" "$probe" log "Z:${scratch//\//\\}\\engine.log" >/dev/null 2>&1 || true
tr -d '\r' <"$scratch/engine.log.1" | head -n 3 | diff - <(printf 'first line\nnative line\nsecond line\n') || fail "the log has other lines"
for line in 'native line of the next file' 'last line' 'report of a crash'; do
  grep -q "$line" "$scratch/engine.log" || fail "the log has no '$line': $(cat "$scratch/engine.log")"
done
echo "log: has the lines of native code and of the runtime"

# The libraries themselves: load, layouts and default values of the structs, and completions of the starter model. Without a garbage
# collection, because .NET's finalizers of generated code crash in this Wine.
DOTNET_GCgen0size=0x40000000 timeout 900 "$wine" "$folder/Orchard.Engine.Tests/Orchard.Engine.Tests.exe" -noColor -maxThreads 1 \
  -class '*.LayoutTests' -class '*.ImportTests' -class '*.LlamaModelTests' -class '*.LlamaDecoderTests' | tr -d '\r'
