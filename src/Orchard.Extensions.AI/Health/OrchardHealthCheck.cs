using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchard.Extensions.AI.Hosting;

namespace Orchard.Extensions.AI.Health;

/// <summary>
/// Checks that the preloaded models are loaded, that the engine can be reached and is responsive and, optionally, that it generates a
/// token. Thread-safe.
/// </summary>
internal sealed class OrchardHealthCheck(
    Client client, ModelPreloader preloader, OrchardHealthCheckOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        string step = "connecting to the engine";
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (DescribePreload() is { } problem)
            {
                return new HealthCheckResult(failure, problem, preloader.Loading?.Exception?.InnerException, Data());
            }

            await client.EnsureConnectedAsync(limit.Token).ConfigureAwait(false);
            if (client.EngineStatus.HeartbeatAge is { } age && age > options.MaxHeartbeatAge)
            {
                return new HealthCheckResult(
                    failure,
                    $"The engine has sent no heartbeat for {age.TotalSeconds:0.0} s. "
                    + $"The limit is {options.MaxHeartbeatAge.TotalSeconds:0.#} s.",
                    data: Data());
            }

            if (options.ProbeModel is { } model)
            {
                step = $"generating a token with the model '{model}'";
                await client.ChatAsync(model, "Hi", new GenerationOptions { MaxOutputTokens = 1 }, limit.Token).ConfigureAwait(false);
            }

            return HealthCheckResult.Healthy("The engine is responsive.", Data());
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(failure, $"Timed out after {options.Timeout.TotalSeconds:0.#} s while {step}.", data: Data());
        }
        catch (Exception e) when (e is OrchardException or ObjectDisposedException)
        {
            return new HealthCheckResult(failure, e.Message, e, Data());
        }
    }

    // Null when all models have been loaded. A model that was unloaded later is loaded again by the next call that needs it.
    private string? DescribePreload()
    {
        if (preloader.Loading is { IsCompletedSuccessfully: true } || preloader.Models.Count == 0)
        {
            return null;
        }

        string[] missing = [.. preloader.Models.Where(model => client.Models.GetStatus(model).State != ModelState.Ready)];
        return missing.Length == 0 ? null : $"Not loaded yet: {string.Join(", ", missing)}.";
    }

    private Dictionary<string, object> Data()
    {
        EngineStatus status = client.EngineStatus;
        var data = new Dictionary<string, object> { ["connected"] = status.IsConnected };
        if (status.ProcessId is { } process)
        {
            data["process_id"] = process;
        }

        if (status.HeartbeatAge is { } age)
        {
            data["heartbeat_age_seconds"] = age.TotalSeconds;
        }

        return data;
    }
}
