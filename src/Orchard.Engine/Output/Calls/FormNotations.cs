using Orchard.Grammars.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The notations in which forms write values.</summary>
internal static class FormNotations
{
    /// <summary>Returns the notation of arguments that are written one by one.</summary>
    public static ValueNotation Of(ArgumentForm form) => form.Values switch
    {
        ArgumentNotation.Marked => new MarkedNotation(form.Quote),
        ArgumentNotation.Elements => new ElementNotation(form),
        ArgumentNotation.Python => form.Texts == ArgumentNotation.Json ? ValueNotation.Python with { Quotes = "\"" } : ValueNotation.Python,
        _ => form.Texts == ArgumentNotation.Python ? ValueNotation.Json with { Quotes = "'\"" } : ValueNotation.Json,
    };
}
