using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
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

/// <summary>Composes the parts of an engine, and starts and stops them in order.</summary>
/// <remarks>
/// <para>Start:</para>
/// <list type="number">
/// <item>Create the folders and acquire the instance lock, so that no other engine serves the namespace.</item>
/// <item>Listen on the response socket, before any request can be answered, then on the request and the management socket.</item>
/// <item>Write <c>engine.pid</c> and <c>engine.ready</c>, which indicate that all sockets exist.</item>
/// <item>Start the heartbeat and the client watch, and load the models of the command line.</item>
/// </list>
/// <para>Stop:</para>
/// <list type="number">
/// <item>Reject registrations, stop the client watch, and send a last heartbeat that announces the shutdown.</item>
/// <item>Remove the identity files if they are this engine's. New clients then start another engine, which waits for the lock.</item>
/// <item>Close the request and the management socket, so that no new work arrives.</item>
/// <item>Complete the requests that are being prepared, then unload the models. Each sequence gets a final delta.</item>
/// <item>Close the response socket.</item>
/// <item>Release the instance lock.</item>
/// </list>
/// </remarks>
internal sealed class EngineHost : IAsyncDisposable
{
    // Models of the command line stay loaded, but do not keep the engine running.
    private static readonly LoadOptions Preloaded = new(ModelSettings.Default, TimeSpan.Zero, IsPinned: true);

    private readonly EngineOptions _options;
    private readonly EngineFiles _files;
    private readonly IProcessProbe _processes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PubSocket _responses;
    private readonly EnginePublisher _publisher;
    private readonly PullSocket _requests;
    private readonly RepSocket _management;
    private readonly LoadedModels _models;
    private readonly RequestHandler _requestHandler;
    private readonly ManagementHandler _managementHandler;
    private readonly TelemetryPublisher _telemetry;
    private readonly ClientWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _disposal;

    private UnixSocketListener? _responseListener;
    private UnixSocketListener? _requestListener;
    private UnixSocketListener? _managementListener;
    private Task _heartbeat = Task.CompletedTask;
    private Task _unused = Task.CompletedTask;

    private EngineHost(
        EngineOptions options,
        EngineFiles files,
        IModelLoader loader,
        IProcessProbe processes,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _options = options;
        _files = files;
        _processes = processes;
        _time = time;
        _logger = loggers.CreateLogger<EngineHost>();
        _disposal = new Lazy<Task>(() => Task.Run(StopAsync));

        SpOptions sockets = SpOptions.Default with
        {
            TimeProvider = time,
            ReceiveBudget = new ReceiveBudget(SpOptions.Default.MaxMessageBytes),
        };
        var active = new ActiveRequests(time);
        var channels = new ClientChannels((channel, process) => OnClosed(active, channel, process));
        _responses = new PubSocket(sockets, channels);
        _publisher = new EnginePublisher(_responses, channels, time);
        var leases = new ClientLeases(processes);
        _models = new LoadedModels(loader, _publisher, _publisher.Flush, time, loggers.CreateLogger<LoadedModels>(), options.Models);
        _requestHandler = new RequestHandler(_models, active, channels, _publisher, loggers.CreateLogger<RequestHandler>());
        _managementHandler = new ManagementHandler(
            _models, active, leases, channels, EngineVersion.Current, loggers.CreateLogger<ManagementHandler>());
        _requests = PullSocket.ForPeers(sender => message => _requestHandler.HandleAsync(message, sender), sockets);
        _management = RepSocket.ForPeers(
            sender => (request, cancellationToken) => _managementHandler.HandleAsync(request, sender, cancellationToken), sockets);
        _telemetry = new TelemetryPublisher(
            _models, active, _requestHandler, _publisher, () => _responses.SubscriberCount, time,
            loggers.CreateLogger<TelemetryPublisher>());
        _watch = new ClientWatch(
            leases,
            active,
            () => _responses.SubscriberCount,
            options.Grace ?? EngineOptions.DefaultGrace,
            time,
            loggers.CreateLogger<ClientWatch>())
        {
            IsNeeded = () => options.Grace is null && _models.HasKept,
            Checking = _models.UnloadUnwanted,
        };
    }

    /// <summary>Starts an engine.</summary>
    /// <exception cref="EngineStartException">Another engine serves the namespace, or a file or socket could not be created.</exception>
    public static async Task<EngineHost> StartAsync(
        EngineOptions options,
        EngineFiles files,
        IModelLoader loader,
        IProcessProbe processes,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var host = new EngineHost(options, files, loader, processes, time, loggers);
        try
        {
            await host.StartAsync().ConfigureAwait(false);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            if (e is SocketInUseException)
            {
                // The lock file was deleted while another engine served the namespace.
                throw new EngineStartException(
                    EngineExitCode.AlreadyRunning, $"Another engine already serves '{options.Root.Directory}'. {e.Message}", e);
            }

            if (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new EngineStartException(EngineExitCode.CannotBind, $"Cannot serve '{options.Root.Directory}': {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Waits until the engine should stop: on request, or because it had no clients for the grace period.</summary>
    /// <param name="signalled">Completes with a description when a signal requests the engine to stop.</param>
    public async Task WaitForEndAsync(Task<string> signalled)
    {
        Task commanded = _managementHandler.ShutdownRequested;
        Task first = await Task.WhenAny(signalled, commanded, _unused).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        _logger.ShuttingDown(
            first == signalled ? await signalled.ConfigureAwait(false)
            : first == commanded ? "requested by a client"
            : $"no clients for {(_options.Grace ?? EngineOptions.DefaultGrace).TotalSeconds:0.##} s");
    }

    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task StartAsync()
    {
        EngineRoot root = _options.Root;
        await _files.AcquireAsync(_processes, _time).ConfigureAwait(false);

        _responseListener = Listen(root.ResponseSocket, _responses);
        _requestListener = Listen(root.RequestSocket, _requests);
        _managementListener = Listen(root.ManagementSocket, _management);

        _files.Complete();
        _logger.Serving(EngineVersion.Current, Environment.ProcessId, root.Directory, root.IpcDirectory);

        _heartbeat = _telemetry.RunAsync(_stopping.Token);
        _unused = _watch.WaitUntilUnusedAsync(_stopping.Token);
        foreach (string path in _options.Load)
        {
            Preload(path);
        }
    }

    private async Task StopAsync()
    {
        _managementHandler.BeginShutdown();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _heartbeat.ConfigureAwait(false);
        await _unused.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _files.RemoveIdentity();
        await CloseAsync(_requestListener).ConfigureAwait(false);
        await CloseAsync(_managementListener).ConfigureAwait(false);
        await _requestHandler.DisposeAsync().ConfigureAwait(false);
        await _models.DisposeAsync().ConfigureAwait(false);
        _publisher.Dispose();
        await CloseAsync(_responseListener).ConfigureAwait(false);
        _files.Release();
        _stopping.Dispose();
    }

    private void OnClosed(ActiveRequests active, ulong channel, PeerProcess process)
    {
        int cancelled = active.CancelChannel(channel);
        _models.Disconnected(channel);
        _logger.ClientDisconnected(process.Id?.ToString(CultureInfo.InvariantCulture) ?? "of another container", cancelled);
    }

    private UnixSocketListener Listen(string path, ISpServer server)
    {
        string name = Path.GetFileName(path);
        return _files.Listen(path, server, end =>
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
            if (_models.Load(id, id, new LoadCommand(file) { Options = Preloaded }).Refusal is { } refusal)
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
