using Microsoft.VisualStudio.TestTools.UnitTesting;
using Orchard;
using Orchard.Testing;

namespace Travel.MSTest;

/// <summary>Starts the real engine before the first test of the assembly, and ends it after the last one.</summary>
[TestClass]
public static class ModelSetUp
{
    public static OrchardFixture Fixture { get; } = new();

    [AssemblyInitialize]
    public static async Task StartAsync(TestContext context) => await Fixture.InitializeAsync();

    [AssemblyCleanup]
    public static async Task EndAsync() => await Fixture.DisposeAsync();
}

[TestClass]
public sealed class TravelGuideTests
{
    [TestMethod]
    public async Task The_model_knows_a_capital() =>
        StringAssert.Contains(await new TravelGuide(ModelSetUp.Fixture.Client, "starter").CapitalOfAsync("France"), "Paris");

    [TestMethod]
    public async Task A_crash_of_the_engine_is_excused()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("The capital ").Crash()));
        await using Client client = await engine.ConnectAsync();

        StringAssert.StartsWith(await new TravelGuide(client, "any-model").CapitalOfAsync("France"), "The guide is asleep.");
    }
}
