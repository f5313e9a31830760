using Orchard;
using Orchard.Testing;
using Xunit;

namespace Travel.XunitV2;

/// <summary>The real engine. InitializeAsync and DisposeAsync return another type in xunit v2 than in v3.</summary>
public sealed class ModelFixture : OrchardFixture, IAsyncLifetime
{
    Task IAsyncLifetime.InitializeAsync() => InitializeAsync().AsTask();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}

/// <summary>Shares the fixture with all classes that name the collection.</summary>
[CollectionDefinition("model")]
public sealed class ModelCollection : ICollectionFixture<ModelFixture>;

[Collection("model")]
public sealed class TravelGuideTests(ModelFixture fixture)
{
    [Fact]
    public async Task The_model_knows_a_capital() =>
        Assert.Contains("Paris", await new TravelGuide(fixture.Client, "starter").CapitalOfAsync("France"));

    [Fact]
    public async Task A_crash_of_the_engine_is_excused()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("The capital ").Crash()));
        await using Client client = await engine.ConnectAsync();

        Assert.StartsWith("The guide is asleep.", await new TravelGuide(client, "any-model").CapitalOfAsync("France"));
    }
}
