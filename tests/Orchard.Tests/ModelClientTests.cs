using System.Reflection;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

public sealed class ModelClientTests : IAsyncDisposable
{
    private readonly FakeEngine _engine = new(new EngineScript().Answer("Paris"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Calls_AreThoseOfTheClientForOneModel()
    {
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        ModelClient model = client.Model("starter");

        ModelInfo info = await model.EnsureLoadedAsync().OrBroken("the load");
        ChatResult answer = await model.ChatAsync("What is the capital of France?").OrBroken("the answer");
        List<ChatDelta> deltas = await model.ChatStreamAsync("Once more?").ToListAsync().AsTask().OrBroken("the stream");
        IReadOnlyList<ChatResult> batch = await model.ChatBatchAsync([[Message.User("a")], [Message.User("b")]]).OrBroken("the batch");

        Assert.Equal("starter", model.Name);
        Assert.Equal(ModelState.Ready, model.GetStatus().State);
        Assert.Equal("Paris", answer.Text);
        Assert.Equal("Paris", string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal(["Paris", "Paris"], batch.Select(result => result.Text));
        Assert.Equal(
            ["What is the capital of France?", "Once more?", "a", "b"],
            _engine.Requests.SelectMany(request => request.Prompts).Select(prompt => prompt.Question));
        Assert.All(_engine.Requests, request => Assert.Equal(info.Id, request.Model));
        Assert.True(await model.UnloadAsync().OrBroken("the unload"));
    }

    /// <summary>The handle has each call that the client has for a named model, without the name.</summary>
    [Fact]
    public void Methods_AreAllThatTakeAModel()
    {
        IEnumerable<string> client = typeof(Client).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Concat(typeof(ModelRegistry).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters() is [{ Name: "model" }, ..])
            .Select(method => Signature(method, method.GetParameters()[1..]));
        IEnumerable<string> handle = typeof(ModelClient).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName)
            .Select(method => Signature(method, method.GetParameters()));

        Assert.Equal(client.Order(StringComparer.Ordinal), handle.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Model_Blank_IsABadArgument(string? model)
    {
        using Client client = Client.Create(new ClientOptions { EngineRoot = Path.GetTempPath() });

        Assert.ThrowsAny<ArgumentException>(() => client.Model(model!));
    }

    private static string Signature(MethodInfo method, ParameterInfo[] parameters) =>
        $"{method.ReturnType} {method.Name}({string.Join(", ", parameters.Select(parameter => $"{parameter} = {parameter.DefaultValue}"))})";
}
