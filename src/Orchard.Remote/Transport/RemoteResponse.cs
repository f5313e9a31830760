using System.Runtime.CompilerServices;
using Orchard.Remote.Errors;

namespace Orchard.Remote.Transport;

/// <summary>A response whose body is being read. Disposing it before its end closes the connection, which stops the server.</summary>
/// <param name="server">The server.</param>
/// <param name="scope">What ends the response early.</param>
/// <param name="scene">Who was asked for what.</param>
internal sealed class RemoteResponse(RemoteServer server, CallScope scope, ErrorScene scene) : IDisposable
{
    private const int DrainedBytes = 4096;
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(100);

    private HttpResponseMessage? _message;
    private Stream _stream = Stream.Null;
    private bool _isDisposed;

    /// <summary>Who was asked for what.</summary>
    public ErrorScene Scene => scene;

    /// <summary>The server.</summary>
    public RemoteServer Server => server;

    /// <summary>When the request began, as a timestamp of the client's clock.</summary>
    public required long Begin { get; init; }

    /// <summary>Media type of the body; null if unknown.</summary>
    public string? MediaType => _message?.Content.Headers.ContentType?.MediaType;

    /// <summary>Receives the headers of the response.</summary>
    /// <param name="request">The request.</param>
    public async Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request)
    {
        scope.BeginWait();
        _message = await server.SendAsync(request, scope.Token).ConfigureAwait(false);
        _stream = await _message.Content.ReadAsStreamAsync(scope.Token).ConfigureAwait(false);
        scope.EndWait();
        return _message;
    }

    /// <summary>Returns the value of a header; null if there is none, or several.</summary>
    public string? FindHeader(string name) =>
        _message!.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues values) && values.Count == 1
            ? values.ToString()
            : null;

    /// <summary>Reads a part of the body.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        scope.BeginWait();
        int count = await _stream.ReadAsync(buffer, scope.Token).ConfigureAwait(false);
        scope.EndWait();
        return count;
    }

    /// <summary>Reads the whole body.</summary>
    /// <param name="limit">The most bytes that are read.</param>
    /// <param name="isComplete">Whether a longer body is an error; otherwise its rest is left out.</param>
    public async Task<PooledBuffer> ReadAllAsync(int limit, bool isComplete)
    {
        var body = new PooledBuffer();
        try
        {
            while (await ReadAsync(body.GetMemory(DrainedBytes)).ConfigureAwait(false) is > 0 and var count)
            {
                body.Advance(count);
                if (body.Written.Length > limit)
                {
                    return isComplete
                        ? throw ErrorMapping.OfGarbage(scene, $"the response has more than {limit >> 20} MiB")
                        : body;
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Returns what went wrong with the attempt.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled; carries the caller's token.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public Failure Explain(Exception error)
    {
        scope.ThrowIfLeft();
        return error switch
        {
            FailureException { Failure: var failure } => failure,
            _ when scope.IsStalled => new Failure(new RequestStalledException(
                $"{scene.Address} sent nothing for '{scene.Model}' for longer than ClientOptions.StallTimeout. The request was cancelled. "
                + $"The server may be stopped or overloaded. Request {scene.RequestId}.",
                _message is null ? "the beginning of the answer" : "the next part of the answer",
                _message is null ? RequestState.Sent : RequestState.Generating,
                processId: null))
            {
                IsOfServer = true,
            },
            OrchardException => new Failure(error),
            HttpRequestException or IOException or OperationCanceledException =>
                ErrorMapping.OfConnection(error, scene, _message is not null),
            _ => new Failure(error),
        };
    }

    /// <summary>
    /// Reads the end of a body whose content is known to be complete, so that the connection can be used again. Gives up soon.
    /// </summary>
    public async ValueTask DrainAsync()
    {
        try
        {
            byte[] rest = new byte[DrainedBytes];
            ValueTask<int> read = _stream.ReadAsync(rest, scope.Token);
            if (read.IsCompleted)
            {
                await read.ConfigureAwait(false);
                return;
            }

            Task<int> end = read.AsTask();
            _ = end.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            await end.WaitAsync(DrainTime, TimeProvider.System).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or TimeoutException)
        {
            // The answer is complete already.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _message?.Dispose();
        scope.Dispose();
        server.Leave();
    }
}
