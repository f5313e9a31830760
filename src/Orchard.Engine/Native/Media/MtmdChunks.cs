using System.Numerics.Tensors;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native.Media;

/// <summary>
/// What an image or sound becomes in a prompt: tokens before, between and after it, and tokens whose embeddings are computed.
/// </summary>
internal sealed unsafe class MtmdChunks : LlamaHandle
{
    private const int Text = 0; // MTMD_INPUT_CHUNK_TYPE_TEXT

    private MtmdChunks(nint handle)
        : base(handle)
    {
    }

    public int Count => checked((int)MtmdApi.mtmd_input_chunks_size(this));

    /// <summary>Divides an image or sound into chunks. Thread-safe. Returns null if the library cannot.</summary>
    /// <param name="projector">The projector.</param>
    /// <param name="bitmap">The image or sound.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public static MtmdChunks? Of(MtmdProjectorHandle projector, MtmdBitmap bitmap, out string problem)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        var chunks = new MtmdChunks(MtmdApi.mtmd_input_chunks_init());
        bool isReferenced = false;
        try
        {
            bitmap.DangerousAddRef(ref isReferenced);
            var part = new MtmdInputPart { Bitmap = bitmap.DangerousGetHandle() };
            MtmdInputPart* parts = &part;
            int status = MtmdApi.mtmd_tokenize_from_parts(projector, chunks, &parts, 1, addSpecial: false);
            problem = log.Text;
            if (status == 0)
            {
                return chunks;
            }
        }
        finally
        {
            if (isReferenced)
            {
                bitmap.DangerousRelease();
            }
        }

        chunks.Dispose();
        return null;
    }

    /// <summary>Whether a chunk consists of tokens of the vocabulary.</summary>
    public bool IsText(int index)
    {
        using Borrowed borrowed = Borrow();
        return MtmdApi.mtmd_input_chunk_get_type(Chunk(index)) == Text;
    }

    /// <summary>Returns the tokens of a chunk that is text.</summary>
    public int[] TokensOf(int index)
    {
        using Borrowed borrowed = Borrow();
        nuint count;
        int* tokens = MtmdApi.mtmd_input_chunk_get_tokens_text(Chunk(index), &count);
        return new ReadOnlySpan<int>(tokens, checked((int)count)).ToArray();
    }

    /// <summary>Returns the number of tokens of a chunk, and by how many positions it advances.</summary>
    public (int Tokens, int Positions) LengthOf(int index)
    {
        using Borrowed borrowed = Borrow();
        nint chunk = Chunk(index);
        return (checked((int)MtmdApi.mtmd_input_chunk_get_n_tokens(chunk)), MtmdApi.mtmd_input_chunk_get_n_pos(chunk));
    }

    /// <summary>
    /// Returns the positions of the tokens of an image in a model whose positions have several dimensions, relative to the image: time,
    /// row and column of each token. Null for sound, whose tokens follow each other.
    /// </summary>
    public (int Time, int Row, int Column)[]? PositionsOf(int index)
    {
        using Borrowed borrowed = Borrow();
        nint chunk = Chunk(index);
        nint image = MtmdApi.mtmd_input_chunk_get_tokens_image(chunk);
        if (image == 0)
        {
            return null;
        }

        var positions = new (int, int, int)[MtmdApi.mtmd_input_chunk_get_n_tokens(chunk)];
        for (int i = 0; i < positions.Length; i++)
        {
            MtmdDecoderPosition position = MtmdApi.mtmd_image_tokens_get_decoder_pos(image, 0, (nuint)i);
            positions[i] = ((int)position.Time, (int)position.Y, (int)position.X);
        }

        return positions;
    }

    /// <summary>Whether all tokens of a chunk attend to each other, so that they must be decoded together.</summary>
    public bool IsNonCausal(MtmdProjectorHandle projector, int index)
    {
        using Borrowed borrowed = Borrow();
        return MtmdApi.mtmd_decode_use_non_causal(projector, Chunk(index));
    }

    /// <summary>Computes the embeddings of a chunk. Returns null if the library cannot.</summary>
    /// <param name="projector">The projector, which must not compute others meanwhile.</param>
    /// <param name="index">Index of a chunk that is not text.</param>
    /// <param name="width">Numbers per embedding.</param>
    /// <param name="areFinite">Whether all of them are finite numbers.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public NativeBuffer? Encode(MtmdProjectorHandle projector, int index, int width, out bool areFinite, out string problem)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        using Borrowed borrowed = Borrow();
        nint chunk = Chunk(index);
        int status = MtmdApi.mtmd_encode_chunk(projector, chunk);
        problem = log.Text;
        int numbers = checked((int)MtmdApi.mtmd_input_chunk_get_n_tokens(chunk) * width);
        areFinite = false;
        if (status != 0)
        {
            return null;
        }

        var output = new ReadOnlySpan<float>(MtmdApi.mtmd_get_output_embd(projector), numbers);
        areFinite = TensorPrimitives.IsFiniteAll(output);
        return NativeBuffer.CopyOf(output);
    }

    protected override void Free(nint native) => MtmdApi.mtmd_input_chunks_free(native);

    private nint Chunk(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return MtmdApi.mtmd_input_chunks_get(this, (nuint)index);
    }
}
