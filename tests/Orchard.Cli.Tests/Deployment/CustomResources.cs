using k8s.Models;

namespace Orchard.Cli.Tests.Deployment;

// Those fields of resources that no client library has which the manifests use. Sources: the types of LeaderWorkerSet v1, KubeRay v1,
// Gateway API v1 and its inference extension v1.

/// <summary>What every resource has.</summary>
public abstract class CustomResource<TSpec>
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required TSpec Spec { get; set; }
}

/// <summary>Groups of pods that are one server.</summary>
public sealed class LeaderWorkerSet : CustomResource<LeaderWorkerSetSpec>;

public sealed class LeaderWorkerSetSpec
{
    public int? Replicas { get; set; }

    public required LeaderWorkerTemplate LeaderWorkerTemplate { get; set; }
}

public sealed class LeaderWorkerTemplate
{
    public int? Size { get; set; }

    public string? RestartPolicy { get; set; }

    public V1PodTemplateSpec? LeaderTemplate { get; set; }

    public required V1PodTemplateSpec WorkerTemplate { get; set; }
}

/// <summary>A Ray cluster with the applications that run on it.</summary>
public sealed class RayService : CustomResource<RayServiceSpec>;

public sealed class RayServiceSpec
{
    public string? ServeConfigV2 { get; set; }

    public required RayClusterSpec RayClusterConfig { get; set; }
}

public sealed class RayClusterSpec
{
    public string? RayVersion { get; set; }

    public required RayGroup HeadGroupSpec { get; set; }

    public List<RayGroup> WorkerGroupSpecs { get; set; } = [];
}

public sealed class RayGroup
{
    public string? GroupName { get; set; }

    public int? Replicas { get; set; }

    public int? MinReplicas { get; set; }

    public int? MaxReplicas { get; set; }

    public Dictionary<string, string> RayStartParams { get; set; } = [];

    public required V1PodTemplateSpec Template { get; set; }
}

/// <summary>Servers of which a gateway chooses one.</summary>
public sealed class InferencePool : CustomResource<InferencePoolSpec>;

public sealed class InferencePoolSpec
{
    public required V1LabelSelector Selector { get; set; }

    public required List<PoolPort> TargetPorts { get; set; }

    public PoolPicker? EndpointPickerRef { get; set; }
}

public sealed class PoolPort
{
    public required int Number { get; set; }
}

public sealed class PoolPicker
{
    public required string Name { get; set; }

    public PoolPort? Port { get; set; }

    public string? FailureMode { get; set; }
}

/// <summary>Where a gateway listens.</summary>
public sealed class Gateway : CustomResource<GatewaySpec>;

public sealed class GatewaySpec
{
    public required string GatewayClassName { get; set; }

    public required List<GatewayListener> Listeners { get; set; }
}

public sealed class GatewayListener
{
    public required string Name { get; set; }

    public required int Port { get; set; }

    public required string Protocol { get; set; }
}

/// <summary>Which requests go where.</summary>
public sealed class HttpRoute : CustomResource<HttpRouteSpec>;

public sealed class HttpRouteSpec
{
    public List<RouteReference> ParentRefs { get; set; } = [];

    public List<string> Hostnames { get; set; } = [];

    public List<HttpRouteRule> Rules { get; set; } = [];
}

public sealed class HttpRouteRule
{
    public List<RouteReference> BackendRefs { get; set; } = [];

    public HttpRouteTimeouts? Timeouts { get; set; }
}

public sealed class HttpRouteTimeouts
{
    public string? Request { get; set; }
}

public sealed class RouteReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public required string Name { get; set; }
}
