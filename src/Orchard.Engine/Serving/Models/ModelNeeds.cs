namespace Orchard.Engine.Serving.Models;

/// <summary>Memory that a model needs, in bytes, estimated from the header of its file.</summary>
/// <param name="Least">Without it, the model cannot be loaded.</param>
/// <param name="Enough">For it, idle models leave: with it, the context is long enough for most work.</param>
/// <param name="Most">What the model could use.</param>
/// <param name="Advice">What the memory is for, and which settings would reduce it: sentences for the user.</param>
internal readonly record struct ModelNeeds(long Least, long Enough, long Most, string Advice = "");
