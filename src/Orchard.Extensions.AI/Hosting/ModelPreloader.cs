using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Hosting;

/// <summary>
/// Loads models when the application starts, before its other services do: what they need is then there. Thread-safe.
/// </summary>
internal sealed partial class ModelPreloader(Client client, OrchardOptions options, ILogger<ModelPreloader> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile Task? _loading;

    /// <summary>The models it is for.</summary>
    public IReadOnlyList<string> Models { get; } = [.. options.PreloadModels];

    /// <summary>What became of the loads; null when they have not begun.</summary>
    public Task? Loading => _loading;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Task loading = _loading = LoadAsync(_stopping.Token);
        if (options.WaitForPreload)
        {
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
            await loading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whose business it was has heard
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
        ModelInfo info = await client.Models.EnsureLoadedAsync(model, null, cancellationToken).ConfigureAwait(false);
        LogLoaded(model, info.Path);
    }

    [LoggerMessage(100, LogLevel.Information, "Model '{Model}' is loaded from '{Path}'")]
    private partial void LogLoaded(string model, string path);

    [LoggerMessage(101, LogLevel.Error, "A model that was to be loaded at application start could not be")]
    private partial void LogFailed(Exception error);
}
