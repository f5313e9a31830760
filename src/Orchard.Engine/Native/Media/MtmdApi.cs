using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary>
/// The imported C functions of libmtmd, the part of llama.cpp for images and sound, under their C names. The first call of one loads the
/// library. Prefer the handle types, which manage lifetimes.
/// </summary>
internal static unsafe partial class MtmdApi
{
    /// <summary>Library name, which <see cref="MtmdLibrary"/> maps to a file.</summary>
    public const string Mtmd = "mtmd";

    [LibraryImport(Mtmd)]
    public static partial MtmdContextParams mtmd_context_params_default();

    [LibraryImport(Mtmd)]
    public static partial nint mtmd_init_from_file(byte* path, LlamaHandle model, MtmdContextParams parameters);

    [LibraryImport(Mtmd)]
    public static partial void mtmd_free(nint context);

    [LibraryImport(Mtmd)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mtmd_decode_use_non_causal(LlamaHandle context, nint chunk);

    [LibraryImport(Mtmd)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mtmd_decode_use_mrope(LlamaHandle context);

    [LibraryImport(Mtmd)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mtmd_support_vision(LlamaHandle context);

    [LibraryImport(Mtmd)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mtmd_support_audio(LlamaHandle context);

    [LibraryImport(Mtmd)]
    public static partial void mtmd_bitmap_free(nint bitmap);

    [LibraryImport(Mtmd)]
    public static partial nint mtmd_input_chunks_init();

    [LibraryImport(Mtmd)]
    public static partial nuint mtmd_input_chunks_size(LlamaHandle chunks);

    [LibraryImport(Mtmd)]
    public static partial nint mtmd_input_chunks_get(LlamaHandle chunks, nuint index);

    [LibraryImport(Mtmd)]
    public static partial void mtmd_input_chunks_free(nint chunks);

    [LibraryImport(Mtmd)]
    public static partial int mtmd_input_chunk_get_type(nint chunk);

    [LibraryImport(Mtmd)]
    public static partial int* mtmd_input_chunk_get_tokens_text(nint chunk, nuint* count);

    [LibraryImport(Mtmd)]
    public static partial nint mtmd_input_chunk_get_tokens_image(nint chunk);

    [LibraryImport(Mtmd)]
    public static partial nuint mtmd_input_chunk_get_n_tokens(nint chunk);

    [LibraryImport(Mtmd)]
    public static partial int mtmd_input_chunk_get_n_pos(nint chunk);

    [LibraryImport(Mtmd)]
    public static partial MtmdDecoderPosition mtmd_image_tokens_get_decoder_pos(nint tokens, int start, nuint index);

    [LibraryImport(Mtmd)]
    public static partial int mtmd_tokenize_from_parts(
        LlamaHandle context, LlamaHandle chunks, MtmdInputPart** parts, nuint partCount, [MarshalAs(UnmanagedType.U1)] bool addSpecial);

    [LibraryImport(Mtmd)]
    public static partial int mtmd_encode_chunk(LlamaHandle context, nint chunk);

    [LibraryImport(Mtmd)]
    public static partial float* mtmd_get_output_embd(LlamaHandle context);

    [LibraryImport(Mtmd)]
    public static partial MtmdInitOptions mtmd_helper_init_opt_default();

    [LibraryImport(Mtmd)]
    public static partial MtmdBitmapWrapper mtmd_helper_bitmap_init_from_buf(
        LlamaHandle context, byte* file, nuint length, [MarshalAs(UnmanagedType.U1)] bool placeholder, MtmdInitOptions options);

    [LibraryImport(Mtmd)]
    public static partial void mtmd_helper_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);
}
