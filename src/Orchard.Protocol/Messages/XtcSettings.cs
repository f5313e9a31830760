namespace Orchard.Protocol.Messages;

/// <summary>Exclude top choices.</summary>
/// <param name="Probability">How often, per token, choices are excluded.</param>
/// <param name="Threshold">Of the tokens at least this probable, all but the least probable are excluded.</param>
internal sealed record XtcSettings(double Probability, double Threshold);
