using System.Runtime.CompilerServices;
using Orchard.Connection.Transport;
using Orchard.Models;

namespace Orchard.Calls;

/// <summary>Sends a request and streams its results.</summary>
/// <param name="request">The request.</param>
/// <param name="attempts">Loads the model, and repeats the request until there is a first result.</param>
internal sealed class ModelCall<T>(IModelRequest<T> request, ModelAttempts attempts)
    where T : class
{
    /// <summary>
    /// Streams the results of all sequences as they arrive. Ending the enumeration early, or cancelling it, cancels the request in the
    /// engine.
    /// </summary>
    public async IAsyncEnumerable<T> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ResponseStream<T> response = await attempts
            .RunAsync<ResponseStream<T>>(request.Model, BeginAsync, cancellationToken).ConfigureAwait(false);
        try
        {
            do
            {
                while (response.TryRead(out T? result))
                {
                    yield return result;
                }
            }
            while (await response.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            response.Release();
        }
    }

    // A response with a first result; null when the engine has unloaded the model.
    private async Task<ResponseStream<T>?> BeginAsync(ModelLease lease, bool mayReload, CancellationToken cancellationToken)
    {
        ResponseStream<T> response = await SendAsync(lease, cancellationToken).ConfigureAwait(false);
        try
        {
            if (mayReload && await response.IsModelGoneAsync(cancellationToken).ConfigureAwait(false))
            {
                response.Release();
                return null;
            }

            await response.StartAsync(cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (Exception e)
        {
            response.Release();
            if (e is EngineConnectionException)
            {
                await lease.Model.Session.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<ResponseStream<T>> SendAsync(ModelLease lease, CancellationToken cancellationToken)
    {
        try
        {
            RenderedRequest<T> rendered = request.Render(lease.Model, cancellationToken);
            PendingRequest pending = rendered.Frame.Prompts.Count == 0
                ? PendingRequest.Empty(rendered.Frame.RequestId)
                : await lease.Model.Session.SendAsync(rendered.Frame, cancellationToken).ConfigureAwait(false);
            return new ResponseStream<T>(lease, pending, rendered.Reader);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }
}
