using System.Text.Json.Serialization.Metadata;

namespace Orchard.Server.OpenApi;

/// <summary>A route as the OpenAPI document describes it.</summary>
/// <param name="Method">HTTP method, in lower case.</param>
/// <param name="Path">Path, with names of parameters in braces.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Request">JSON contract of the body; null if there is none.</param>
/// <param name="Response">JSON contract of the response; null if it has none of its own.</param>
/// <param name="Streams">Content type of the response if it can be streamed; otherwise null.</param>
internal sealed record Operation(
    string Method, string Path, string Summary, JsonTypeInfo? Request = null, JsonTypeInfo? Response = null, string? Streams = null);
