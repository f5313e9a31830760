#!/usr/bin/env bash
# Packs the engine for all platforms and checks what is in the package: that each platform's libraries export what the engine imports, belong
# to its release, and need nothing else. Downloads the libraries of all platforms (50 MB) and the executables of .NET for them, once.
#   tests/platforms/packages.sh [--no-build]        --no-build: Orchard.Engine.Tests has been built
set -euo pipefail
cd "$(dirname "$0")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
[ "${1:-}" = --no-build ] || dotnet build tests/Orchard.Engine.Tests --verbosity quiet

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
quietly() { "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }; }

# Not compiled ahead of time, which needs the platform's own tools.
packed=() libraries=()
for platform in linux-x64 linux-arm64 osx-arm64 osx-x64 win-x64 win-arm64; do
  if dotnet restore src/Orchard.Engine -p:RuntimeIdentifier=$platform -p:NativeEngine=false >"$scratch/log" 2>&1; then
    packed+=("$platform")
  else
    grep -q NU1101 "$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
    libraries+=("$platform")
  fi
done

quietly dotnet pack src/Orchard.Engine.Package --verbosity quiet --output "$scratch" -p:RunAnalyzers=false -p:NativeEngine=false \
  -p:EngineRuntimeIdentifiers="\"$(IFS=';' && echo "${packed[*]}")\""
mkdir "$scratch/package"
python3 -m zipfile -e "$scratch"/Orchard.Engine.*.nupkg "$scratch/package"

# A package source may lack .NET's executable for a platform. Then the libraries are checked as they would be packed.
for platform in "${libraries[@]}"; do
  echo "packages.sh: the package sources have no executable of .NET for $platform; its libraries are checked without one" >&2
  quietly dotnet msbuild src/Orchard.Engine -target:ProvideNativeAssets -property:NativeRuntimeIdentifier="$platform"
  bins=$(dotnet msbuild src/Orchard.Engine -getProperty:NativeLibraryFolder -property:NativeRuntimeIdentifier="$platform")
  mkdir -p "$scratch/package/engine/$platform/native"
  find "$bins" -regex '.*\.\(so\|dylib\|dll\)' ! -name '*llama-common*' -exec cp -t "$scratch/package/engine/$platform/native" {} +
done

ORCHARD_TEST_PACKAGE="$scratch/package" ORCHARD_TEST_LIBRARIES="${libraries[*]}" \
  artifacts/bin/Orchard.Engine.Tests/debug/Orchard.Engine.Tests -noColor -class '*PlatformPackageTests'
