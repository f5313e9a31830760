namespace Orchard.Engine.Inference.Llama;

/// <summary>Numbers of compute threads.</summary>
/// <param name="SingleToken">For decodes of one token, which are mostly bound by memory bandwidth.</param>
/// <param name="Batch">For decodes of several tokens.</param>
internal readonly record struct ThreadCounts(int SingleToken, int Batch);
