namespace Orchard.Engine.Serving.Responses;

/// <summary>The ids that every delta of a sequence contains, and the channel it is sent to.</summary>
internal readonly record struct SequenceAddress(
    ulong ResponseChannelId, ulong RequestId, ulong SequenceId, int PromptIndex, int CandidateIndex);
