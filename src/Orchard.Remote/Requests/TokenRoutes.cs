namespace Orchard.Remote.Requests;

/// <summary>The routes of a server for tokens.</summary>
internal enum TokenRoutes
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Of texts and of conversations.</summary>
    Vllm,

    /// <summary>Of texts.</summary>
    SgLang,

    /// <summary>Of texts; conversations are rendered by another route.</summary>
    LlamaServer,

    /// <summary>Of conversations, which are counted as the input of Responses.</summary>
    Orchard,
}
