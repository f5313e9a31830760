using System.Text.Json;
using System.Text.Json.Serialization;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

public sealed partial class ClientStructuredTests : IAsyncDisposable
{
    private readonly FakeEngine _engine = new(new EngineScript().Answer("{\"name\":\"Paris\",\"founded\":-250}"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Chat_PromptAndContract_IsAValue()
    {
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        ChatResult<City> answer = await client.ChatAsync("starter", "Which city?", CityContext.Default.City).OrBroken("the answer");

        Assert.Equal(new City("Paris", -250), answer.Value);
        Assert.Equal("Which city?", _engine.Requests.Single().Prompts.Single().Question);
    }

    [Fact]
    public async Task Chat_SerializerOptions_UseTheirContract()
    {
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        ChatResult<City>[] answers = await Task.WhenAll(
            client.ChatAsync<City>("starter", "Which city?", CityContext.Default.Options),
            client.ChatAsync<City>("starter", [Message.User("Which city?")], JsonSerializerOptions.Web)).OrBroken("the answers");

        Assert.All(answers, answer => Assert.Equal(new City("Paris", -250), answer.Value));
    }

    [Fact]
    public async Task Chat_SerializerOptionsWithoutAContract_AreABadArgumentThatSaysWhatToDo()
    {
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => client.ChatAsync<Version>("starter", "Which?", CityContext.Default.Options).OrBroken("the refusal"));

        Assert.Equal("serializerOptions", error.ParamName);
        Assert.Contains("System.Version", error.Message, StringComparison.Ordinal);
        Assert.Contains("TypeInfoResolver", error.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Requests);
    }

    internal sealed record City(string Name, int Founded);

    [JsonSerializable(typeof(City))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    internal sealed partial class CityContext : JsonSerializerContext;
}
