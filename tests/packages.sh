#!/usr/bin/env bash
# Packs every package and uses them as a stranger would: an application with one package reference, run and published, and one
# that uses Orchard only through a library. Quiet unless something fails. The packages are those of a Debug build, which a gate has
# already; "packages.sh Release" tries those that are published.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
configuration=${1:-Debug}
limit=180                     # seconds for any one command
version=0.0.0-check           # never published, so no feed can answer for the packages under test
scratch=$(mktemp -d /tmp/orc.XXXXXX) # short: the names of the sockets have to fit

finish() {
  for pid in $(cat "$scratch"/*/engine.pid 2>/dev/null); do
    kill "$pid" 2>/dev/null && timeout 10 tail --pid="$pid" -f /dev/null
  done
  rm -rf "$scratch"
}
trap finish EXIT

fail() {
  echo "packages: $1" >&2
  exit 1
}

# Says what it does only when that fails.
quietly() {
  timeout "$limit" "$@" >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    fail "failed: $*"
  }
}

# answers <namespace> <command>: the application prints the answer, from an engine of its own.
answers() {
  mkdir "$scratch/$1"
  ORCHARD_CACHE_ROOT="$scratch/$1" quietly "${@:2}"
  grep -q Paris "$scratch/log" || fail "no answer from ${*:2}: $(cat "$scratch/log")"
}

has_engine() {
  [ -n "$(find "$1/engine/orchard-engine" -perm -111)" ] || fail "not executable for everyone: $1/engine/orchard-engine"
}

for project in $(grep -l '<IsPackable>true' src/*/*.csproj); do
  quietly dotnet pack "$project" --configuration "$configuration" --verbosity quiet --output "$scratch/feed" -p:PackageVersion=$version
done

mkdir -p "$scratch/use/app" "$scratch/use/library" "$scratch/use/indirect"
cd "$scratch/use"
export NUGET_PACKAGES="$scratch/cache"
unset ORCHARD_ENGINE_PATH ORCHARD_NATIVE_PATH ORCHARD_IPC_ROOT

cat >nuget.config <<'END'
<configuration><packageSources><add key="packages-under-test" value="../feed" /></packageSources></configuration>
END

project() {
  echo "<Project Sdk=\"Microsoft.NET.Sdk${3:-}\">
    <PropertyGroup>$1<TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
    <ItemGroup>${2:-}</ItemGroup>
  </Project>"
}

question='await using var client = await Orchard.Client.ConnectAsync();
Console.WriteLine((await client.ChatAsync("starter", "What is the capital of France?")).Text);'

project '<OutputType>Exe</OutputType>' >app/app.csproj
echo "$question" >app/Program.cs
quietly dotnet add app package Orchard --version $version
answers run dotnet run --project app
has_engine app/bin/Debug/net10.0

quietly dotnet publish app --output published
has_engine published
answers pub ./published/app

mkdir web
project '' "<PackageReference Include=\"Orchard\" Version=\"$version\" />" .Web >web/web.csproj
echo 'WebApplication.Create(args).Run();' >web/Program.cs
quietly dotnet build web
has_engine web/bin/Debug/net10.0

project '' "<PackageReference Include=\"Orchard\" Version=\"$version\" />" >library/library.csproj
echo "public static class Oracle { public static async Task AskAsync() { $question } }" >library/Oracle.cs
project '<OutputType>Exe</OutputType>' '<ProjectReference Include="../library/library.csproj" />' >indirect/indirect.csproj
echo 'await Oracle.AskAsync();' >indirect/Program.cs
answers lib dotnet run --project indirect
has_engine indirect/bin/Debug/net10.0
[ ! -e library/bin/Debug/net10.0/engine ] || fail "the engine was copied to a library"
