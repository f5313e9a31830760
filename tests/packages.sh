#!/usr/bin/env bash
# Packs all packages and uses them in new applications: one with a single package reference, which is run and published in several ways, the
# installed command, a web application, and one that references Orchard only through a library. Prints output only on failure. Uses the Debug
# build, which the CI run has already made, but the engine that is compiled ahead of time; "packages.sh Release" tests the packages as they are
# published.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
configuration=${1:-Debug}
limit=180                     # seconds per command
version=0.0.0-check           # never published, so no other feed can supply these packages
managed_version=0.0.0-managed # greater than the other one
scratch=$(mktemp -d /tmp/orc.XXXXXX) # short, because the length of socket paths is limited

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

# Runs a command, and prints its output only if it fails.
quietly() {
  timeout "$limit" "$@" >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    fail "failed: $*"
  }
}

# answers <namespace> <command>: checks that the application prints the right answer, using a separate engine.
answers() {
  mkdir "$scratch/$1"
  ORCHARD_CACHE_ROOT="$scratch/$1" quietly "${@:2}"
  grep -q Paris "$scratch/log" || fail "no answer from ${*:2}: $(cat "$scratch/log")"
}

# answers_alone <namespace> <command>: the same where there is no .NET: no environment, and no installed runtime is found.
answers_alone() {
  answers "$1" env --ignore-environment HOME="$scratch" PATH=/nonexistent DOTNET_ROOT=/nonexistent ORCHARD_CACHE_ROOT="$scratch/$1" \
    ORCHARD_ENGINE_GRACE_SECONDS=10 "${@:2}"
}

has_engine() {
  [ -n "$(find "$1/engine/orchard-engine" -perm -111)" ] || fail "not executable for everyone: $1/engine/orchard-engine"
  extra=$(find "$1" -name '*.resources.dll' -o -name '*Analyzers*.dll' -o -name '*CodeAnalysis*.dll')
  [ -z "$extra" ] || fail "translations of libraries or assemblies for editors in the output: $extra"
}

platform=$(dotnet --info | sed -n 's/^ *RID: *//p')
linker=$([ -x /usr/bin/clang ] && echo clang || echo gcc)

# The GPU libraries exist for x64 only.
has_vulkan=$([ "$(uname -sm)" != "Linux x86_64" ] || echo 1)

pack=(--verbosity quiet --output "$scratch/feed" -p:PackageVersion=$version)
for project in $(grep -l '<IsPackable>true' src/*/*.csproj); do
  # Optional, and made from a large download.
  case $project in
    */Orchard.StarterEmbeddings.csproj) [ "$configuration" = Release ] || continue ;;
    */Orchard.Engine.Cuda.csproj) [ "$configuration" = Release ] && [ "$has_vulkan" ] || continue ;;
    */Orchard.Engine.Vulkan.csproj) [ "$has_vulkan" ] || continue ;;
    */Orchard.Engine.Media.csproj) [ "$has_vulkan" ] && command -v g++ >/dev/null || continue ;;
  esac
  case $project in
    # Analyzed already where the build was.
    */Orchard.Engine.Package.csproj) quietly dotnet pack "$project" --configuration Release -p:RunAnalyzers=false "${pack[@]}" ;;
    *) quietly dotnet pack "$project" --configuration "$configuration" "${pack[@]}" ;;
  esac
done
# As for platforms for which no engine is compiled ahead of time. Debug, because that is never.
quietly dotnet pack src/Orchard.Engine.Package --configuration Debug "${pack[@]}" "-p:PackageVersion=$managed_version"

mkdir -p "$scratch/use/app" "$scratch/use/library" "$scratch/use/indirect"
cd "$scratch/use"
export NUGET_PACKAGES="$scratch/cache"
unset ORCHARD_ENGINE_PATH ORCHARD_NATIVE_PATH ORCHARD_IPC_ROOT
export ORCHARD_ENGINE_GRACE_SECONDS=10 # even if models are to be kept

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
[ "$configuration" != Release ] || compgen -G "app/bin/Debug/net10.0/runtimes/*/lib/net10.0/Orchard.dll" >"$scratch/log" ||
  fail "the package has no assembly compiled ahead of time"

quietly dotnet publish app --output published
has_engine published
answers pub ./published/app

# Applications that need no .NET bring an engine that needs none.
quietly dotnet publish app --output single --runtime "$platform" --self-contained -p:PublishSingleFile=true
has_engine single
[ ! -e single/engine/orchard-engine.dll ] || fail "the engine is not compiled ahead of time"
[ "$(find single -maxdepth 1 -name '*.dll')" = '' ] || fail "assemblies beside the single file: $(ls single)"
answers_alone one ./single/app

# If the package has an engine that needs .NET, the application brings that as well, and the build says so.
mkdir managed
project '<OutputType>Exe</OutputType>' "<PackageReference Include=\"Orchard\" Version=\"$version\" />
  <PackageReference Include=\"Orchard.Engine\" Version=\"$managed_version\" />" >managed/managed.csproj
echo "$question" >managed/Program.cs
for way in contained native; do
  case $way in
    contained) options=(--self-contained) ;;
    native)
      [ "$configuration" = Release ] || continue # takes as long as all of the others
      options=(-p:PublishAot=true "-p:CppCompilerAndLinker=$linker")
      ;;
  esac
  quietly dotnet publish managed --output "$way" --runtime "$platform" "${options[@]}"
  grep -q 'warning ORCH012' "$scratch/log" || fail "no warning that the engine of $way is compiled when it runs"
  has_engine "$way"
  answers_alone "$way" "./$way/managed"
done

# A tool has everything in its package; nothing is piped into it.
quietly dotnet tool install Orchard.Cli --tool-path tools --version $version
answers tool bash -c './tools/orchard run starter "What is the capital of France?" </dev/null'

mkdir web
project '' "<PackageReference Include=\"Orchard.Server\" Version=\"$version\" />" .Web >web/web.csproj
cat >web/Program.cs <<'END'
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddOrchardServer();
WebApplication app = builder.Build();
app.MapOrchard();
app.Urls.Add("http://127.0.0.1:0");
await app.StartAsync();
using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
using var question = new StringContent(
    """{"model": "starter", "messages": [{"role": "user", "content": "What is the capital of France?"}]}""");
using HttpResponseMessage response = await http.PostAsync("/v1/chat/completions", question);
Console.WriteLine(await response.Content.ReadAsStringAsync());
await app.StopAsync();
END
answers web dotnet run --project web
has_engine web/bin/Debug/net10.0

# A GPU library is copied beside those of the engine, belongs to them, and does no harm without a GPU.
if [ "$has_vulkan" ]; then
  mkdir vulkan
  project '<OutputType>Exe</OutputType>' "<PackageReference Include=\"Orchard\" Version=\"$version\" />
    <PackageReference Include=\"Orchard.Engine.Vulkan\" Version=\"$version\" />" >vulkan/vulkan.csproj
  echo "$question" >vulkan/Program.cs
  answers vlk dotnet run --project vulkan
  native=vulkan/bin/Debug/net10.0/engine/native
  [ "$(head -n 1 $native/libggml-vulkan.so.base | tr A-F a-f)" = "$(sha256sum $native/libggml-base.so | cut -d ' ' -f 1)" ] ||
    fail "the Vulkan library was built with another libggml-base"
  ORCHARD_DEVICES=cpu vulkan/bin/Debug/net10.0/engine/orchard-engine --devices | grep -q '^vulkan: not used: The environment variable' ||
    fail "the engine does not find the Vulkan library"
fi

# An endpoint needs no engine; the first answer says that nothing listens.
mkdir remote
project '<OutputType>Exe</OutputType>' "<PackageReference Include=\"Orchard.Remote\" Version=\"$version\" />" >remote/remote.csproj
cat >remote/Program.cs <<'END'
using Orchard;
using Orchard.Remote;
await using var client = Client.Create(new ClientOptions { StartEngine = false }.AddRemote("cluster", new Uri("http://127.0.0.1:9")));
try { await client.ChatAsync("cluster/m", "hello"); } catch (RemoteConnectionException e) { Console.WriteLine($"not Paris: {e.Message}"); }
END
answers remote dotnet run --project remote

project '' "<PackageReference Include=\"Orchard\" Version=\"$version\" />" >library/library.csproj
echo "public static class Oracle { public static async Task AskAsync() { $question } }" >library/Oracle.cs
project '<OutputType>Exe</OutputType>' '<ProjectReference Include="../library/library.csproj" />' >indirect/indirect.csproj
echo 'await Oracle.AskAsync();' >indirect/Program.cs
answers lib dotnet run --project indirect
has_engine indirect/bin/Debug/net10.0
[ ! -e library/bin/Debug/net10.0/engine ] || fail "the engine was copied to a library"
