using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_token_data</c>, 12 bytes: a candidate.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTokenData
{
    public int Token;
    public float Logit;
    public float Probability;
}
