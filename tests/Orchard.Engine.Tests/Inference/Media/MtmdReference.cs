using System.Runtime.InteropServices;
using System.Text;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>Evaluates a prompt with the loop of the library itself, to compare results with.</summary>
internal static unsafe class MtmdReference
{
    private const int BatchTokens = 64;

    /// <summary>Returns the logits after a prompt of a text, a file and a text.</summary>
    public static float[] Logits(MtmdProjectorHandle projector, LlamaDecoder decoder, string before, byte[] file, string after)
    {
        using MtmdBitmap bitmap = MtmdBitmap.Decode(projector, file, out string problem);
        Assert.False(bitmap.IsInvalid, problem);
        nint chunks = MtmdApi.mtmd_input_chunks_init();
        byte[] first = Encoding.UTF8.GetBytes(before);
        byte[] last = Encoding.UTF8.GetBytes(after);
        fixed (byte* firstBytes = first)
        fixed (byte* lastBytes = last)
        {
            var firstText = new InputText { Text = firstBytes, Length = (nuint)first.Length, ParsesSpecial = 1 };
            var lastText = new InputText { Text = lastBytes, Length = (nuint)last.Length, ParsesSpecial = 1 };
            var parts = stackalloc MtmdInputPart[3];
            parts[0] = new MtmdInputPart { Text = (nint)(&firstText) };
            parts[1] = new MtmdInputPart { Bitmap = bitmap.DangerousGetHandle() };
            parts[2] = new MtmdInputPart { Text = (nint)(&lastText) };
            MtmdInputPart** pointers = stackalloc MtmdInputPart*[3] { &parts[0], &parts[1], &parts[2] };
            var tokenize = (delegate* unmanaged[Cdecl]<nint, nint, MtmdInputPart**, nuint, byte, int>)Export("mtmd_tokenize_from_parts");
            Assert.Equal(0, tokenize(projector.DangerousGetHandle(), chunks, pointers, 3, 1));
        }

        var evaluate = (delegate* unmanaged[Cdecl]<nint, nint, nint, int, int, int, byte, int*, int>)Export("mtmd_helper_eval_chunks");
        int end = 0;
        Assert.Equal(
            0, evaluate(projector.DangerousGetHandle(), decoder.Handle.DangerousGetHandle(), chunks, 0, 0, BatchTokens, 1, &end));
        MtmdApi.mtmd_input_chunks_free(chunks);
        return decoder.Handle.GetLogits(-1).ToArray();
    }

    private static nint Export(string name) => NativeLibrary.GetExport(MtmdLibrary.Handle, name);

    [StructLayout(LayoutKind.Sequential)]
    private struct InputText
    {
        public byte* Text;
        public nuint Length;
        public byte AddsSpecial;
        public byte ParsesSpecial;
    }
}
