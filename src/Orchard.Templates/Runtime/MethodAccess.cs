namespace Orchard.Templates.Runtime;

/// <summary>Whether a template can call a method of a value.</summary>
internal enum MethodAccess : byte
{
    /// <summary>There is no such method.</summary>
    None,
    Allowed,

    /// <summary>Python's method changes the value, which the sandbox of Hugging Face does not allow.</summary>
    Unsafe,
}
