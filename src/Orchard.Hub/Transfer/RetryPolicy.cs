using System.Globalization;
using System.Net;
using Orchard.Hub.Settings;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orchard.Hub.Transfer;

/// <summary>Repeats requests that fail before a response arrives, or whose response asks for another attempt.</summary>
internal static class RetryPolicy
{
    /// <summary>Number of repetitions of a request.</summary>
    public const int Retries = 4;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    public static ResiliencePipeline<HttpResponseMessage> Create(HubSettings settings) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = settings.Time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Retries,
                Delay = settings.RetryDelay,
                MaxDelay = LongestDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static outcome => ValueTask.FromResult(IsTransient(outcome.Outcome)),
                DelayGenerator = outcome => ValueTask.FromResult(
                    outcome.Outcome.Result is { } response ? RequestedWait(response, settings.LongestWait, settings.Time) : null),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.ResponseTimeout })
            .Build();

    /// <summary>Returns the time that the server asks to wait; null if it asks for none.</summary>
    public static TimeSpan? RequestedWait(HttpResponseMessage response, TimeSpan longest, TimeProvider time)
    {
        TimeSpan? wait = ReadRateLimit(response)
            ?? response.Headers.RetryAfter?.Delta
            ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return wait is null ? null
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > longest ? longest
            : wait;
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    // RateLimit: "resolvers";r=0;t=42
    private static TimeSpan? ReadRateLimit(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests
            || !response.Headers.TryGetValues("RateLimit", out IEnumerable<string>? values))
        {
            return null;
        }

        return values.SelectMany(value => value.Split(';', ','))
            .Select(part => part.Trim())
            .Where(part => part.StartsWith("t=", StringComparison.OrdinalIgnoreCase))
            .Select(part => ParseSeconds(part.AsSpan(2)))
            .FirstOrDefault();
    }

    private static TimeSpan? ParseSeconds(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
