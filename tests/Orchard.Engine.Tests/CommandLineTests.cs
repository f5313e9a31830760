using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_Nothing_TakesTheDefaults()
    {
        EngineOptions options = Parse().Options!;

        Assert.Null(options.Grace);
        Assert.Equal(new ModelRules { KeepAlive = TimeSpan.FromMinutes(5) }, options.Models);
        Assert.Empty(options.Load);
    }

    [Fact]
    public void Parse_Everything_IsTaken()
    {
        EngineOptions options = Parse("--root", "/tmp/x", "--load", "/m/a.gguf", "/m/b.gguf", "--grace-seconds", "2.5").Options!;

        Assert.Equal("/tmp/x", options.Root.Directory);
        Assert.Equal(["/m/a.gguf", "/m/b.gguf"], options.Load);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Grace);
    }

    [Theory]
    [InlineData("ORCHARD_KEEP_ALIVE", "90", 90)]
    [InlineData("ORCHARD_KEEP_ALIVE", "-1", -0.001)]
    [InlineData("ORCHARD_KEEP_ALIVE", "0", 0)]
    public void Parse_KeepAliveInTheEnvironment_IsTaken(string variable, string value, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            CommandLine.Parse([], name => name == variable ? value : null).Options!.Models.KeepAlive);

    [Fact]
    public void Parse_MemoryLimit_CountsUnlessTheArgumentSaysOtherwise()
    {
        Assert.Equal(512L << 20, CommandLine.Parse([], Environment).Options!.Models.MemoryLimit);
        Assert.Equal(7L << 20, CommandLine.Parse(["--memory-limit", "7"], Environment).Options!.Models.MemoryLimit);

        static string? Environment(string name) => name == EngineVariables.MemoryLimit ? "512" : null;
    }

    [Fact]
    public void Parse_PrefixCache_HasLimitsUnlessItIsTurnedOff()
    {
        Assert.Equal((4L << 30, 7d), Limits(null, null));
        Assert.Equal((100L << 20, 2d), Limits("100", "2"));
        Assert.Null(Limits("0", "2"));

        static (long, double)? Limits(string? megabytes, string? days)
        {
            Func<string, string?> environment = name => name switch
            {
                EngineVariables.PrefixCache => megabytes,
                EngineVariables.PrefixCacheDays => days,
                _ => null,
            };
            return CommandLine.Parse([], environment).Options!.Prefixes is { } limits ? (limits.Bytes, limits.Age.TotalDays) : null;
        }
    }

    [Theory]
    [InlineData("ORCHARD_ENGINE_PREFIX_CACHE", "-1")]
    [InlineData("ORCHARD_ENGINE_PREFIX_CACHE", "off")]
    [InlineData("ORCHARD_ENGINE_PREFIX_CACHE_DAYS", "0")]
    [InlineData("ORCHARD_KEEP_ALIVE", "soon")]
    [InlineData("ORCHARD_KEEP_ALIVE", "-2")]
    [InlineData("ORCHARD_ENGINE_GRACE_SECONDS", "-1")]
    [InlineData("ORCHARD_ENGINE_THREADS", "0")]
    [InlineData("ORCHARD_ENGINE_SPECULATION", "maybe")]
    [InlineData("ORCHARD_ENGINE_KV_CACHE", "whole")]
    [InlineData("ORCHARD_ENGINE_LOG", "engine.log")]
    [InlineData("ORCHARD_NATIVE_PATH", "native")]
    [InlineData("ORCHARD_DEVICES", "gpu0")]
    [InlineData("ORCHARD_ENGINE_MEMORY_LIMIT", "0")]
    [InlineData("ORCHARD_ENGINE_MEMORY_LIMIT", "8GB")]
    public void Parse_VariableThatCannotBeUsed_IsNamed(string variable, string value)
    {
        string error = CommandLine.Parse([], name => name == variable ? value : null).Error!;

        Assert.Contains($"{variable} is '{value}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_GraceInTheEnvironment_CountsUnlessTheArgumentSaysOtherwise()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), CommandLine.Parse([], Environment).Options!.Grace);
        Assert.Equal(TimeSpan.FromSeconds(4), CommandLine.Parse(["--grace-seconds", "4"], Environment).Options!.Grace);

        static string? Environment(string name) => name == EngineVariables.GraceSeconds ? "3" : null;
    }

    [Theory]
    [InlineData("--root")]
    [InlineData("--root --load")]
    [InlineData("--load")]
    [InlineData("--load --root /tmp")]
    [InlineData("--grace-seconds")]
    [InlineData("--grace-seconds soon")]
    [InlineData("--grace-seconds -1")]
    [InlineData("--grace-seconds NaN")]
    [InlineData("--grace-seconds 1e300")]
    [InlineData("--frobnicate")]
    [InlineData("model.gguf")]
    public void Parse_Unusable_IsRefused(string arguments)
    {
        CommandLine line = Parse(arguments.Split(' '));

        Assert.NotNull(line.Error);
        Assert.Null(line.Options);
    }

    [Fact]
    public void Parse_HelpOrVersion_WantsNothingElse()
    {
        Assert.True(Parse("--help").ShowHelp);
        Assert.True(Parse("--root", "/tmp", "--version").ShowVersion);
    }

    private static CommandLine Parse(params string[] arguments) => CommandLine.Parse(arguments, _ => null);
}
