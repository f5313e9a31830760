namespace Orchard.Engine.Inference;

/// <summary>A token of a batch.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Position">Position in its sequence, from 0.</param>
/// <param name="Slot">KV cache slot of its sequence.</param>
/// <param name="NeedsLogits">Whether its logits are needed.</param>
internal readonly record struct BatchToken(int Token, int Position, int Slot, bool NeedsLogits);
