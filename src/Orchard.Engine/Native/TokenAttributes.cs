namespace Orchard.Engine.Native;

/// <summary>What the library decides about a token when it loads a vocabulary: <c>llama_token_attr</c>.</summary>
[Flags]
internal enum TokenAttributes
{
    None = 0,
    Unknown = 1,
    Unused = 2,
    Normal = 4,
    Control = 8,
    UserDefined = 16,
    Byte = 32,
}
