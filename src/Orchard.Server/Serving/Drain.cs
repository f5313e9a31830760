using Microsoft.Extensions.Hosting;
using Orchard.Server.Security;

namespace Orchard.Server.Serving;

/// <summary>
/// Ends the work of the server when the application stops, while the web server still listens: refuses further requests, and gives those
/// being served time to end. Thread-safe.
/// </summary>
/// <param name="admission">Where requests are refused and counted.</param>
/// <param name="options">How much time they have.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets what is waited for.</param>
internal sealed partial class Drain(Admission admission, OrchardServerOptions options, TimeProvider time, ILogger<Drain> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    /// <summary>Cancelled when the time is over, and what is still being served has to end.</summary>
    public CancellationToken Over => _over.Token;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Task idle = admission.Close();
        if (idle.IsCompleted)
        {
            return;
        }

        LogDraining(admission.Running, options.DrainTimeout.TotalSeconds);
        try
        {
            await idle.WaitAsync(options.DrainTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogEnding(admission.Running);
            await _over.CancelAsync().ConfigureAwait(false); // the web server waits for them
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Releases the token.</summary>
    public void Dispose() => _over.Dispose();

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The server stops. {Count} requests have {Seconds} s to end.")]
    private partial void LogDraining(int count, double seconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Count} requests did not end in time, and end with an error.")]
    private partial void LogEnding(int count);
}
