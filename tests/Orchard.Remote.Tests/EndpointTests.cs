using Microsoft.Extensions.Configuration;

namespace Orchard.Remote.Tests;

/// <summary>The settings of an endpoint.</summary>
public sealed class EndpointTests
{
    [Fact]
    public void AddRemotes_Configuration_IsBound()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Remote:big:BaseAddress"] = "https://a.example",
            ["Remote:big:Replicas:0"] = "https://b.example/v1",
            ["Remote:big:ApiKey"] = "secret",
            ["Remote:big:Kind"] = "Vllm",
            ["Remote:big:BestEffort"] = "true",
            ["Remote:big:Models:best"] = "Qwen/Qwen3-32B",
            ["Remote:big:ConnectTimeout"] = "00:00:02",
            ["Remote:small:BaseAddress"] = "http://localhost:11434",
        }).Build();

        IList<ModelSource> sources = new ClientOptions().AddRemotes(configuration.GetSection("Remote")).Sources;

        Assert.Equal(["big", "small"], sources.Select(static source => source.Name));
        var big = (RemoteEndpoint)sources[0];
        Assert.Equal(new Uri("https://a.example"), big.BaseAddress);
        Assert.Equal([new Uri("https://b.example/v1")], big.Replicas);
        Assert.Equal(("secret", RemoteKind.Vllm, true), (big.ApiKey, big.Kind, big.BestEffort));
        Assert.Equal("Qwen/Qwen3-32B", big.Models["BEST"]);
        Assert.Equal(TimeSpan.FromSeconds(2), big.ConnectTimeout);
    }

    [Fact]
    public void AddRemoteFromEnvironment_Variables_AreRead()
    {
        var variables = new Dictionary<string, string?>
        {
            ["ORCHARD_REMOTE_URL"] = "http://localhost:8000",
            ["ORCHARD_REMOTE_API_KEY"] = "k",
            ["ORCHARD_REMOTE_KIND"] = "sglang",
            ["ORCHARD_REMOTE_BEST_EFFORT"] = "1",
        };

        var endpoint = (RemoteEndpoint)Assert.Single(new ClientOptions().AddRemoteFrom(variables.GetValueOrDefault).Sources);

        Assert.Equal(("remote", "k", RemoteKind.SgLang, true), (endpoint.Name, endpoint.ApiKey, endpoint.Kind, endpoint.BestEffort));
        Assert.Empty(new ClientOptions().AddRemoteFrom(static _ => null).Sources);
        variables["ORCHARD_REMOTE_KIND"] = "other";
        Assert.ThrowsAny<ArgumentException>(() => new ClientOptions().AddRemoteFrom(variables.GetValueOrDefault));
        variables["ORCHARD_REMOTE_URL"] = "localhost";
        Assert.Contains("ORCHARD_REMOTE_URL", Assert.Throws<ArgumentException>(() => new ClientOptions().AddRemoteFrom(variables.GetValueOrDefault)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_Route_IsRead()
    {
        var variables = new Dictionary<string, string?> { ["ORCHARD_ROUTE_LOCAL"] = "starter" };
        Assert.Empty(new ClientOptions().AddRouteFrom(variables.GetValueOrDefault).Routes);
        variables["ORCHARD_ROUTE_REMOTE"] = "cluster/best";
        ModelRoute route = new ClientOptions().AddRouteFrom(variables.GetValueOrDefault).Routes["starter"];
        Assert.Equal(
            ("starter", "cluster/best", RouteCondition.QueueTime, TimeSpan.FromSeconds(2)),
            (route.Local, route.Remote, route.When, route.MaxQueueTime));
        variables["ORCHARD_ROUTE_NAME"] = "chat";
        variables["ORCHARD_ROUTE_WHEN"] = "notLoadable";
        variables["ORCHARD_ROUTE_MAX_QUEUE_SECONDS"] = "0.5";
        route = new ClientOptions().AddRouteFrom(variables.GetValueOrDefault).Routes["chat"];
        Assert.Equal((RouteCondition.NotLoadable, TimeSpan.FromSeconds(0.5)), (route.When, route.MaxQueueTime));
        variables["ORCHARD_ROUTE_WHEN"] = "sometimes";
        Assert.ThrowsAny<ArgumentException>(() => new ClientOptions().AddRouteFrom(variables.GetValueOrDefault));
    }

    [Fact]
    public void Configuration_Routes_AreBound()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Routes:chat:Local"] = "starter",
            ["Routes:chat:Remote"] = "cluster/best",
            ["Routes:chat:When"] = "Always",
            ["Routes:chat:MaxQueueTime"] = "00:00:05",
        }).Build();
        var options = new ClientOptions();
        configuration.Bind(options);

        ModelRoute route = options.Routes["CHAT"];
        Assert.Equal(
            ("starter", "cluster/best", RouteCondition.Always, TimeSpan.FromSeconds(5)),
            (route.Local, route.Remote, route.When, route.MaxQueueTime));
    }

    public static TheoryData<string, Action<RemoteEndpoint>> Invalid => new()
    {
        { "BaseAddress", static endpoint => endpoint.BaseAddress = null },
        { "BaseAddress", static endpoint => endpoint.BaseAddress = new Uri("/v1", UriKind.Relative) },
        { "ftp", static endpoint => endpoint.BaseAddress = new Uri("ftp://host") },
        { "user name", static endpoint => endpoint.BaseAddress = new Uri("http://me:pw@host") },
        { "query", static endpoint => endpoint.BaseAddress = new Uri("http://host?x=1") },
        { "ftp", static endpoint => endpoint.Replicas.Add(new Uri("ftp://host")) },
        { "AllowInsecureApiKey", static endpoint => (endpoint.ApiKey, endpoint.BaseAddress) = ("k", new Uri("http://10.0.0.1")) },
        { "ApiKey", static endpoint => endpoint.ApiKey = "a\r\nb" },
        { "Kind", static endpoint => endpoint.Kind = (RemoteKind)99 },
        { "ConnectTimeout", static endpoint => endpoint.ConnectTimeout = TimeSpan.Zero },
        { "MaxConcurrentRequests", static endpoint => endpoint.MaxConcurrentRequests = 0 },
        { "Models", static endpoint => endpoint.Models["a"] = " " },
        { "name", static endpoint => endpoint.Name = "a/b" },
    };

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Create_InvalidEndpoint_IsRefused(string says, Action<RemoteEndpoint> change)
    {
        ClientOptions options = new ClientOptions().AddRemote("cluster", new Uri("https://host"), change);

        Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(() => Client.Create(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000", false)]
    [InlineData("http://localhost:8000", false)]
    [InlineData("https://host", false)]
    [InlineData("http://10.0.0.1", true)]
    public async Task Create_KeyThatOthersCannotRead_IsAllowed(string address, bool isAllowed)
    {
        ClientOptions options = new ClientOptions().AddRemote("cluster", new Uri(address), endpoint =>
        {
            endpoint.ApiKey = "k";
            endpoint.AllowInsecureApiKey = isAllowed;
        });

        await Client.Create(options).DisposeAsync();
    }
}
