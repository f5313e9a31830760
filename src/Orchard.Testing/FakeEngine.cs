using Orchard.Formatting;

namespace Orchard.Testing;

/// <summary>
/// An engine without a model, which does what its script says. It uses the real protocol, in memory or on the sockets of a namespace. For
/// tests of code that has to cope with an engine that answers, is slow, fails or exits.
/// </summary>
/// <remarks>
/// Thread-safe. In memory, an engine that has crashed is replaced by a new one, with nothing loaded, as soon as a client connects again. On
/// sockets it stays away. In memory, models need no files. On sockets, clients look for the files themselves; <see cref="ModelPath"/> is
/// one that exists.
/// </remarks>
public sealed class FakeEngine : IAsyncDisposable, IDisposable
{
    // Larger than any process id an operating system assigns, so that it never names a process that is running.
    private const int FirstProcessId = 1_000_000_000;

    private readonly Lock _gate = new();
    private readonly List<EngineInstance> _instances = []; // guarded by _gate
    private readonly Protocol.EngineRoot _root;
    private readonly EngineState _state;
    private bool _disposed; // guarded by _gate

    /// <summary>Creates an engine in memory, for clients of <see cref="ConnectAsync"/>.</summary>
    /// <param name="script">What the engine does (default: null, a new script).</param>
    /// <param name="timeProvider">Clock of the engine and of its clients (default: null, the system clock).</param>
    public FakeEngine(EngineScript? script = null, TimeProvider? timeProvider = null)
        : this(Protocol.EngineRoot.At(Path.Combine(Path.GetTempPath(), $"orchard-fake-{Guid.NewGuid():N}")), script, timeProvider)
    {
    }

    private FakeEngine(Protocol.EngineRoot root, EngineScript? script, TimeProvider? timeProvider)
    {
        _root = root;
        _state = new EngineState(script ?? new EngineScript(), timeProvider ?? TimeProvider.System) { ChatTemplate = ChatMl.Template };
    }

    /// <summary>What the engine does.</summary>
    public EngineScript Script => _state.Script;

    /// <summary>Directory of the namespace in which the engine listens; null for an engine in memory.</summary>
    public string? EngineRoot { get; private init; }

    /// <summary>
    /// Path of a model file, for clients that look for files: a file without weights in <see cref="EngineRoot"/>, which the engine created
    /// and deletes when it is disposed. In memory, where models need no files, a name.
    /// </summary>
    public string ModelPath { get; private init; } = "fake";

    /// <summary>
    /// The process id that the engine reports: on sockets that of the test process, in memory an invented one that changes with each crash.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The engine in memory has been disposed.</exception>
    public int ProcessId => CurrentInstance.ProcessId;

    /// <summary>All requests so far, oldest first. A snapshot.</summary>
    public IReadOnlyList<FakeRequest> Requests => _state.Requests.All;

    /// <summary>All commands so far, oldest first. A snapshot.</summary>
    public IReadOnlyList<FakeCommand> Commands => _state.Commands.All;

    /// <summary>
    /// What the models take (default: <see cref="Orchard.InputModalities.Text"/>). Set before a model is loaded. The engine does not look
    /// into images and sound: <see cref="FakePrompt.Images"/>, <see cref="FakePrompt.Audio"/>.
    /// </summary>
    public InputModalities InputModalities
    {
        get => _state.InputModalities;
        set => _state.InputModalities = value;
    }

    /// <summary>Chat template of the models. The default, ChatML, lets the script read the conversation back from the prompt.</summary>
    internal string? ChatTemplate
    {
        get => _state.ChatTemplate;
        init => _state.ChatTemplate = value;
    }

    /// <summary>
    /// Sampling values that the models recommend, by the last part of their <c>general.sampling.*</c> key (default: null, none).
    /// </summary>
    internal Dictionary<string, double>? Sampling
    {
        get => _state.Sampling;
        init => _state.Sampling = value;
    }

    internal EngineInstance CurrentInstance
    {
        get
        {
            lock (_gate)
            {
                if (_instances.Count == 0 || (_instances[^1].HasEnded && EngineRoot is null))
                {
                    ObjectDisposedException.ThrowIf(_disposed, this);
                    int processId = EngineRoot is null ? FirstProcessId + _instances.Count : Environment.ProcessId;
                    _instances.Add(new EngineInstance(_state, processId));
                }

                return _instances[^1];
            }
        }
    }

    /// <summary>
    /// Creates an engine on the sockets of a namespace, for clients with the same <see cref="ClientOptions.EngineRoot"/>.
    /// </summary>
    /// <param name="engineRoot">Directory of the namespace; created if necessary. No other engine may listen there.</param>
    /// <param name="script">What the engine does (default: null, a new script).</param>
    /// <param name="timeProvider">Clock of the engine (default: null, the system clock).</param>
    /// <returns>An engine that listens, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The path is blank or too long for a socket.</exception>
    /// <exception cref="IOException">The directory or a socket cannot be created, or another engine listens there.</exception>
    public static FakeEngine Listen(string engineRoot, EngineScript? script = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(engineRoot);
        Protocol.EngineRoot root = Protocol.EngineRoot.At(engineRoot);
        var engine = new FakeEngine(root, script, timeProvider) { EngineRoot = root.Directory, ModelPath = EmptyModel.PathIn(root) };
        engine.CurrentInstance.Listen(root);
        EmptyModel.Write(engine.ModelPath);
        return engine;
    }

    /// <summary>Returns the number of commands of a kind so far.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The number of commands.</returns>
    public int CountOf(FakeCommandKind kind) => Commands.Count(command => command.Kind == kind);

    /// <summary>Returns the first request that no call has returned yet, waiting for one if there is none.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The request.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<FakeRequest> NextRequestAsync(CancellationToken cancellationToken = default) =>
        _state.Requests.NextAsync(cancellationToken);

    /// <summary>Returns the first command that no call has returned yet, waiting for one if there is none.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The command.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<FakeCommand> NextCommandAsync(CancellationToken cancellationToken = default) =>
        _state.Commands.NextAsync(cancellationToken);

    /// <summary>Connects a new client to this engine.</summary>
    /// <param name="options">
    /// Settings of the client (default: null, the defaults). Copied. Those that name or start an engine have no effect.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A connected client, to be disposed by the caller.</returns>
    /// <exception cref="EngineStartException">The script refuses the client.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<Client> ConnectAsync(ClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = new ClientOptions(options ?? new ClientOptions()) { TimeProvider = _state.Time };
        if (EngineRoot is null)
        {
            var connector = new MemoryConnector(() => CurrentInstance, _root, options);
            return Client.ConnectAsync(connector, new FakeModelResolver(Script), options, cancellationToken);
        }

        options.EngineRoot = EngineRoot;
        options.StartEngine = false;
        return Client.ConnectAsync(options, cancellationToken);
    }

    /// <summary>Crashes the engine: all its connections close at once.</summary>
    /// <returns>A task that completes when they are closed.</returns>
    public Task CrashAsync() => CurrentInstance.CrashAsync(midMessage: false);

    /// <summary>
    /// Starts closing all connections and returns without waiting for the end, for containers that are disposed synchronously.
    /// </summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    /// <summary>Closes all connections.</summary>
    /// <returns>A task that completes when the engine has no more work in progress.</returns>
    public async ValueTask DisposeAsync()
    {
        EngineInstance[] instances;
        lock (_gate)
        {
            _disposed = true;
            instances = [.. _instances];
        }

        foreach (EngineInstance instance in instances)
        {
            await instance.DisposeAsync().ConfigureAwait(false);
        }

        if (EngineRoot is not null)
        {
            EmptyModel.Delete(ModelPath);
        }
    }
}
