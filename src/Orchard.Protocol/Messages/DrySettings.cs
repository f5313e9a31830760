namespace Orchard.Protocol.Messages;

/// <summary>"Don't repeat yourself": a penalty for going on with a sequence that was there before.</summary>
/// <param name="Multiplier">The penalty's size; 0: off.</param>
/// <param name="Base">What the penalty grows by with every repeated token.</param>
/// <param name="AllowedLength">Repeated tokens that cost nothing.</param>
/// <param name="Window">How many of the last tokens to look at.</param>
/// <param name="SequenceBreakers">Texts over which a repetition does not reach.</param>
internal sealed record DrySettings(double Multiplier, double Base, int AllowedLength, int Window, IReadOnlyList<string> SequenceBreakers);
