namespace Orchard;

/// <summary>A document, and how well it answers a query. Immutable.</summary>
/// <param name="Index">Its place in the list that was given, from 0.</param>
/// <param name="Score">
/// How well it answers, as the model says it: the larger the better. The scale is the model's own; many give a logit.
/// </param>
public sealed record RankedDocument(int Index, float Score);
