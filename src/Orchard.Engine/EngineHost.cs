using System.Reflection;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Heartbeats;
using Orchard.Engine.Serving.Management;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine;

/// <summary>One engine: what it is made of, in which order it comes up, and in which order it goes down.</summary>
/// <remarks>
/// <para>Up, each step needing those before it:</para>
/// <list type="number">
/// <item>The folders and the instance lock: from here on the namespace is ours alone.</item>
/// <item>The response socket, before anybody can ask for something to be published; then requests, then management.</item>
/// <item><c>engine.pid</c> and <c>engine.ready</c>, which say that all sockets are there.</item>
/// <item>The heartbeat, the watch over the clients, and the models named on the command line.</item>
/// </list>
/// <para>Down:</para>
/// <list type="number">
/// <item>Registrations are refused, the watch ends, and a last heartbeat says that we leave.</item>
/// <item>The identity files go, if they are ours: newcomers start an engine of their own, which waits for the lock.</item>
/// <item>Requests and management close: no new work.</item>
/// <item>Requests being prepared come to an end; then the models go, each sequence with a final delta.</item>
/// <item>The response socket closes.</item>
/// <item>The instance lock is released.</item>
/// </list>
/// </remarks>
internal sealed class EngineHost : IAsyncDisposable
{
    // A leaving engine has removed its pid file but needs a moment more; a starting one has not written it yet.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockRetryPeriod = TimeSpan.FromMilliseconds(20);

    private readonly EngineOptions _options;
    private readonly IProcessProbe _processes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PubSocket _responses;
    private readonly PullSocket _requests;
    private readonly RepSocket _management;
    private readonly LoadedModels _models;
    private readonly RequestHandler _requestHandler;
    private readonly ManagementHandler _managementHandler;
    private readonly TelemetryPublisher _telemetry;
    private readonly ClientWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _disposal;

    private FileLock? _lock;
    private UnixSocketListener? _responseListener;
    private UnixSocketListener? _requestListener;
    private UnixSocketListener? _managementListener;
    private Task _heartbeat = Task.CompletedTask;
    private Task _unused = Task.CompletedTask;

    private EngineHost(EngineOptions options, IModelLoader loader, IProcessProbe processes, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _processes = processes;
        _time = time;
        _logger = loggers.CreateLogger<EngineHost>();
        _disposal = new Lazy<Task>(() => Task.Run(GoDownAsync));

        SpOptions sockets = SpOptions.Default with { TimeProvider = time };
        _responses = new PubSocket(sockets);
        var publisher = new EnginePublisher(_responses);
        var active = new ActiveRequests(time);
        var leases = new ClientLeases(processes);
        _models = new LoadedModels(loader, publisher, publisher.Flush, time, loggers.CreateLogger<LoadedModels>());
        _requestHandler = new RequestHandler(_models, active, publisher, loggers.CreateLogger<RequestHandler>());
        _managementHandler = new ManagementHandler(_models, active, leases, Version, loggers.CreateLogger<ManagementHandler>());
        _requests = new PullSocket(_requestHandler.HandleAsync, sockets);
        _management = new RepSocket(_managementHandler.HandleAsync, sockets);
        _telemetry = new TelemetryPublisher(
            _models, active, _requestHandler, publisher, () => _responses.SubscriberCount, time, loggers.CreateLogger<TelemetryPublisher>());
        _watch = new ClientWatch(
            leases, active, () => _responses.SubscriberCount, options.Grace, time, loggers.CreateLogger<ClientWatch>());
    }

    public static string Version { get; } =
        typeof(EngineHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Brings an engine up.</summary>
    /// <exception cref="EngineStartException">Another engine owns the namespace, or something of it cannot be created.</exception>
    public static async Task<EngineHost> StartAsync(
        EngineOptions options, IModelLoader loader, IProcessProbe processes, TimeProvider time, ILoggerFactory loggers)
    {
        var host = new EngineHost(options, loader, processes, time, loggers);
        try
        {
            await host.ComeUpAsync().ConfigureAwait(false);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            if (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new EngineStartException(ExitCode.CannotBind, $"Cannot serve '{options.Root.Directory}': {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Waits until the engine should go: asked to, or nobody has needed it for the grace time.</summary>
    /// <param name="signalled">Completes when a signal asks the engine to stop; its result says which.</param>
    public async Task WaitForEndAsync(Task<string> signalled)
    {
        Task commanded = _managementHandler.ShutdownRequested;
        Task first = await Task.WhenAny(signalled, commanded, _unused).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        _logger.ShuttingDown(
            first == signalled ? await signalled.ConfigureAwait(false)
            : first == commanded ? "a client asked for it"
            : $"no client for {_options.Grace.TotalSeconds:0.##} s");
    }

    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task ComeUpAsync()
    {
        EngineRoot root = _options.Root;
        root.Create();
        _lock = await TakeLockAsync(root).ConfigureAwait(false);

        _responseListener = Listen(root.ResponseSocket, _responses);
        _requestListener = Listen(root.RequestSocket, _requests);
        _managementListener = Listen(root.ManagementSocket, _management);

        IdentityFiles.Write(root, Environment.ProcessId);
        _logger.Serving(Version, Environment.ProcessId, root.Directory, root.IpcDirectory);

        _heartbeat = _telemetry.RunAsync(_stopping.Token);
        _unused = _watch.WaitUntilUnusedAsync(_stopping.Token);
        foreach (string path in _options.Load)
        {
            Preload(path);
        }
    }

    private async Task GoDownAsync()
    {
        _managementHandler.BeginShutdown();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _heartbeat.ConfigureAwait(false);
        await _unused.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (_lock is not null)
        {
            IdentityFiles.RemoveOwn(_options.Root, Environment.ProcessId);
        }

        await CloseAsync(_requestListener).ConfigureAwait(false);
        await CloseAsync(_managementListener).ConfigureAwait(false);
        await _requestHandler.DisposeAsync().ConfigureAwait(false);
        await _models.DisposeAsync().ConfigureAwait(false);
        await CloseAsync(_responseListener).ConfigureAwait(false);
        _lock?.Dispose();
        _stopping.Dispose();
    }

    private async Task<FileLock> TakeLockAsync(EngineRoot root)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            if (FileLock.TryAcquire(root.InstanceLockFile) is { } taken)
            {
                return taken;
            }

            if (PidFile.Read(root.PidFile) is { } pid && _processes.Find(pid) is not null)
            {
                throw new EngineStartException(ExitCode.AlreadyRunning, $"Another engine, process {pid}, serves '{root.Directory}' already.");
            }

            if (_time.GetElapsedTime(start) >= LockPatience)
            {
                throw new EngineStartException(
                    ExitCode.AlreadyRunning,
                    $"Another engine serves '{root.Directory}': '{root.InstanceLockFile}' is locked, though no '{root.PidFile}' says by which process.");
            }

            await Task.Delay(LockRetryPeriod, _time).ConfigureAwait(false);
        }
    }

    private UnixSocketListener Listen(string path, ISpServer server)
    {
        string name = Path.GetFileName(path);
        return UnixSocketListener.Start(path, server, end =>
        {
            if (end.Reason is ConnectionEndReason.PeerClosed or ConnectionEndReason.Disposed)
            {
                _logger.ConnectionEnded(name, end.ToString());
            }
            else
            {
                _logger.ConnectionFailed(name, end.ToString());
            }
        });
    }

    private void Preload(string path)
    {
        try
        {
            string file = ModelFileLocator.Locate(path);
            string id = ModelFileLocator.IdOf(file);
            if (_models.Load(id, id, file, key: null, answersAtEnd: false).Refusal is { } refusal)
            {
                _logger.PreloadRefused(path, refusal);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _logger.PreloadRefused(path, e.Message);
        }
    }

    private static ValueTask CloseAsync(UnixSocketListener? listener) => listener?.DisposeAsync() ?? ValueTask.CompletedTask;
}
