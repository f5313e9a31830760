namespace Orchard.Grammars.Tokens;

/// <summary>The bytes of a vocabulary's tokens.</summary>
internal interface ITokenBytes
{
    /// <summary>Returns the bytes of a token; empty for a control token.</summary>
    ReadOnlySpan<byte> GetBytes(int token);
}
