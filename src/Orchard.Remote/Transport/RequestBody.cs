using System.Buffers;

namespace Orchard.Remote.Transport;

/// <summary>
/// The JSON of a request, which can be sent several times. Its memory returns to the pool when it is disposed and no connection sends it
/// any more.
/// </summary>
internal sealed class RequestBody(PooledBuffer buffer) : IDisposable
{
    private int _users = 1;

    /// <summary>Returns a content for one attempt.</summary>
    public HttpContent ToContent() => new Content(this);

    /// <inheritdoc/>
    public void Dispose() => Leave();

    private bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users)
            {
                return true;
            }

            users = found;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            buffer.Dispose();
        }
    }

    private sealed class Content : HttpContent
    {
        private readonly RequestBody _body;

        public Content(RequestBody body)
        {
            _body = body;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            if (!_body.TryEnter())
            {
                throw new OperationCanceledException("The call has ended.");
            }

            try
            {
                await stream.WriteAsync(_body.Buffer, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _body.Leave();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Buffer.Length;
            return true;
        }
    }

    private ReadOnlyMemory<byte> Buffer => buffer.Written;
}
