using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Orchard.Calls.Chat;
using Orchard.Responses;

namespace Orchard.Calls.Responses;

/// <summary>Makes one chat call and presents its answer as a response.</summary>
/// <param name="model">The model, as the caller named it.</param>
/// <param name="request">The validated request.</param>
/// <param name="call">The chat call.</param>
/// <param name="time">Clock of the response.</param>
internal sealed class ResponseCall(string model, ResponseRequest request, ChatCall call, TimeProvider time)
{
    /// <summary>
    /// Streams the events of a response; the last one has the final state. Ending the enumeration early, or cancelling it, cancels the
    /// request in the engine.
    /// </summary>
    public async IAsyncEnumerable<ResponseEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // a call that is cancelled before it starts has no events
        var builder = new ResponseEventBuilder(Create());
        foreach (ResponseEvent item in builder.Begin())
        {
            yield return item;
        }

        IAsyncEnumerator<ChatDelta> answer = call.StreamAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        await using ConfiguredAsyncDisposable ending = answer.ConfigureAwait(false);
        while (!builder.HasEnded)
        {
            foreach (ResponseEvent item in await NextAsync(answer, builder).ConfigureAwait(false))
            {
                yield return item;
            }
        }
    }

    /// <summary>Waits for the final state of the response.</summary>
    /// <exception cref="OrchardException">The call failed.</exception>
    public async Task<Response> CollectAsync(CancellationToken cancellationToken)
    {
        var builder = new ResponseEventBuilder(Create());
        builder.Begin();
        await foreach (ChatDelta delta in call.StreamAsync(cancellationToken).ConfigureAwait(false))
        {
            builder.Add(delta);
        }

        builder.End();
        return builder.Response;
    }

    private static async ValueTask<IReadOnlyList<ResponseEvent>> NextAsync(IAsyncEnumerator<ChatDelta> answer, ResponseEventBuilder builder)
    {
        try
        {
            return await answer.MoveNextAsync().ConfigureAwait(false) ? builder.Add(answer.Current) : builder.End();
        }
        catch (OrchardException e)
        {
            return builder.Fail(e);
        }
    }

    private Response Create() => new()
    {
        Id = $"resp_{RandomNumberGenerator.GetHexString(32, lowercase: true)}",
        CreatedAt = time.GetUtcNow(),
        Model = model,
        Request = request,
    };
}
