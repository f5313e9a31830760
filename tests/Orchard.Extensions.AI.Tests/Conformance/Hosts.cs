using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchard.Testing;

namespace Orchard.Extensions.AI.Tests.Conformance;

/// <summary>The scripted engine, told what the starter model would say.</summary>
public sealed class ScriptedHost : ChatClientHost
{
    private readonly FakeEngine _engine = new(Script().MissModels("no-such-model"));
    private Client? _client;

    public override IChatClient Client => _client!.AsIChatClient("starter");

    public static EngineScript Script() => new EngineScript()
        .Answer(prompt => prompt.Question.StartsWith("What is the capital of France", StringComparison.Ordinal) ? Cut(FakeReply.Of("The capital of France is Paris."), prompt) : null)
        .Answer(prompt => prompt.Options.ToolChoice.Name is { } name ? new FakeReply().Call(name, "{\"city\": \"Paris\"}") : null)
        .Answer(prompt => prompt.Question == ToolQuestion ? new FakeReply().Call("get_weather", ["{\"city\":", " \"Paris\"}"]) : null)
        .Answer(prompt => prompt.Question.Contains("<tool_response>", StringComparison.Ordinal) ? FakeReply.Of("It is 24 degrees.") : null)
        .Answer(RecordQuestion, FakeReply.Of("{\"isCapital\": true, \"rank\": 1}"))
        .Answer(LongQuestion, new FakeReply().Say("Dark ").Say("clouds ").Stall())
        .Answer("Count from 1 to 10.", FakeReply.Of("1, 2, 3, 4"));

    public override async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public override async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static FakeReply Cut(FakeReply whole, FakePrompt prompt) =>
        prompt.Options.MaxOutputTokens == 2 ? new FakeReply().Say("The").Say(" capital").Finish(FinishReason.Length) : whole;
}

/// <summary>The scripted engine, with a container in between.</summary>
public sealed class ContainerHost : ChatClientHost
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-").FullName;
    private FakeEngine? _engine;
    private IHost? _host;

    public override IChatClient Client => _host!.Services.GetRequiredService<IChatClient>();

    public override async ValueTask InitializeAsync()
    {
        _engine = FakeEngine.Listen(_folder, ScriptedHost.Script());
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOrchard(options => options.EngineRoot = _folder).Preload("starter").AddChatClient("starter");
        _host = builder.Build();
        await _host.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _engine!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The real engine with the starter model.</summary>
public sealed class RealHost : ChatClientHost
{
    private readonly OrchardFixture _fixture = new();

    public override IChatClient Client => _fixture.Client.AsIChatClient("starter");

    public override ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
