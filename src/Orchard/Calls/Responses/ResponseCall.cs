using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Orchard.Calls.Chat;
using Orchard.Responses;

namespace Orchard.Calls.Responses;

/// <summary>Makes one call and tells its answer as a response.</summary>
/// <param name="model">Which model, as the caller named it.</param>
/// <param name="request">What is asked; checked.</param>
/// <param name="call">The chat that answers it.</param>
/// <param name="time">The clock of the response.</param>
internal sealed class ResponseCall(string model, ResponseRequest request, ChatCall call, TimeProvider time)
{
    /// <summary>The events of a response, of which the last says how it ended. Leaving early, or cancelling, frees its place in the engine.</summary>
    public async IAsyncEnumerable<ResponseEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // a call that is cancelled before it begins has no events
        var builder = new ResponseEventBuilder(Create());
        foreach (ResponseEvent told in builder.Begin())
        {
            yield return told;
        }

        IAsyncEnumerator<ChatDelta> answer = call.StreamAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        await using ConfiguredAsyncDisposable ending = answer.ConfigureAwait(false);
        while (!builder.HasEnded)
        {
            foreach (ResponseEvent told in await NextAsync(answer, builder).ConfigureAwait(false))
            {
                yield return told;
            }
        }
    }

    /// <summary>The response as it stands at its end.</summary>
    /// <exception cref="OrchardException">It failed.</exception>
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
