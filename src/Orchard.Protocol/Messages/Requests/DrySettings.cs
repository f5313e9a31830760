namespace Orchard.Protocol.Messages.Requests;

/// <summary>Parameters of DRY ("don't repeat yourself") sampling, which penalizes tokens that would extend a repetition.</summary>
/// <param name="Multiplier">Strength of the penalty; 0 disables it.</param>
/// <param name="Base">Growth of the penalty with each repeated token.</param>
/// <param name="AllowedLength">Longest repetition in tokens that is not penalized.</param>
/// <param name="Window">How many of the last tokens are searched for repetitions.</param>
/// <param name="SequenceBreakers">Texts that end a repetition.</param>
internal sealed record DrySettings(double Multiplier, double Base, int AllowedLength, int Window, IReadOnlyList<string> SequenceBreakers);
