using System.Diagnostics.CodeAnalysis;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>Reads the deltas of all sequences of a chat request. Not thread-safe.</summary>
/// <param name="sequences">A reader for each candidate of each conversation that was sent.</param>
/// <param name="failed">The final deltas of the conversations that have no prompt and were not sent.</param>
/// <param name="keepsFailures">Whether the failure of one conversation is a result; otherwise it ends the request.</param>
internal sealed class ChatReader(SequenceReader[][] sequences, IEnumerable<ChatDelta> failed, bool keepsFailures)
    : IResponseReader<ChatDelta>
{
    private readonly Queue<ChatDelta> _failed = new(failed);

    public int ReceivedCharacters { get; private set; }

    public bool TryTakeInitial([NotNullWhen(true)] out ChatDelta? result) => _failed.TryDequeue(out result);

    public ChatDelta? Read(ResponseDelta delta)
    {
        ChatDelta? result = Find(delta).Read(delta);
        ReceivedCharacters += result?.Text.Length ?? 0;
        return result;
    }

    public OrchardException Locate(ResponseDelta delta, OrchardException error) =>
        error is InvalidMediaException
        && delta.PromptIndex is { } prompt && (uint)prompt < (uint)sequences.Length && sequences[prompt].Length > 0
            ? sequences[prompt][0].Locate(error, delta.Extras?.MediaIndex)
            : error;

    // A delta without a prompt index reports an error of the request as a whole.
    public ChatDelta? ReadFailure(ResponseDelta delta, OrchardException error) =>
        keepsFailures && delta is { IsFinal: true, PromptIndex: not null } ? Find(delta).Fail(error) : null;

    private SequenceReader Find(ResponseDelta delta)
    {
        int prompt = delta.PromptIndex ?? 0;
        int candidate = delta.CandidateIndex ?? 0;
        return (uint)prompt < (uint)sequences.Length && (uint)candidate < (uint)sequences[prompt].Length
            ? sequences[prompt][candidate]
            : throw new ProtocolException(
                $"The engine sent a part of candidate {candidate} of prompt {prompt}, which the request does not have.");
    }
}
