using System.Diagnostics;

namespace Orchard.Testing;

/// <summary>
/// A real engine in its own namespace, with models loaded, and a client, for tests that share them. Made for xunit v3. With other test
/// frameworks, call <see cref="InitializeAsync"/> first and <see cref="DisposeAsync"/> last.
/// </summary>
/// <remarks>
/// <para>
/// One line declares the fixture, and another one shares it with all tests of the assembly, which receive it as a constructor argument:
/// </para>
/// <code>
/// [assembly: AssemblyFixture(typeof(ModelFixture))]
/// public sealed class ModelFixture : OrchardFixture, IAsyncLifetime;
/// </code>
/// <para>
/// If the test process is killed, the engine exits about a second later, and the next fixture deletes the directory that was left behind.
/// Thread-safe once it is initialized.
/// </para>
/// </remarks>
public class OrchardFixture : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<Task> _disposal;
    private InferenceEngine? _engine;
    private Client? _client;
    private string? _folder;

    /// <summary>Creates a fixture that is not initialized yet.</summary>
    public OrchardFixture() => _disposal = new Lazy<Task>(DisposeOnceAsync);

    /// <summary>The client shared by the tests.</summary>
    /// <exception cref="InvalidOperationException">The fixture has not been initialized.</exception>
    public Client Client => _client ?? throw NotInitialized();

    /// <summary>The engine shared by the tests.</summary>
    /// <exception cref="InvalidOperationException">The fixture has not been initialized.</exception>
    public InferenceEngine Engine => _engine ?? throw NotInitialized();

    /// <summary>Directory of the engine's namespace, deleted together with the fixture. Tests may put files there.</summary>
    /// <exception cref="InvalidOperationException">The fixture has not been initialized.</exception>
    public string EngineRoot => _folder ?? throw NotInitialized();

    /// <summary>Connects another client to the engine, for tests that cannot use the shared one.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A connected client, to be disposed by the test.</returns>
    /// <exception cref="InvalidOperationException">The fixture has not been initialized.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<Client> ConnectAsync(CancellationToken cancellationToken = default) => Engine.ConnectAsync(cancellationToken);

    /// <summary>Starts the engine, loads the models and connects the client. Must be called once.</summary>
    /// <exception cref="OrchardException">The engine failed to start, or a model could not be loaded.</exception>
    /// <returns>A task that completes when the fixture is ready.</returns>
    public async ValueTask InitializeAsync()
    {
        _folder = TestFolder.Create();
        try
        {
            var options = new EngineOptions { EngineRoot = _folder, EngineGraceTime = TimeSpan.FromSeconds(1), LoadModels = ["starter"] };
            Configure(options);
            _engine = await InferenceEngine.StartAsync(options).ConfigureAwait(false);
            _client = await _engine.ConnectAsync().ConfigureAwait(false);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Releases the engine, waits until it has exited, and deletes its directory. May be called repeatedly.</summary>
    /// <returns>A task that completes when the directory has been deleted.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return new ValueTask(_disposal.Value);
    }

    /// <summary>Changes the options that the engine is started with, for example to load other models. The default does nothing.</summary>
    /// <param name="options">
    /// The options: the fixture's own namespace, which must not be changed, the model <c>starter</c>, and a grace time of 1 s.
    /// </param>
    protected virtual void Configure(EngineOptions options)
    {
    }

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

    // An engine that is still used by others keeps running, and a later sweep deletes its directory.
    private static async Task WaitForExitAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"The engine process {process.Id} is still running {ExitTimeout.TotalSeconds} s after the fixture was disposed. "
                + "Dispose all clients of the engine before the fixture.");
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
            return null; // it has exited
        }
    }

    private static InvalidOperationException NotInitialized() => new(
        $"The fixture has not been initialized. Call {nameof(InitializeAsync)} first; "
        + "with xunit, let the derived class implement IAsyncLifetime.");
}
