using k8s;
using k8s.Models;

namespace Orchard.Cli.Tests.Deployment;

/// <summary>The manifests of the folder deploy/, read strictly: a field that Kubernetes does not know is an error.</summary>
internal static class Manifests
{
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["leaderworkerset.x-k8s.io/v1/LeaderWorkerSet"] = typeof(LeaderWorkerSet),
        ["ray.io/v1/RayService"] = typeof(RayService),
        ["inference.networking.k8s.io/v1/InferencePool"] = typeof(InferencePool),
        ["gateway.networking.k8s.io/v1/Gateway"] = typeof(Gateway),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
    };

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "deploy");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file))
        .Where(static name => name != "ray-serve.yaml"); // not of Kubernetes

    /// <summary>Returns the text of a file.</summary>
    public static string TextOf(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>Returns the resources of a file.</summary>
    public static IReadOnlyList<object> Read(string name) => KubernetesYaml.LoadAllFromString(TextOf(name), Kinds, strict: true);

    /// <summary>Returns the pods that resources describe, by the name of the resource.</summary>
    public static IEnumerable<(string Owner, V1PodTemplateSpec Pod)> PodsOf(IEnumerable<object> resources) => resources.SelectMany(
        static resource => resource switch
        {
            V1Deployment deployment => [(deployment.Metadata.Name, deployment.Spec.Template)],
            LeaderWorkerSet set =>
            [
                .. set.Spec.LeaderWorkerTemplate.LeaderTemplate is { } leader ? [("leader", leader)] : Array.Empty<(string, V1PodTemplateSpec)>(),
                ("worker", set.Spec.LeaderWorkerTemplate.WorkerTemplate),
            ],
            RayService ray => ((RayGroup[])[ray.Spec.RayClusterConfig.HeadGroupSpec, .. ray.Spec.RayClusterConfig.WorkerGroupSpecs])
                .Select(static group => (group.GroupName ?? "head", group.Template)),
            _ => Enumerable.Empty<(string, V1PodTemplateSpec)>(),
        });
}
