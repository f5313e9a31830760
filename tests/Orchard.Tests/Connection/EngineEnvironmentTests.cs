using Orchard.Processes;

namespace Orchard.Tests.Connection;

public sealed class EngineEnvironmentTests
{
    [Fact]
    public void Restrict_SecretsOfTheApplication_AreRemovedAndSettingsOfTheEngineStay()
    {
        var environment = new Dictionary<string, string?>
        {
            ["OPENAI_API_KEY"] = "secret",
            ["ConnectionStrings__Db"] = "secret",
            ["LD_PRELOAD"] = "x.so",
            ["PATH"] = "/bin",
            ["HOME"] = "/home/me",
            ["ORCHARD_ENGINE_THREADS"] = "2",
            ["CUDA_VISIBLE_DEVICES"] = "0",
            ["DOTNET_ROOT"] = "/usr/share/dotnet",
        };

        EngineEnvironment.Restrict(environment);

        Assert.Equal(
            ["CUDA_VISIBLE_DEVICES", "DOTNET_ROOT", "HOME", "ORCHARD_ENGINE_THREADS", "PATH"],
            environment.Keys.Order(StringComparer.Ordinal));
    }
}
