using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace Fleet.Gateways;

/// <summary>A reverse proxy in front of the members.</summary>
internal static class Gateway
{
    public static async Task<int> RunAsync(string address, IEnumerable<string> members)
    {
        await using WebApplication app = Create(address, members, ConversationAffinity.PolicyName);
        await app.RunAsync();
        return 0;
    }

    public static WebApplication Create(string address, IEnumerable<string> members, string loadBalancingPolicy)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<ILoadBalancingPolicy, ConversationAffinity>();
        builder.Services.AddReverseProxy()
            .LoadFromMemory([Everything], [ClusterOf(members, loadBalancingPolicy)])
            .AddTransforms(static context => context.ResponseTransforms.Add(new RefusalTransform()));
        WebApplication app = builder.Build();
        app.MapReverseProxy(static proxy =>
        {
            proxy.Use(ConversationKey.ReadAsync);
            proxy.Use(Failover.RunAsync);
            proxy.UseLoadBalancing();
        });
        return app;
    }

    private static RouteConfig Everything { get; } = new()
    {
        RouteId = "everything",
        ClusterId = "fleet",
        Match = new RouteMatch { Path = "{**path}" },
    };

    private static ClusterConfig ClusterOf(IEnumerable<string> members, string loadBalancingPolicy) => new()
    {
        ClusterId = "fleet",
        LoadBalancingPolicy = loadBalancingPolicy,
        Destinations = members.Select(static (member, index) => (Name: $"member-{index + 1}", Address: member))
            .ToDictionary(static member => member.Name, static member => new DestinationConfig { Address = member.Address }),

        // The first token of a long prompt can take a while.
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromMinutes(10) },

        // A member that stops, or has not loaded its model yet, is not ready. It gets no new requests.
        HealthCheck = new HealthCheckConfig
        {
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/health/ready",
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(5),
                Policy = "ConsecutiveFailures",
            },
        },
    };
}
