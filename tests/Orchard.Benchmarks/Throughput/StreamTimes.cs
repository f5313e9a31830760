namespace Orchard.Benchmarks.Throughput;

/// <summary>How one answer went.</summary>
/// <param name="FirstMilliseconds">From the request to its first delta.</param>
/// <param name="TotalMilliseconds">From the request to its end.</param>
/// <param name="PromptTokens">As the engine counted them.</param>
/// <param name="CachedTokens">Those of the prompt that were not computed again.</param>
internal readonly record struct StreamTimes(double FirstMilliseconds, double TotalMilliseconds, int PromptTokens, int CachedTokens);
