namespace Orchard.Formatting.Forms;

/// <summary>The content of a turn that has calls but no text.</summary>
internal enum EmptyContent
{
    /// <summary>An empty text.</summary>
    Text,

    /// <summary>None, JSON's null.</summary>
    None,

    /// <summary>The key is missing.</summary>
    Missing,
}
