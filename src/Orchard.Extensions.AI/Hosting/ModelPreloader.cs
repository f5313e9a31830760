using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Extensions.AI.Hosting;

/// <summary>Loads models when the application starts, before its other services, which may need them. Thread-safe.</summary>
internal sealed partial class ModelPreloader(
    Client client, IReadOnlyList<string> models, bool waitForLoads, ILogger<ModelPreloader> logger) : IHostedLifecycleService, IDisposable
{
    // The application needs them as long as it runs.
    private static readonly ModelOptions Kept = new() { KeepWhileConnected = true };

    private readonly CancellationTokenSource _stopping = new();
    private volatile Task? _loading;

    /// <summary>The models to load.</summary>
    public IReadOnlyList<string> Models { get; } = models;

    /// <summary>All loads together; null before the application starts.</summary>
    public Task? Loading => _loading;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Task loading = _loading = LoadAsync(_stopping.Token);
        if (waitForLoads)
        {
            // The start and the health check report a failure.
            await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_loading is { } loading)
        {
            // The start and the health check report a failure.
            await loading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Models.Select(model => LoadAsync(model, cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            throw;
        }
    }

    private async Task LoadAsync(string model, CancellationToken cancellationToken)
    {
        ModelInfo info = await client.Models.EnsureLoadedAsync(model, Kept, null, cancellationToken).ConfigureAwait(false);
        LogLoaded(model, info.Path);
    }

    [LoggerMessage(100, LogLevel.Information, "Loaded model '{Model}' from '{Path}'")]
    private partial void LogLoaded(string model, string path);

    [LoggerMessage(101, LogLevel.Error, "Failed to load a model at application start")]
    private partial void LogFailed(Exception error);
}
