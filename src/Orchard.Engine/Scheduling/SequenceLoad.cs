namespace Orchard.Engine.Scheduling;

/// <summary>What the next step has to process of a running sequence.</summary>
/// <param name="Slot">Slot in the KV cache.</param>
/// <param name="PromptTokensLeft">
/// Number of prompt tokens that are not decoded yet; 0 for a decoding sequence, which takes one token per step.
/// </param>
internal readonly record struct SequenceLoad(int Slot, int PromptTokensLeft)
{
    public bool IsDecoding => PromptTokensLeft == 0;
}
