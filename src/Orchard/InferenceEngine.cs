using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection;
using Orchard.Diagnostics;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard;

/// <summary>
/// Keeps an engine process running, with a set of models loaded, until it is disposed. For servers and test fixtures; most applications
/// need only a <see cref="Client"/>, which starts an engine when it needs one.
/// </summary>
/// <remarks>Thread-safe. If an engine is already running in the namespace, that one is used and no other is started.</remarks>
public sealed class InferenceEngine : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    private readonly ClientOptions _options;
    private readonly Client _client;

    private InferenceEngine(ClientOptions options, Client client)
    {
        _options = options;
        _client = client;
    }

    /// <summary>Process id of the engine; null while no engine is running, or when the engine did not report it.</summary>
    public int? ProcessId => _client.CurrentSession?.ProcessId;

    /// <summary>Starts the engine of a namespace, or attaches to the one that is running, and loads the requested models.</summary>
    /// <param name="options">Which namespace and models, and which time limits; null for the defaults. Copied.</param>
    /// <param name="cancellationToken">Cancels the wait. An engine that has just been started exits after its grace time.</param>
    /// <returns>An object that keeps the engine running until it is disposed.</returns>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="ModelNotFoundException">One of the models is no known name, no existing file and no model of the hub.</exception>
    /// <exception cref="ModelAccessException">The hub requires a token or the acceptance of conditions for one of the models.</exception>
    /// <exception cref="ModelDownloadException">A download failed; the next start continues it.</exception>
    /// <exception cref="ModelLoadException">The engine could not load one of the models.</exception>
    /// <exception cref="ModelMemoryException">There is not enough memory for all models.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<InferenceEngine> StartAsync(EngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EngineOptions();
        string[] models = [.. options.LoadModels];
        var clientOptions = new ClientOptions(options);
        Client client = await Client.ConnectAsync(clientOptions, cancellationToken).ConfigureAwait(false);
        try
        {
            var kept = new ModelOptions { KeepWhileConnected = true };
            IEnumerable<Task> loads = models.Select(model => client.Models.EnsureLoadedAsync(model, kept, null, cancellationToken));
            await Task.WhenAll(loads).ConfigureAwait(false);
            return new InferenceEngine(clientOptions, client);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns whether an engine is running in a namespace. Starts none, and does not wait for one to answer.</summary>
    /// <param name="options">Which namespace; null for the default one.</param>
    /// <returns>Whether a process listens on the management socket of the namespace.</returns>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineStartException">The user has no directory for the default namespace.</exception>
    public static bool IsRunning(ClientOptions? options = null) =>
        EngineHolder.IsListening(Client.ResolveRoot(new ClientOptions(options ?? new ClientOptions())));

    /// <summary>
    /// Stops the engine process of a namespace, if one is running, regardless of which applications use it. Never starts one.
    /// </summary>
    /// <remarks>
    /// Calls in flight, in this application and in others, end with <see cref="EngineDiedException"/>. For administration and updates: an
    /// engine exits by itself after its last client has left. The engine is asked to exit first, and killed when it has not exited in time.
    /// The next call of any client starts a new engine.
    /// </remarks>
    /// <param name="options">Which namespace; null for the default one.</param>
    /// <param name="timeout">How long the engine may take to exit before it is killed, above zero (default: null, 10 s).</param>
    /// <param name="cancellationToken">Cancels the wait. The engine may stop nevertheless.</param>
    /// <returns>Whether an engine was running. It is no longer running when the task completes.</returns>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative.</exception>
    /// <exception cref="EngineStopException">The engine refused to stop, or could not be killed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<bool> StopAsync(
        ClientOptions? options = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        TimeSpan limit = timeout ?? DefaultStopTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        options = new ClientOptions(options ?? new ClientOptions());
        EngineRoot root = Client.ResolveRoot(options);
        GuardedLogger logger = GuardedLogger.Create(options.LoggerFactory);
        try
        {
            return await new EngineStopper(root, new ProcessProbe(), options.TimeProvider, logger)
                .StopAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await logger.FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Connects a new client to this engine. The client is independent of this object and of other clients.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A connected client, to be disposed by the caller.</returns>
    /// <exception cref="EngineStartException">The engine had exited and could not be started again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<Client> ConnectAsync(CancellationToken cancellationToken = default) => Client.ConnectAsync(_options, cancellationToken);

    /// <summary>Stops the engine process of this object's namespace, regardless of which applications use it.</summary>
    /// <returns>A task that completes when the process has exited, at once when none is running.</returns>
    /// <inheritdoc cref="StopAsync"/>
    public Task ShutdownAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        StopAsync(_options, timeout, cancellationToken);

    /// <summary>Starts releasing the engine and returns without waiting for the end; see <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>Releases the engine, which exits after its grace time unless other clients use it. May be called repeatedly.</summary>
    /// <returns>A task that completes when this object has no more work in progress.</returns>
    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
