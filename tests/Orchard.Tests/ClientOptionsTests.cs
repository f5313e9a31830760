using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchard.Tests;

public sealed class ClientOptionsTests
{
    public static TheoryData<string> Ranges { get; } =
        [.. typeof(ClientOptions).GetProperties().Where(property => property.IsDefined(typeof(RangeAttribute))).Select(property => property.Name)];

    [Fact]
    public void Durations_AllHaveARange() =>
        Assert.Equal(
            typeof(ClientOptions).GetProperties()
                .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan))
                .Select(property => property.Name),
            Ranges.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Create_DurationOutsideItsRange_IsRefusedByNameAndTheLimitsAreNot(string name)
    {
        PropertyInfo property = typeof(ClientOptions).GetProperty(name)!;
        RangeAttribute range = property.GetCustomAttribute<RangeAttribute>()!;
        Assert.True(range.IsValid(property.GetValue(new ClientOptions()))); // which converts the limits
        TimeSpan minimum = (TimeSpan)range.Minimum, maximum = (TimeSpan)range.Maximum;

        Assert.Equal(name, Refused(property, minimum - TimeSpan.FromTicks(1)).ParamName);
        Assert.Contains($"ClientOptions.{name} is", Refused(property, maximum + TimeSpan.FromTicks(1)).Message, StringComparison.Ordinal);
        With(property, minimum).Validate();
        With(property, maximum).Validate();
    }

    [Fact]
    public void Copy_HasEverySetting()
    {
        using var log = new NullLoggerFactory();
        var options = new ClientOptions
        {
            EngineRoot = "root",
            EnginePath = "path",
            PieCompatible = true,
            EngineGraceTime = TimeSpan.FromSeconds(1),
            StartEngine = false,
            StartTimeout = TimeSpan.FromSeconds(2),
            StallTimeout = TimeSpan.FromSeconds(3),
            ReplayUnansweredCalls = false,
            UseMemoryMap = false,
            ModelDefaults = { ContextLength = 1 },
            Models = { ["a"] = new ModelOptions { ContextLength = 2 } },
            Hub = { Offline = true },
            Sources = { new OwnSource() },
            Routes = { ["b"] = new ModelRoute { Local = "local", Remote = "own/remote", When = RouteCondition.Always, MaxQueueTime = default } },
            LoggerFactory = log,
            TimeProvider = new OwnTime(),
        };

        var copy = new ClientOptions(options);

        Assert.All(
            typeof(ClientOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            property =>
            {
                Assert.NotEqual(property.GetValue(new ClientOptions()), property.GetValue(options));
                if (property.Name == nameof(ClientOptions.Routes))
                {
                    Assert.Equivalent(options.Routes, copy.Routes, strict: true); // routes are equal only to themselves
                }
                else
                {
                    Assert.Equal(property.GetValue(options), property.GetValue(copy));
                }
            });
    }

    [Fact]
    public void HubOptions_AsText_DoNotShowTheToken() =>
        Assert.DoesNotContain("hf_secret", new HubOptions { Token = "hf_secret" }.ToString(), StringComparison.Ordinal);

    private static ArgumentOutOfRangeException Refused(PropertyInfo property, TimeSpan value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Client.Create(With(property, value)));

    private static ClientOptions With(PropertyInfo property, TimeSpan value)
    {
        var options = new ClientOptions();
        property.SetValue(options, value);
        return options;
    }

    private sealed class OwnSource : ModelSource
    {
        internal override ModelSource Copy() => this;
    }

    private sealed class OwnTime : TimeProvider;
}
