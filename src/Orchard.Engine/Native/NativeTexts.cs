using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Texts as native code takes them: an array of pointers to UTF-8 bytes that end with a zero.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly int _count;

    public NativeTexts(IReadOnlyList<string> texts)
    {
        Pointers = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count, (nuint)sizeof(byte*));
        for (; _count < texts.Count; _count++)
        {
            Pointers[_count] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[_count]);
        }
    }

    public byte** Pointers { get; }

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
        {
            Marshal.FreeCoTaskMem((nint)Pointers[i]);
        }

        NativeMemory.Free(Pointers);
    }
}
