using System.Diagnostics;

namespace Orchard.Testing;

/// <summary>
/// One engine in a namespace of its own, with the models it is asked for loaded, and one client: for tests that run against a real
/// model and share it. Made for xunit v3, usable without: call <see cref="InitializeAsync"/> first and <see cref="DisposeAsync"/> last.
/// </summary>
/// <remarks>
/// <para>One line declares the fixture, a second one shares it with the tests of the assembly, which take it as a constructor argument:</para>
/// <code>
/// [assembly: AssemblyFixture(typeof(ModelFixture))]
/// public sealed class ModelFixture : OrchardFixture, IAsyncLifetime;
/// </code>
/// <para>
/// Should the test process be killed, the engine leaves by itself a second later, and the next fixture deletes what was left behind.
/// Thread-safe once initialized.
/// </para>
/// </remarks>
public class OrchardFixture : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<Task> _disposal;
    private InferenceEngine? _engine;
    private Client? _client;
    private string? _folder;

    /// <summary>A fixture that is not started yet.</summary>
    public OrchardFixture() => _disposal = new Lazy<Task>(DisposeOnceAsync);

    /// <summary>The client that the tests share.</summary>
    /// <exception cref="InvalidOperationException">The fixture is not initialized.</exception>
    public Client Client => _client ?? throw NotInitialized();

    /// <summary>The engine that the tests share.</summary>
    /// <exception cref="InvalidOperationException">The fixture is not initialized.</exception>
    public InferenceEngine Engine => _engine ?? throw NotInitialized();

    /// <summary>The engine's namespace: a folder of this fixture's own, deleted with it. Tests may put files there.</summary>
    /// <exception cref="InvalidOperationException">The fixture is not initialized.</exception>
    public string EngineRoot => _folder ?? throw NotInitialized();

    /// <summary>A client of the test's own, for what the shared one cannot show. The test disposes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Client> ConnectAsync(CancellationToken cancellationToken = default) => Engine.ConnectAsync(cancellationToken);

    /// <summary>Starts the engine, loads the models and connects the client. Call once.</summary>
    /// <exception cref="OrchardException">The engine could not be started, or a model could not be loaded.</exception>
    public async ValueTask InitializeAsync()
    {
        _folder = TestFolder.Create();
        try
        {
            _engine = await InferenceEngine.StartAsync(Configure(new EngineOptions
            {
                EngineRoot = _folder,
                LoadModels = ["starter"],
                GraceTime = TimeSpan.FromSeconds(1),
            })).ConfigureAwait(false);
            _client = await _engine.ConnectAsync().ConfigureAwait(false);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets go of the engine, waits until it has left, and deletes its folder. A second call waits for the first.</summary>
    /// <returns>A task that completes when nothing of the fixture is left.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return new ValueTask(_disposal.Value);
    }

    /// <summary>Changes how the engine is started: other models, another executable.</summary>
    /// <param name="options">
    /// A namespace of this fixture's own, the model <c>starter</c>, and 1 s of grace time. The namespace is the one setting to leave as it is.
    /// </param>
    /// <returns>The options to start with.</returns>
    protected virtual EngineOptions Configure(EngineOptions options) => options;

    private async Task DisposeOnceAsync()
    {
        using Process? process = FindProcess(_engine?.ProcessId);
        if (_client is not null)
        {
            await _client.DisposeAsync().ConfigureAwait(false);
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
        }

        if (process is not null)
        {
            await WaitForExitAsync(process).ConfigureAwait(false);
        }

        if (_folder is not null)
        {
            TestFolder.Delete(_folder);
        }
    }

    // An engine that somebody else still uses stays, and its folder with it until a later sweep.
    private static async Task WaitForExitAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The engine, process {process.Id}, is still there {ExitTimeout.TotalSeconds} s after the fixture let go of it. Is a client not disposed?");
        }
    }

    private static Process? FindProcess(int? id)
    {
        try
        {
            return id is { } processId ? Process.GetProcessById(processId) : null;
        }
        catch (ArgumentException)
        {
            return null; // it has left
        }
    }

    private static InvalidOperationException NotInitialized() =>
        new($"The fixture has no engine: call {nameof(InitializeAsync)} first. With xunit, the derived class must also name IAsyncLifetime.");
}
