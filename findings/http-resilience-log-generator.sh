#!/usr/bin/env bash
# Microsoft.Extensions.Http.Resilience 10.11.0: a project that references it for its HttpClient alone gets another source generator for
# [LoggerMessage]: the build files of Microsoft.Extensions.Telemetry.Abstractions, which comes along, remove the framework's generator.
# The generated code then calls that package, so a library passes the dependency on to its users. Guess before the run: the generator of
# Microsoft.Extensions.Logging stays, since nothing of the new one is used.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > log.cs <<'CS'
using Microsoft.Extensions.Logging;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Started {Name}")]
    public static partial void Started(ILogger logger, string name);
}
CS
cat > library.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.Logging.Abstractions" Version="10.0.12" Condition="'$(Resilience)' == ''" />
    <PackageReference Include="Microsoft.Extensions.Http.Resilience" Version="10.11.0" Condition="'$(Resilience)' != ''" />
  </ItemGroup>
</Project>
XML
generators() {
  rm -rf obj bin
  dotnet build -v q -nologo -p:Resilience="$1" >build.log || { cat build.log; exit 1; }
  find obj -path '*generated*' -name '*.cs' | sed 's#.*/generated/##; s#/.*##' | sort -u | grep -i logging
}
plain=$(generators '')
resilient=$(generators yes)
printf 'without the package: %s\nwith the package:    %s\n' "$plain" "$resilient"
[ "$plain" = Microsoft.Extensions.Logging.Generators ] && [ "$resilient" = Microsoft.Gen.Logging ]
