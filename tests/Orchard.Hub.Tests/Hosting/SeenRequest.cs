namespace Orchard.Hub.Tests.Hosting;

/// <summary>A request that arrived.</summary>
/// <param name="IsStorage">Whether it arrived at the second host.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Range">The range header.</param>
/// <param name="Authorization">The authorization header.</param>
internal sealed record SeenRequest(bool IsStorage, string Path, string? Range, string? Authorization);
