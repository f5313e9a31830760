using System.Globalization;
using k8s.Models;

namespace Orchard.Cli.Tests.Deployment;

/// <summary>The manifests of deploy/: their form, what they refer to, and what the command makes of its arguments there.</summary>
public sealed class ManifestTests(EngineFixture fixture)
{
    public static TheoryData<string> Names => [.. Manifests.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_HasTheFormOfItsKinds_AndRefersToWhatIsThere(string name)
    {
        IReadOnlyList<object> resources = Manifests.Read(name);

        Assert.NotEmpty(resources);
        Assert.All(Manifests.PodsOf(resources), pod => Check(resources, pod.Owner, pod.Pod.Spec));
    }

    [Fact]
    public void Manifest_WithAFieldThatIsMisspelled_IsRefused()
    {
        string text = Manifests.TextOf("orchard.yaml");

        Assert.ThrowsAny<Exception>(() => k8s.KubernetesYaml.LoadAllFromString(
            text.Replace("terminationGracePeriodSeconds", "terminationGraceSeconds", StringComparison.Ordinal), null, strict: true));
    }

    [Fact]
    public async Task Orchard_HasTimeToDrain_AndOptionsThatTheCommandKnows()
    {
        V1PodSpec pod = Manifests.PodsOf(Manifests.Read("orchard.yaml")).Single().Pod.Spec;
        V1Container container = pod.Containers.Single();
        string help = (await fixture.RunAsync("serve", "--help")).Out;

        long drain = long.Parse(container.Args[container.Args.IndexOf("--drain-timeout") + 1], CultureInfo.InvariantCulture);
        Assert.True(container.Lifecycle.PreStop.Sleep.Seconds + drain + 5 <= pod.TerminationGracePeriodSeconds);
        Assert.Equal("serve", container.Args[0]);
        Assert.All(
            container.Args.Where(static argument => argument.StartsWith("--", StringComparison.Ordinal)),
            option => Assert.Contains($"{option} ", help, StringComparison.Ordinal));
        Assert.Contains(container.Env, static variable => variable.Name == "ORCHARD_API_KEYS" && variable.ValueFrom is not null);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
    }

    [Fact]
    public void Gateway_HasAPoolForTheServersOfEachManifest()
    {
        IReadOnlyList<object> gateway = Manifests.Read("gateway.yaml");
        InferencePool[] pools = [.. gateway.OfType<InferencePool>()];
        V1Service[] services = [.. Manifests.Read("orchard.yaml").Concat(Manifests.Read("vllm.yaml")).OfType<V1Service>()];

        Assert.All(gateway.OfType<HttpRoute>(), route => Assert.Contains(pools, pool => pool.Metadata.Name == route.Spec.Rules[0].BackendRefs[0].Name));
        Assert.All(services, service => Assert.Equal(
            service.Spec.Selector, pools.Single(pool => pool.Metadata.Name == service.Metadata.Name).Spec.Selector.MatchLabels));
        int[] ports =
        [
            .. Manifests.PodsOf(Manifests.Read("orchard.yaml").Concat(Manifests.Read("vllm.yaml")))
                .SelectMany(static pod => pod.Pod.Spec.Containers[0].Ports ?? []).Select(static port => port.ContainerPort),
        ];
        Assert.Equal(ports, pools.Select(static pool => pool.Spec.TargetPorts.Single().Number));
    }

    [Fact]
    public void Ray_IsTheSameOnKubernetes()
    {
        string kubernetes = Manifests.Read("ray.yaml").OfType<RayService>().Single().Spec.ServeConfigV2!;

        Assert.Equal(WithoutComments(Manifests.TextOf("ray-serve.yaml")), WithoutComments(kubernetes));
    }

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#'));

    private static void Check(IReadOnlyList<object> resources, string owner, V1PodSpec pod)
    {
        string[] volumes = [.. (pod.Volumes ?? []).Select(static volume => volume.Name)];
        foreach (V1Container container in pod.Containers)
        {
            string[] ports = [.. (container.Ports ?? []).Select(static port => port.Name)];
            V1Probe?[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            Assert.All(probes.OfType<V1Probe>(), probe => Assert.Contains(probe.HttpGet.Port.Value, ports));
            Assert.Equal(volumes, (container.VolumeMounts ?? []).Select(static mount => mount.Name));
            Assert.Contains(':', container.Image);
            Assert.DoesNotContain(":latest", container.Image, StringComparison.Ordinal);
            Assert.All(
                (container.Env ?? []).Where(static variable => variable.ValueFrom is not null),
                variable => Assert.Contains(
                    variable.ValueFrom.SecretKeyRef.Key,
                    resources.OfType<V1Secret>().Single(secret => secret.Metadata.Name == variable.ValueFrom.SecretKeyRef.Name).StringData.Keys));
        }

        Assert.All(
            (pod.Volumes ?? []).Where(static volume => volume.PersistentVolumeClaim is not null),
            volume => Assert.Contains(
                resources.OfType<V1PersistentVolumeClaim>(), claim => claim.Metadata.Name == volume.PersistentVolumeClaim.ClaimName));
        Assert.NotEmpty(owner);
    }
}
