using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Connection;
using Orchard.Diagnostics;
using Orchard.Models;
using Orchard.Models.Sources;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Sockets;
using Orchard.Routing;

namespace Orchard;

/// <summary>
/// Runs large language models on this machine: chat, structured output, tool calls, embeddings, reranking and tokenization. The models run
/// in a separate engine process, which is found or started on demand and shared by all applications of the user.
/// </summary>
/// <remarks>
/// <para>Thread-safe. One instance serves a whole application, and its calls run concurrently.</para>
/// <para>
/// Without a captured synchronization context, code after an <c>await</c> runs on a thread-pool thread or on a thread of the client. It may
/// block there without delaying other calls.
/// </para>
/// <para>
/// When the engine process exits, or the connection to it ends, calls that have received a part of their answer fail with an
/// <see cref="EngineConnectionException"/>. The others are sent once more, to a new engine if necessary; see
/// <see cref="ClientOptions.ReplayUnansweredCalls"/>.
/// </para>
/// <para>Dispose the client when it is no longer needed. The engine exits some seconds after its last client has left.</para>
/// </remarks>
public sealed partial class Client : IAsyncDisposable, IDisposable
{
    private readonly EngineConnection _connection;
    private readonly ModelAttempts _attempts;
    private readonly ModelSources _sources;
    private readonly EngineProvider _engine;
    private readonly TimeProvider _time;
    private readonly GuardedLogger _logger;

    private Client(IEngineConnector connector, ModelResolver resolver, ClientOptions options, GuardedLogger logger)
    {
        _logger = logger;
        _time = options.TimeProvider;
        _connection = new EngineConnection(connector, options.TimeProvider);
        var context = new SourceContext(logger, options.TimeProvider, options.StallTimeout, options.ReplayUnansweredCalls);
        _sources = ModelSources.Open(options.Sources, context);
        var activator = new EngineModelActivator(_connection.Sessions, resolver, options.UseMemoryMap, options.TimeProvider, logger);
        Models = new ModelRegistry(
            resolver,
            new CrashLoopGuard(activator, options.TimeProvider),
            options.TimeProvider,
            options.ReplayUnansweredCalls,
            new ModelSettings(options.Models, options.ModelDefaults.Or(ModelVariables.Read(Environment.GetEnvironmentVariable))),
            _sources);
        _attempts = new ModelAttempts(Models, options.ReplayUnansweredCalls);
        _engine = new EngineProvider(Models, _attempts);
        _sources.Connect(options.Routes.Select(route => KeyValuePair.Create(
            route.Key, ((IModelProvider)Connect(route.Key, route.Value, context), route.Value.Local))));
    }

    /// <summary>The models that this client has used, and operations on models.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Current state of the connection to the engine. Never connects or waits.</summary>
    public EngineStatus EngineStatus => CurrentSession is { } session
        ? new EngineStatus
        {
            IsConnected = true,
            ProcessId = session.ProcessId,
            HeartbeatAge = session.Heartbeats.Age,
            Backends = ComputeBackends.Of(session.Heartbeats.Last),
        }
        : new EngineStatus();

    /// <summary>The session in use; null while there is none.</summary>
    internal EngineSession? CurrentSession => _connection.Current;

    /// <summary>Connects to the engine of a namespace, starting one if none is running.</summary>
    /// <param name="options">Which namespace and executable, and which time limits; null for the defaults. Copied.</param>
    /// <param name="cancellationToken">Cancels the wait. An engine that has just been started exits after its grace time.</param>
    /// <returns>A connected client, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<Client> ConnectAsync(ClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        return await ConnectedAsync(Create(options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Creates a client that is not connected yet. Its first call, or <see cref="EnsureConnectedAsync"/>, finds or starts the engine. For
    /// code that cannot wait, such as the constructor of a service.
    /// </summary>
    /// <param name="options">Which namespace and executable, and which time limits; null for the defaults. Copied.</param>
    /// <returns>A client, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineStartException">The user has no directory for the default namespace.</exception>
    public static Client Create(ClientOptions? options = null)
    {
        options = new ClientOptions(options ?? new ClientOptions());
        EngineRoot root = ResolveRoot(options);
        GuardedLogger logger = GuardedLogger.Create(options.LoggerFactory);
        bool isOtherEngine = EngineLocator.IsGiven(options.EnginePath);
        var resolver = new ModelResolver(
            AppContext.BaseDirectory, HubModels.Create(options.Hub, isOtherEngine, options.TimeProvider, logger, root.PrefixFolder));
        return new Client(new EngineConnector(root, options, logger, FirstChat.Prepare), resolver, options, logger);
    }

    /// <summary>Connects through a connector of the caller's. <paramref name="options"/> must not be changed afterwards.</summary>
    internal static Task<Client> ConnectAsync(
        IEngineConnector connector, ModelResolver resolver, ClientOptions options, CancellationToken cancellationToken) =>
        ConnectedAsync(new Client(connector, resolver, options, GuardedLogger.Create(options.LoggerFactory)), cancellationToken);

    /// <summary>Validates the options and returns the namespace they name.</summary>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, or the path of the namespace is too long for a socket.
    /// </exception>
    /// <exception cref="EngineStartException">The user has no directory for the default namespace.</exception>
    internal static EngineRoot ResolveRoot(ClientOptions options)
    {
        options.Validate();
        EngineRoot root;
        try
        {
            root = EngineRoot.Resolve(options.EngineRoot, options.PieCompatible);
        }
        catch (NoHomeDirectoryException e)
        {
            throw NamespaceRefusal.Of(e);
        }

        UnixSocket.ValidatePath(root.ManagementSocket); // the longest of the three
        return root;
    }

    private static async Task<Client> ConnectedAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.EnsureConnectedAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for a connection to an engine, starting one if none is running. Completes at once when connected.</summary>
    /// <param name="cancellationToken">Cancels the wait. An engine that has just been started exits after its grace time.</param>
    /// <returns>A task that completes when the client is connected.</returns>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task EnsureConnectedAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _connection.Sessions.GetAsync(cancellationToken);
    }

    /// <summary>
    /// Starts disconnecting and returns without waiting for the end. New calls fail with <see cref="ObjectDisposedException"/> at once, and
    /// calls in flight soon after. Prefer <see cref="DisposeAsync"/>, which waits; this method is for containers and <c>using</c> blocks
    /// that are disposed synchronously.
    /// </summary>
    public void Dispose() => _ = DisconnectAsync();

    /// <summary>
    /// Disconnects from the engine. Calls in flight fail with <see cref="ObjectDisposedException"/>. Further calls of this method, also
    /// after <see cref="Dispose"/>, wait for the same end.
    /// </summary>
    /// <returns>A task that completes when the client has no more work in progress.</returns>
    public ValueTask DisposeAsync() => new(DisconnectAsync());

    private async Task DisconnectAsync()
    {
        ValueTask disconnected = _connection.DisposeAsync(); // from here on, new calls are refused
        await _sources.DisposeAsync().ConfigureAwait(false);
        await Models.CloseAsync().ConfigureAwait(false);
        await disconnected.ConfigureAwait(false);
        await _logger.FlushAsync().ConfigureAwait(false);
    }

    private RouteProvider Connect(string name, ModelRoute route, SourceContext context)
    {
        // A call that the engine's end leaves without an answer goes to the other side at once, and only then to another engine.
        var once = new EngineProvider(Models, new ModelAttempts(Models, replay: false));
        var local = new RouteSide(isRemote: false, route.Local, once, _time) { LastProvider = _engine };
        _sources.TryFindSource(route.Remote, out IModelProvider? provider, out string? model);
        var remote = new RouteSide(isRemote: true, model!, provider!, _time);
        return new RouteProvider(name, route, local, remote, () => CurrentSession?.Heartbeats, context);
    }

    // Who serves a model, and its name there.
    private IModelProvider ProviderOf(string model, out string name)
    {
        if (_sources.TryFind(model, out IModelProvider? provider, out string? found))
        {
            name = found;
            return provider;
        }

        name = model;
        return _engine;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_connection.IsDisposed, this);
}
