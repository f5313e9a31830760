namespace Orchard.Protocol.Messages.Requests;

/// <summary>Parameters of XTC ("exclude top choices") sampling.</summary>
/// <param name="Probability">Probability, per token, that choices are excluded.</param>
/// <param name="Threshold">Of the tokens with at least this probability, all but the least probable one are excluded.</param>
internal sealed record XtcSettings(double Probability, double Threshold);
