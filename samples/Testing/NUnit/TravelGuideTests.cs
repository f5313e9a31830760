using NUnit.Framework;
using Orchard;
using Orchard.Testing;

namespace Travel.NUnit;

/// <summary>Starts the real engine before the first test of the namespace, and ends it after the last one.</summary>
[SetUpFixture]
public sealed class ModelSetUp
{
    public static OrchardFixture Fixture { get; } = new();

    [OneTimeSetUp]
    public async Task StartAsync() => await Fixture.InitializeAsync();

    [OneTimeTearDown]
    public async Task EndAsync() => await Fixture.DisposeAsync();
}

public sealed class TravelGuideTests
{
    [Test]
    public async Task The_model_knows_a_capital() =>
        Assert.That(await new TravelGuide(ModelSetUp.Fixture.Client, "starter").CapitalOfAsync("France"), Does.Contain("Paris"));

    [Test]
    public async Task A_crash_of_the_engine_is_excused()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("The capital ").Crash()));
        await using Client client = await engine.ConnectAsync();

        Assert.That(await new TravelGuide(client, "any-model").CapitalOfAsync("France"), Does.StartWith("The guide is asleep."));
    }
}
