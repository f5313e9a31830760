using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard;

/// <summary>
/// A hold on an engine process: it runs, with the models asked for, at least as long as this object lives. For servers and test
/// fixtures; most programs need only a <see cref="Client"/>, which starts an engine by itself.
/// </summary>
/// <remarks>Thread-safe. When an engine of the namespace runs already, it is used instead of starting another.</remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    private static readonly TimeSpan DefaultShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly ClientOptions _options;
    private readonly Client _client;

    private InferenceEngine(ClientOptions options, Client client)
    {
        _options = options;
        _client = client;
    }

    /// <summary>The engine's process id; null while there is no engine, or when it did not say.</summary>
    public int? ProcessId => _client.CurrentSession?.ProcessId;

    /// <summary>Starts the engine of a namespace, or takes hold of the one that runs, and loads the models asked for.</summary>
    /// <param name="options">Which namespace, which models, which limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait. An engine that was just started leaves by itself.</param>
    /// <returns>The hold.</returns>
    /// <exception cref="ArgumentException">An option is outside its range, or the namespace's path is too long for a socket.</exception>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start, or did not answer in time.</exception>
    /// <exception cref="ModelNotFoundException">One of the models is neither an alias nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load one of the models.</exception>
    public static async Task<InferenceEngine> StartAsync(EngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EngineOptions();
        ClientOptions clientOptions = options.ToClientOptions();
        Client client = await Client.ConnectAsync(clientOptions, cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(options.LoadModels.Select(model => client.Models.EnsureLoadedAsync(model, null, cancellationToken))).ConfigureAwait(false);
            return new InferenceEngine(clientOptions, client);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A new client of this engine, independent of this object and of other clients.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A connected client.</returns>
    /// <exception cref="EngineStartException">The engine was gone and could not be started again.</exception>
    public Task<Client> ConnectAsync(CancellationToken cancellationToken = default) => Client.ConnectAsync(_options, cancellationToken);

    /// <summary>
    /// Stops the engine process of this namespace, whoever uses it: calls in flight, of this program and of others, end with
    /// <see cref="EngineDiedException"/>. For administration and updates; programs that are done with it dispose this object instead.
    /// </summary>
    /// <remarks>First it is asked to stop in order; when it has not ended in time, it is killed. A later call of a client starts a new one.</remarks>
    /// <param name="timeout">How long it may take to stop in order, above zero (default: null, 10 s).</param>
    /// <param name="cancellationToken">Ends the wait. The engine may stop nevertheless.</param>
    /// <returns>A task that completes when the process is gone, at once when there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative.</exception>
    /// <exception cref="EngineStopException">It refused to stop, or could not be ended.</exception>
    public Task ShutdownAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        TimeSpan patience = timeout ?? DefaultShutdownTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience, TimeSpan.Zero, nameof(timeout));
        ILogger logger = _options.LoggerFactory?.CreateLogger("Orchard") ?? NullLogger.Instance;
        return new EngineStopper(EngineRoot.Resolve(_options.EngineRoot), new ProcessProbe(), _options.TimeProvider, logger).StopAsync(patience, cancellationToken);
    }

    /// <summary>Lets go of the engine. It leaves by itself when nobody else uses it. A second call waits for the first.</summary>
    /// <returns>A task that completes when nothing of this object runs any more.</returns>
    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
