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

    [Fact]
    public void Restrict_KeysAndToolsOfTheApplication_AreRemovedThoughTheirPrefixIsThatOfSettings()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ORCHARD_API_KEYS"] = "secret",
            ["ORCHARD_REMOTE_API_KEY"] = "secret",
            ["DOTNET_STARTUP_HOOKS"] = "/app/agent.dll",
            ["DOTNET_DiagnosticPorts"] = "/tmp/tool.sock,suspend",
            ["DOTNET_gcServer"] = "0",
        };

        EngineEnvironment.Restrict(environment);

        Assert.Equal(["DOTNET_gcServer"], environment.Keys);
    }

    [Fact]
    public void Restrict_VariablesNamedByTheUser_Stay()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ORCHARD_ENGINE_ENVIRONMENT"] = "LD_PRELOAD, MALLOC_CONF,",
            ["LD_PRELOAD"] = "x.so",
            ["MALLOC_CONF"] = "y",
            ["MALLOC"] = "z",
        };

        EngineEnvironment.Restrict(environment);

        Assert.Equal(["LD_PRELOAD", "MALLOC_CONF", "ORCHARD_ENGINE_ENVIRONMENT"], environment.Keys.Order(StringComparer.Ordinal));
    }
}
