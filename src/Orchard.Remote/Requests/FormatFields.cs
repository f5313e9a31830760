namespace Orchard.Remote.Requests;

/// <summary>How a server wants grammars and regular expressions.</summary>
internal enum FormatFields
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In <c>structured_outputs</c>.</summary>
    Vllm,

    /// <summary>In <c>ebnf</c> and <c>regex</c>.</summary>
    SgLang,

    /// <summary>In <c>grammar</c>, regular expressions as grammars.</summary>
    Grammar,

    /// <summary>In <c>response_format</c>.</summary>
    Orchard,
}
