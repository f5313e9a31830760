using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Calls;
using Orchard.Connection;
using Orchard.Diagnostics;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Sockets;

namespace Orchard;

/// <summary>
/// Chats with large language models on this machine. The models run in an engine process, which is found or started on demand and
/// shared with every application of this user.
/// </summary>
/// <remarks>
/// <para>Thread-safe: one instance serves a whole application, and its calls run side by side.</para>
/// <para>
/// Where no context was captured, code after an <c>await</c> runs on a thread of the thread pool or of the client. It may block there: it holds
/// up no other call.
/// </para>
/// <para>
/// When the engine dies, calls that had got some of their answer fail with <see cref="EngineDiedException"/>; the others are made once
/// more on a new engine, see <see cref="ClientOptions.ReplayUnansweredCalls"/>.
/// </para>
/// <para>Dispose it when done; the engine leaves by itself some seconds after its last client is gone.</para>
/// </remarks>
public sealed partial class Client : IAsyncDisposable
{
    private readonly EngineConnection _connection;
    private readonly ModelAttempts _attempts;
    private readonly TimeProvider _time;

    private Client(IEngineConnector connector, ModelResolver resolver, ClientOptions options, ILogger logger)
    {
        _time = options.TimeProvider;
        _connection = new EngineConnection(connector, options.TimeProvider);
        var activator = new EngineModelActivator(_connection.Sessions, options.TimeProvider, logger);
        Models = new ModelRegistry(resolver, new CrashLoopGuard(activator, options.TimeProvider), options.TimeProvider);
        _attempts = new ModelAttempts(Models, options.ReplayUnansweredCalls);
    }

    /// <summary>The models this client has asked for.</summary>
    public ModelRegistry Models { get; }

    /// <summary>How the connection to the engine stands. Neither waits nor connects.</summary>
    public EngineStatus EngineStatus => CurrentSession is { } session
        ? new EngineStatus { IsConnected = true, ProcessId = session.ProcessId, HeartbeatAge = session.Heartbeats.Age }
        : new EngineStatus();

    /// <summary>The session in use; null when there is none at the moment.</summary>
    internal EngineSession? CurrentSession => _connection.Current;

    /// <summary>Finds the engine of the namespace, or starts it, and connects.</summary>
    /// <param name="options">Which namespace, which executable, which limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait. An engine that was just started leaves by itself.</param>
    /// <returns>A connected client.</returns>
    /// <exception cref="ArgumentException">An option is outside its range, or the namespace's path is too long for a socket.</exception>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start, or did not answer in time.</exception>
    public static async Task<Client> ConnectAsync(ClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        return await ConnectedAsync(Create(options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A client that is not connected yet: its first call finds or starts the engine, as does <see cref="EnsureConnectedAsync"/>. For
    /// code that cannot wait, such as the constructor of a service.
    /// </summary>
    /// <param name="options">Which namespace, which executable, which limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the namespace's path is too long for a socket.</exception>
    public static Client Create(ClientOptions? options = null)
    {
        options ??= new ClientOptions();
        options.Validate();
        EngineRoot root = EngineRoot.Resolve(options.EngineRoot);
        UnixSocket.ValidatePath(root.ManagementSocket); // the longest of the three

        ILogger logger = CreateLogger(options);
        return new Client(new EngineConnector(root, options, logger), new ModelResolver(AppContext.BaseDirectory), options, logger);
    }

    /// <summary>Connects to whatever engine the connector gives.</summary>
    internal static Task<Client> ConnectAsync(
        IEngineConnector connector, ModelResolver resolver, ClientOptions options, CancellationToken cancellationToken) =>
        ConnectedAsync(new Client(connector, resolver, options, CreateLogger(options)), cancellationToken);

    private static ILogger CreateLogger(ClientOptions options) =>
        options.LoggerFactory is { } factory ? new GuardedLogger(factory.CreateLogger("Orchard")) : NullLogger.Instance;

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

    /// <summary>Waits until there is a connection to an engine, starting one if need be; at once when there is one already.</summary>
    /// <param name="cancellationToken">Ends the wait. An engine that was just started leaves by itself.</param>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start, or did not answer in time.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task EnsureConnectedAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _connection.Sessions.GetAsync(cancellationToken);
    }

    /// <summary>Ends calls in flight and leaves the engine. A second call waits for the first.</summary>
    /// <returns>A task that completes when nothing of this client runs any more.</returns>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_connection.IsDisposed, this);
}
