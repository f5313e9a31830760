using System.Collections.Concurrent;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>
/// An engine without a model: it does what its script says, over the real protocol, in memory or on the sockets of a namespace. For
/// tests of what code does when an engine answers, is slow, fails or dies.
/// </summary>
/// <remarks>
/// Thread-safe. In memory an engine that crashed is back, with nothing loaded, as soon as a client connects again; on sockets it stays
/// away. The model that is asked for must exist as a file, but is never read.
/// </remarks>
public sealed class FakeEngine : IAsyncDisposable
{
    // Above what any system gives to a process: nobody must take it for one that runs.
    private const int FirstProcessId = 1_000_000_000;

    private readonly Lock _gate = new();
    private readonly List<EngineLife> _lives = []; // guarded by _gate
    private readonly Protocol.EngineRoot _root;
    private readonly Recording<FakeRequest> _requests = new();
    private readonly Recording<FakeCommand> _commands = new();
    private readonly ConcurrentDictionary<string, int> _loads = new();
    private bool _disposed; // guarded by _gate

    /// <summary>An engine in memory, for clients of <see cref="ConnectAsync"/>.</summary>
    /// <param name="script">What it does (default: null, a new script).</param>
    /// <param name="timeProvider">The clock of the engine and of its clients (default: null, the system's).</param>
    public FakeEngine(EngineScript? script = null, TimeProvider? timeProvider = null)
        : this(Protocol.EngineRoot.At(Path.Combine(Path.GetTempPath(), $"orchard-fake-{Guid.NewGuid():N}")), script, timeProvider)
    {
    }

    private FakeEngine(Protocol.EngineRoot root, EngineScript? script, TimeProvider? timeProvider)
    {
        _root = root;
        Script = script ?? new EngineScript();
        Time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>What it does.</summary>
    public EngineScript Script { get; }

    /// <summary>The namespace it listens in; null in memory.</summary>
    public string? EngineRoot { get; private init; }

    /// <summary>The process id it gives as its own: on sockets the real one, in memory a made-up one that changes with each crash.</summary>
    public int ProcessId => CurrentLife.ProcessId;

    /// <summary>The requests so far, oldest first.</summary>
    public IReadOnlyList<FakeRequest> Requests => _requests.All;

    /// <summary>The commands so far, oldest first.</summary>
    public IReadOnlyList<FakeCommand> Commands => _commands.All;

    /// <summary>The chat template of its models. By default its turns are marked in the text, so that a script can read the conversation back.</summary>
    internal string? ChatTemplate { get; init; } = ChatMl.Template;

    /// <summary>Sampling values that its models recommend, by the last part of their <c>general.sampling.*</c> key (default: null, none).</summary>
    internal Dictionary<string, double>? Sampling { get; init; }

    internal TimeProvider Time { get; }

    internal EngineLife CurrentLife
    {
        get
        {
            lock (_gate)
            {
                if (_lives.Count == 0 || (_lives[^1].IsOver && EngineRoot is null))
                {
                    ObjectDisposedException.ThrowIf(_disposed, this);
                    _lives.Add(new EngineLife(this, EngineRoot is null ? FirstProcessId + _lives.Count : Environment.ProcessId));
                }

                return _lives[^1];
            }
        }
    }

    /// <summary>An engine on the sockets of a namespace, for clients with the same <see cref="ClientOptions.EngineRoot"/>.</summary>
    /// <param name="engineRoot">Folder of the namespace; created if need be. Nobody else may listen there.</param>
    /// <param name="script">What it does (default: null, a new script).</param>
    /// <param name="timeProvider">The clock of the engine (default: null, the system's).</param>
    /// <exception cref="ArgumentException">The path is too long for a socket.</exception>
    /// <exception cref="IOException">The folder or a socket in it cannot be created, or somebody listens there.</exception>
    public static FakeEngine Listen(string engineRoot, EngineScript? script = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(engineRoot);
        Protocol.EngineRoot root = Protocol.EngineRoot.At(engineRoot);
        var engine = new FakeEngine(root, script, timeProvider) { EngineRoot = root.Directory };
        engine.CurrentLife.Listen(root);
        return engine;
    }

    /// <summary>How many commands of a kind have come so far.</summary>
    public int CountOf(FakeCommandKind kind) => Commands.Count(command => command.Kind == kind);

    /// <summary>The first request that no call has returned yet; waits for it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FakeRequest> NextRequestAsync(CancellationToken cancellationToken = default) => _requests.NextAsync(cancellationToken);

    /// <summary>The first command that no call has returned yet; waits for it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FakeCommand> NextCommandAsync(CancellationToken cancellationToken = default) => _commands.NextAsync(cancellationToken);

    /// <summary>A new client of this engine.</summary>
    /// <param name="options">How the client behaves (default: null); what they say of the engine and where it is does not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineStartException">The script refuses the client.</exception>
    public Task<Client> ConnectAsync(ClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = (options ?? new ClientOptions()) with { TimeProvider = Time };
        return EngineRoot is null
            ? Client.ConnectAsync(
                new MemoryConnector(this, _root, options), new ModelResolver(AppContext.BaseDirectory), options, cancellationToken)
            : Client.ConnectAsync(options with { EngineRoot = EngineRoot, StartEngine = false }, cancellationToken);
    }

    /// <summary>Dies: all connections close at once.</summary>
    /// <returns>A task that completes when they are closed.</returns>
    public Task CrashAsync() => CurrentLife.CrashAsync(torn: false);

    /// <summary>Closes all connections and waits until nothing of the engine runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        EngineLife[] lives;
        lock (_gate)
        {
            _disposed = true;
            lives = [.. _lives];
        }

        foreach (EngineLife life in lives)
        {
            await life.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void Record(FakeRequest request) => _requests.Add(request);

    internal void Record(FakeCommand command) => _commands.Add(command);

    internal int CountLoad(string model) => _loads.AddOrUpdate(model, 1, static (_, count) => count + 1);
}
