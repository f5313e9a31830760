using Orchard.Server.Errors;
using Orchard.Server.OpenAI;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Page;

/// <summary>Errors as the page reads them: OpenAI's in a response, a last line in a stream.</summary>
internal sealed class PageDialect : Dialect
{
    private readonly OpenAIDialect _whole = new();

    /// <inheritdoc/>
    public override Task WriteErrorAsync(HttpContext context, ApiError error) => _whole.WriteErrorAsync(context, error);

    /// <inheritdoc/>
    public override void WriteError(StreamedResponse response, ApiError error) => response.Write(
        new PageLoadLine { Status = "error", Message = error.Message, Code = error.Code }, PageJson.Wire.PageLoadLine);
}
