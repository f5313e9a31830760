using System.Collections.Concurrent;
using Orchard.Server.Errors;

namespace Orchard.Server.Security;

/// <summary>Decides whether a request is served: who sends it, and how many there are already. Thread-safe.</summary>
/// <param name="options">The limits.</param>
/// <param name="keys">The keys.</param>
/// <param name="hosts">The names of the server.</param>
/// <param name="cors">The web pages that may send requests.</param>
internal sealed class Admission(OrchardServerOptions options, ApiKeys keys, HostNames hosts, Cors cors)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _byCaller = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _all;
    private int _closed;

    /// <summary>Number of requests that are being served.</summary>
    public int Running => Volatile.Read(ref _all);

    /// <summary>Whether further requests are refused.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Refuses further requests, except those about the server itself.</summary>
    /// <returns>A task that completes when none is being served.</returns>
    public Task Close()
    {
        Interlocked.Exchange(ref _closed, 1); // not after the number is read
        CompleteIfIdle();
        return _idle.Task;
    }

    /// <summary>Checks a request, and counts it until the result is disposed.</summary>
    /// <exception cref="ApiException">The request is refused.</exception>
    public Admitted Enter(HttpContext http)
    {
        string caller = Identify(http);
        int all = Interlocked.Increment(ref _all);
        if (IsClosed)
        {
            Leave();
            throw new ApiException(ApiError.ShuttingDown);
        }

        if (all > options.MaxRequests)
        {
            Leave();
            throw Refuse(
                StatusCodes.Status503ServiceUnavailable,
                "overloaded",
                $"The server is serving {options.MaxRequests} requests already.",
                Soon);
        }

        if (_byCaller.AddOrUpdate(caller, 1, static (_, count) => count + 1) > options.MaxRequestsPerCaller)
        {
            Leave(caller);
            throw Refuse(
                StatusCodes.Status429TooManyRequests,
                "rate_limit_exceeded",
                $"{options.MaxRequestsPerCaller} requests of this caller are being served already.",
                Soon);
        }

        return new Admitted(keys.AreRequired ? caller : "", () => Leave(caller));
    }

    /// <summary>
    /// Checks a request that asks for metrics, and counts it until the result is disposed. A server that is busy or shutting down has to
    /// say so.
    /// </summary>
    /// <exception cref="ApiException">The request is refused.</exception>
    public Admitted EnterForMetrics(HttpContext http)
    {
        string caller = options.AllowAnonymousMetrics ? "" : Identify(http);
        Interlocked.Increment(ref _all);
        return new Admitted(caller, Leave);
    }

    /// <summary>Checks who sends a request.</summary>
    /// <returns>The caller: its key, or its address.</returns>
    /// <exception cref="ApiException">The request is refused.</exception>
    private string Identify(HttpContext http)
    {
        if (keys.AreRequired)
        {
            return keys.Find(http.Request)
                ?? throw Refuse(StatusCodes.Status401Unauthorized, "invalid_api_key", "The request has no API key of this server.");
        }

        if (!HostNames.IsLocal(http.Connection))
        {
            throw Refuse(
                StatusCodes.Status403Forbidden,
                "api_key_required",
                "The server is reachable from other machines but has no API key, so it serves this machine only. Configure an API key.");
        }

        if (!cors.Allows(http.Request))
        {
            throw Refuse(
                StatusCodes.Status403Forbidden,
                "origin_not_allowed",
                "The web page that sends the request is not of an allowed origin. Add its origin to the CORS origins.");
        }

        return hosts.Allows(http.Request.Host)
            ? http.Connection.RemoteIpAddress?.ToString() ?? ""
            : throw Refuse(
                StatusCodes.Status403Forbidden,
                "host_not_allowed",
                "The name in the Host header is not one of this server. Add it to the allowed hosts, or use localhost.");
    }

    private static ApiException Refuse(int status, string code, string message, TimeSpan? retryAfter = null) =>
        new(new ApiError { Status = status, Code = code, Message = message, RetryAfter = retryAfter });

    private void Leave(string caller)
    {
        Leave();
        if (_byCaller.AddOrUpdate(caller, 0, static (_, count) => count - 1) == 0)
        {
            _byCaller.TryRemove(new KeyValuePair<string, int>(caller, 0));
        }
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _all);
        CompleteIfIdle();
    }

    private void CompleteIfIdle()
    {
        if (IsClosed && Running == 0)
        {
            _idle.TrySetResult();
        }
    }
}
