using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>How many drafted tokens a batch has room for.</summary>
internal struct DraftRoom
{
    private int _tokens;
    private int _outputs;

    /// <param name="decoder">Decodes the batch.</param>
    /// <param name="shares">Number of tokens of each slot, without drafts.</param>
    public DraftRoom(IDecoder decoder, ReadOnlySpan<int> shares)
    {
        _tokens = decoder.BatchCapacity;
        _outputs = decoder.OutputCapacity;
        foreach (int share in shares)
        {
            _tokens -= share;
            _outputs -= share > 0 ? 1 : 0;
        }
    }

    /// <summary>Maximum number of tokens of the next draft.</summary>
    public readonly int Max => Math.Max(Math.Min(_tokens, _outputs), 0);

    /// <summary>Takes the room of a draft.</summary>
    /// <param name="tokens">Number of its tokens.</param>
    /// <param name="outputs">How many logits it needs beside those of the newest token.</param>
    public void Take(int tokens, int outputs)
    {
        _tokens -= tokens;
        _outputs -= outputs;
    }
}
