using Orchard.Server.Errors;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Anthropic;

/// <summary>Errors as Anthropic's clients expect them.</summary>
internal sealed class AnthropicDialect : Dialect
{
    /// <inheritdoc/>
    public override Task WriteErrorAsync(HttpContext context, ApiError error) =>
        context.Response.WriteAsJsonAsync(
            AnthropicError.Of(error), AnthropicJson.Wire.AnthropicError, contentType: null, CancellationToken.None);

    /// <inheritdoc/>
    public override void WriteError(StreamedResponse response, ApiError error) =>
        response.Write(AnthropicError.Of(error), AnthropicJson.Wire.AnthropicError, "error");
}
