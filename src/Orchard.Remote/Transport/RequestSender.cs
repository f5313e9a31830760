using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchard.Models.Sources;
using Orchard.Remote.Configuration;
using Orchard.Remote.Errors;
using Polly;
using Polly.Retry;

namespace Orchard.Remote.Transport;

/// <summary>
/// Sends requests to the servers of an endpoint, and sends one again, if possible to another server, as long as the caller has received
/// nothing of its answer. Thread-safe.
/// </summary>
/// <param name="settings">The endpoint.</param>
/// <param name="context">What is shared with the client.</param>
/// <param name="pool">The servers.</param>
/// <param name="closing">Cancelled when the client is disposed.</param>
internal sealed partial class RequestSender(
    EndpointSettings settings, SourceContext context, ServerPool pool, CancellationToken closing)
{
    /// <summary>Number of repetitions of a request.</summary>
    public const int Retries = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<Failure?> _pipeline = CreatePipeline(context);

    /// <summary>Sends a request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="read">
    /// Reads the response up to the first part of the answer. If it succeeds, it owns the response; otherwise the request may be sent
    /// again.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OrchardException">The request failed.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<T> SendAsync<T>(RemoteCall call, Func<RemoteResponse, Task<T>> read, CancellationToken cancellationToken)
    {
        T? result = default;
        var tried = new HashSet<RemoteServer>();
        Failure? failure;
        using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing))
        {
            try
            {
                failure = await _pipeline.ExecuteAsync(
                    async _ =>
                    {
                        (result, Failure? found) = await AttemptAsync(call, read, tried, cancellationToken).ConfigureAwait(false);
                        return found;
                    },
                    leaving.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(Client));
                throw;
            }
        }

        return failure is null ? result! : throw failure.Error;
    }

    /// <summary>Sends a request, and reads the whole response.</summary>
    /// <param name="call">The request.</param>
    /// <param name="parse">Reads the body, which it must not keep.</param>
    /// <param name="limit">The most bytes of the body.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<T> FetchAsync<T>(
        RemoteCall call, Func<ReadOnlyMemory<byte>, RemoteResponse, T> parse, int limit, CancellationToken cancellationToken) => SendAsync(
        call,
        async response =>
        {
            using PooledBuffer body = await response.ReadAllAsync(limit, isComplete: true).ConfigureAwait(false);
            T result;
            try
            {
                result = parse(body.Written, response);
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException)
            {
                throw ErrorMapping.OfGarbage(response.Scene, e.Message.TrimEnd('.'), e);
            }

            response.Dispose();
            return result;
        },
        cancellationToken);

    private static ResiliencePipeline<Failure?> CreatePipeline(SourceContext context)
    {
        var builder = new ResiliencePipelineBuilder<Failure?> { TimeProvider = context.Time };
        if (context.Replays)
        {
            builder.AddRetry(new RetryStrategyOptions<Failure?>
            {
                MaxRetryAttempts = Retries,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static outcome => ValueTask.FromResult(
                    outcome.Outcome.Result is { IsTransient: true } failure && !(failure.RetryAfter > LongestWait)),
                DelayGenerator = static outcome => ValueTask.FromResult(outcome.Outcome.Result?.RetryAfter),
                OnRetry = outcome =>
                {
                    LogRetry(context.Logger, outcome.AttemptNumber + 1, outcome.RetryDelay, outcome.Outcome.Result!.Error.GetType().Name);
                    return default;
                },
            });
        }

        return builder.Build();
    }

    private async Task<(T? Result, Failure? Failure)> AttemptAsync<T>(
        RemoteCall call, Func<RemoteResponse, Task<T>> read, HashSet<RemoteServer> tried, CancellationToken cancellationToken)
    {
        RemoteServer server = pool.Enter(call.Session, tried);
        tried.Add(server);
        long begin = context.Time.GetTimestamp();
        var scope = new CallScope(Patience(call), context.Time, closing, cancellationToken);
        var scene = new ErrorScene(server.Address.Shown, call.Model, settings.ApiKey, call.Id) { Offered = call.Offered };
        var response = new RemoteResponse(server, scope, scene) { Begin = begin };
        try
        {
            scope.ThrowIfLeft();
            using HttpRequestMessage request = ToMessage(call, server);
            HttpResponseMessage message = await response.BeginAsync(request).ConfigureAwait(false);
            call.Session?.Learn(message);
            if (!message.IsSuccessStatusCode)
            {
                throw new FailureException(await ReadFailureAsync(response, message).ConfigureAwait(false));
            }

            T result = await read(response).ConfigureAwait(false);
            server.Succeed();
            return (result, null);
        }
        catch (Exception e)
        {
            try
            {
                Failure failure = response.Explain(e);
                Note(server, begin, failure);
                return (default, failure);
            }
            finally
            {
                response.Dispose();
            }
        }
    }

    private static void Note(RemoteServer server, long begin, Failure failure)
    {
        if (failure.IsOfServer)
        {
            server.Fail(begin, failure.Error);
        }
        else
        {
            server.Succeed(); // it answers, though not as asked
        }
    }

    private TimeSpan? Patience(RemoteCall call) =>
        context.StallTimeout is not { } limit ? null : call.Patience > limit ? call.Patience : limit;

    private HttpRequestMessage ToMessage(RemoteCall call, RemoteServer server)
    {
        var request = new HttpRequestMessage(call.Body is null ? HttpMethod.Get : HttpMethod.Post, server.Address.Of(call.Route))
        {
            Content = call.Body?.ToContent(),
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher, // HTTP/2 where TLS offers it
        };
        request.Headers.TryAddWithoutValidation("Accept", call.IsStream ? "text/event-stream" : "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Orchard.Remote");
        request.Headers.TryAddWithoutValidation("x-request-id", call.Id);
        if (settings.ApiKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        call.Session?.AddTo(request);
        return request;
    }

    private async Task<Failure> ReadFailureAsync(RemoteResponse response, HttpResponseMessage message)
    {
        using PooledBuffer body = await response.ReadAllAsync(ErrorDetails.MaxBytes, isComplete: false).ConfigureAwait(false);
        Failure failure = ErrorMapping.OfStatus((int)message.StatusCode, ErrorDetails.Read(body.Written), response.Scene);
        return failure with { RetryAfter = ReadDelay(message) };
    }

    private TimeSpan? ReadDelay(HttpResponseMessage message)
    {
        if (message.Headers.NonValidated.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds)
            && milliseconds is >= 0 and < 1e9)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        TimeSpan? wait = message.Headers.RetryAfter?.Delta ?? message.Headers.RetryAfter?.Date - context.Time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Repeating a request ({Attempt} of 3) in {Delay}: {Reason}")]
    private static partial void LogRetry(ILogger logger, int attempt, TimeSpan delay, string reason);
}
