using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Hosting;

public sealed class HostingTests : IAsyncDisposable
{
    private readonly List<string> _folders = [];
    private readonly List<FakeEngine> _engines = [];

    public async ValueTask DisposeAsync()
    {
        foreach (FakeEngine engine in _engines)
        {
            await engine.DisposeAsync();
        }

        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    [Fact]
    public async Task Configuration_EverySetting_IsBound()
    {
        HostApplicationBuilder builder = Builder(new()
        {
            ["Orchard:Model"] = "starter",
            ["Orchard:EngineRoot"] = "/tmp/x",
            ["Orchard:EnginePath"] = "/opt/engine",
            ["Orchard:StartEngine"] = "false",
            ["Orchard:StartTimeout"] = "00:00:07",
            ["Orchard:EngineGraceTime"] = "00:00:08",
            ["Orchard:ReplayUnansweredCalls"] = "false",
            ["Orchard:StallTimeout"] = null,
            ["Orchard:PreloadModels:0"] = "starter",
            ["Orchard:WaitForPreload"] = "false",
            ["Orchard:ModelDefaults:KeepAlive"] = "00:30:00",
            ["Orchard:ModelDefaults:Devices:0"] = "CPU",
            ["Orchard:Models:starter:ContextLength"] = "4096",
            ["Orchard:Models:owner/repository:KeyCacheType"] = "q8_0",
        });
        builder.AddOrchard().Preload("/models/other.gguf");
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        OrchardOptions options = services.GetRequiredService<IOptions<OrchardOptions>>().Value;

        Assert.Equal(("starter", "/tmp/x", "/opt/engine"), (options.Model, options.EngineRoot, options.EnginePath));
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8), null), (options.StartTimeout, options.EngineGraceTime, options.StallTimeout));
        Assert.False(options.StartEngine || options.ReplayUnansweredCalls || options.WaitForPreload);
        Assert.Equal(["starter", "/models/other.gguf"], options.PreloadModels);
        Assert.Equal(new ModelOptions { KeepAlive = TimeSpan.FromMinutes(30), Devices = ["CPU"] }, options.ModelDefaults);
        Assert.Equal(new ModelOptions { ContextLength = 4096 }, options.Models["Starter"]);
        Assert.Equal(new ModelOptions { KeyCacheType = CacheType.Q8_0 }, options.Models["owner/repository"]);
    }

    [Theory]
    [InlineData("StartTimeout", "00:00:00")]
    [InlineData("StartTimeout", "25.00:00:00")]
    [InlineData("StallTimeout", "-00:00:01")]
    [InlineData("EngineGraceTime", "-00:00:01")]
    [InlineData("Model", " ")]
    [InlineData("PreloadModels:0", " ")]
    public async Task Configuration_Invalid_TheApplicationDoesNotStartAndSaysWhy(string setting, string value)
    {
        HostApplicationBuilder builder = Builder(new() { [$"Orchard:{setting}"] = value });
        builder.AddOrchard();
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().OrBroken("the refusal"));

        Assert.Contains(setting.Split(':')[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddChatClient_NoModelAnywhere_TheApplicationDoesNotStartAndSaysWhy()
    {
        HostApplicationBuilder builder = Builder([]);
        builder.AddOrchard().AddChatClient();
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().OrBroken("the refusal"));

        Assert.Contains("OrchardOptions.Model is not set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddChatClient_ModelFromConfiguration_Answers()
    {
        FakeEngine engine = Engine("Paris");
        HostApplicationBuilder builder = Builder(new() { ["Orchard:Model"] = "starter", ["Orchard:EngineRoot"] = engine.EngineRoot });
        builder.AddOrchard().AddChatClient();
        using IHost host = builder.Build();
        await host.StartAsync().OrBroken("the start");

        ChatResponse response = await host.Services.GetRequiredService<IChatClient>().GetResponseAsync("Where?").OrBroken("the answer");

        Assert.Equal("Paris", response.Text);
        await host.StopAsync().OrBroken("the stop");
    }

    [Fact]
    public async Task NamedClients_TwoEngines_EachItsOwn()
    {
        FakeEngine one = Engine("one"), two = Engine("two");
        HostApplicationBuilder builder = Builder(new() { ["Second:EngineRoot"] = two.EngineRoot });
        builder.Services.AddOrchard(options => options.EngineRoot = one.EngineRoot).AddChatClient("starter");
        OrchardBuilder second = builder.Services.AddOrchard("second", builder.Configuration.GetSection("Second"));
        second.AddChatClient("starter");
        second.AddKeyedChatClient("third", "starter");
        using IHost host = builder.Build();
        await host.StartAsync().OrBroken("the start");

        IChatClient[] clients =
        [
            host.Services.GetRequiredService<IChatClient>(),
            host.Services.GetRequiredKeyedService<IChatClient>("second"),
            host.Services.GetRequiredKeyedService<IChatClient>("third"),
        ];
        ChatResponse[] responses = await Task.WhenAll(clients.Select(client => client.GetResponseAsync("Who?"))).OrBroken("the answers");

        Assert.Equal(["one", "two", "two"], responses.Select(response => response.Text));
        Assert.Same(host.Services.GetRequiredKeyedService<Client>("second"), clients[2].GetService<Client>());
        await host.StopAsync().OrBroken("the stop");
    }

    [Fact]
    public async Task AddOrchard_Twice_IsOneClientWithTheOptionsOfBoth()
    {
        FakeEngine engine = Engine("Paris");
        HostApplicationBuilder builder = Builder([]);
        builder.Services.AddOrchard(options => options.EngineRoot = engine.EngineRoot).Preload("starter");
        builder.Services.AddOrchard(options => options.StartEngine = false);
        using IHost host = builder.Build();

        await host.StartAsync().OrBroken("the start");

        Assert.Single(host.Services.GetServices<Client>());
        Assert.False(host.Services.GetRequiredService<IOptions<OrchardOptions>>().Value.StartEngine);
        Assert.Equal(1, engine.CountOf(FakeCommandKind.LoadModel));
        await host.StopAsync().OrBroken("the stop");
    }

    [Fact]
    public async Task Preload_WaitedFor_IsDoneBeforeOtherServicesStart()
    {
        var gate = new EngineGate();
        FakeEngine engine = Engine("Paris");
        engine.Script.Load(FakeLoad.Success.After(gate));
        HostApplicationBuilder builder = Builder([]);
        var other = new Witness();
        builder.Services.AddSingleton<IHostedService>(other);
        builder.Services.AddOrchard(options => options.EngineRoot = engine.EngineRoot).Preload("starter");
        using IHost host = builder.Build();

        Task start = host.StartAsync();
        await gate.Reached.OrBroken("the load");
        Assert.False(other.HasStarted);
        gate.Open();
        await start.OrBroken("the start");

        Assert.True(other.HasStarted);
        Assert.Equal(ModelState.Ready, host.Services.GetRequiredService<Client>().Models.GetStatus("starter").State);
        await host.StopAsync().OrBroken("the stop");
    }

    [Fact]
    public async Task Preload_Fails_TheApplicationDoesNotStart()
    {
        FakeEngine engine = Engine("Paris");
        engine.Script.Load(FakeLoad.Failure("no memory"));
        HostApplicationBuilder builder = Builder([]);
        builder.Services.AddOrchard(options => options.EngineRoot = engine.EngineRoot).Preload("starter");
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => host.StartAsync().OrBroken("the refusal"));

        Assert.Contains("no memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preload_BesideTheApplication_EndsWithIt()
    {
        var gate = new EngineGate();
        FakeEngine engine = Engine("Paris");
        engine.Script.Load(FakeLoad.Success.After(gate));
        HostApplicationBuilder builder = Builder([]);
        builder.Services.AddOrchard(options =>
        {
            options.EngineRoot = engine.EngineRoot;
            options.WaitForPreload = false;
        }).Preload("starter");
        using IHost host = builder.Build();
        await host.StartAsync().OrBroken("the start");
        await gate.Reached.OrBroken("the load");

        await host.StopAsync().OrBroken("the stop");

        while ((await engine.NextCommandAsync().OrBroken("the engine to be told")).Kind != FakeCommandKind.CancelLoad)
        {
        }
    }

    [Fact]
    public async Task Stop_ServiceThatChatsUntilItsEnd_StillHasItsClient()
    {
        FakeEngine engine = Engine("Farewell");
        HostApplicationBuilder builder = Builder([]);
        builder.Services.AddOrchard(options => options.EngineRoot = engine.EngineRoot).AddChatClient("starter");
        builder.Services.AddSingleton<LastWords>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LastWords>());
        IHost host = builder.Build();
        await host.StartAsync().OrBroken("the start");
        var service = host.Services.GetRequiredService<LastWords>();
        var client = host.Services.GetRequiredService<Client>();

        await host.StopAsync().OrBroken("the stop");
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().OrBroken("the end");

        Assert.Equal("Farewell", service.Text);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.EnsureConnectedAsync());
    }

    [Fact]
    public async Task Container_DisposedSynchronously_DisposesTheClient()
    {
        FakeEngine engine = Engine("Paris");
        var services = new ServiceCollection();
        services.AddOrchard(options => options.EngineRoot = engine.EngineRoot).AddChatClient("starter");
        Client client;
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            client = provider.GetRequiredService<Client>();
            Assert.Equal("Paris", (await provider.GetRequiredService<IChatClient>().GetResponseAsync("Where?").OrBroken("the answer")).Text);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.EnsureConnectedAsync());
        await client.DisposeAsync().AsTask().OrBroken("the end");
    }

    [Fact]
    public async Task AddKeyedEmbeddingGenerator_SeveralModels_EachHasItsKey()
    {
        var services = new ServiceCollection();
        OrchardBuilder builder = services.AddOrchard();
        builder.AddEmbeddingGenerator("/models/one.gguf");
        builder.AddKeyedEmbeddingGenerator("second", "/models/two.gguf", dimensions: 8);
        await using ServiceProvider provider = services.BuildServiceProvider();

        EmbeddingGeneratorMetadata?[] metadata =
        [
            provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GetService<EmbeddingGeneratorMetadata>(),
            provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("second").GetService<EmbeddingGeneratorMetadata>(),
        ];

        Assert.Equal(["/models/one.gguf", "/models/two.gguf"], metadata.Select(model => model?.DefaultModelId));
        Assert.Equal([null, 8], metadata.Select(model => model?.DefaultModelDimensions));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.AddKeyedEmbeddingGenerator("third", "m", dimensions: 0));
    }

    [Fact]
    public async Task LoggerFactory_IsThatOfTheContainerUnlessSet()
    {
        using var own = new NullLoggerFactory();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOrchard();
        services.AddOrchard("second", options => options.LoggerFactory = own);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<OrchardOptions>>();

        Assert.Same(provider.GetRequiredService<ILoggerFactory>(), options.CurrentValue.LoggerFactory);
        Assert.Same(own, options.Get("second").LoggerFactory);
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }

    private FakeEngine Engine(string answer)
    {
        string folder = Directory.CreateTempSubdirectory("orc-").FullName;
        _folders.Add(folder);
        FakeEngine engine = FakeEngine.Listen(folder, new EngineScript().Answer(answer));
        _engines.Add(engine);
        return engine;
    }

    private sealed class Witness : IHostedService
    {
        public bool HasStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class LastWords(IChatClient client) : IHostedService
    {
        public string? Text { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken) =>
            Text = (await client.GetResponseAsync("Any last words?", cancellationToken: cancellationToken)).Text;
    }
}
