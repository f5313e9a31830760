using Orchard.Testing;

namespace Orchard.Tests.Connection;

/// <summary>A namespace in which the stub is the engine.</summary>
internal sealed class StubNamespace : IDisposable
{
    /// <param name="startCommand">How the stub starts.</param>
    public StubNamespace(string startCommand) => File.WriteAllText(Path.Combine(Root, "stub"), startCommand);

    public string Root { get; } = TestFolder.Create();

    public static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "orchard-engine-stub.exe" : "orchard-engine-stub");

    /// <param name="startTimeout">The time that is waited out where the stub never answers; else what means broken.</param>
    public Task<Client> ConnectAsync(TimeSpan? startTimeout = null) => Client.ConnectAsync(new ClientOptions
    {
        EngineRoot = Root,
        EnginePath = Executable,
        ReplayUnansweredCalls = false, // the tests look at the first death
        StartTimeout = startTimeout ?? TimeSpan.FromSeconds(30),
    });

    public void Dispose() => TestFolder.Delete(Root);
}
