using Orchard.Server.Anthropic;
using Orchard.Server.Errors;
using Orchard.Server.OpenAI;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Hosting;

/// <summary>
/// Errors of paths that clients of OpenAI and of Anthropic use: the latter send the header <c>anthropic-version</c> with every request.
/// </summary>
internal sealed class SharedDialect : Dialect
{
    private const string VersionHeader = "anthropic-version";

    private readonly OpenAIDialect _openAI = new();
    private readonly AnthropicDialect _anthropic = new();

    /// <inheritdoc/>
    public override Task WriteErrorAsync(HttpContext context, ApiError error) =>
        context.Request.Headers.ContainsKey(VersionHeader)
            ? _anthropic.WriteErrorAsync(context, error)
            : _openAI.WriteErrorAsync(context, error);

    /// <inheritdoc/>
    public override void WriteError(StreamedResponse response, ApiError error) => _openAI.WriteError(response, error);
}
