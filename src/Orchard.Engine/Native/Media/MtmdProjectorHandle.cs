using System.Text;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native.Media;

/// <summary>
/// A loaded projector: the encoders of images and sound, and what maps their output to embeddings of a model. Keeps its model alive. It
/// computes one chunk at a time; everything else is thread-safe.
/// </summary>
internal sealed unsafe class MtmdProjectorHandle : LlamaHandle
{
    private readonly LlamaModelHandle? _model;

    private MtmdProjectorHandle(nint handle, LlamaModelHandle model)
        : base(handle)
    {
        if (handle != 0)
        {
            _model = model; // referenced before the native call
        }
    }

    public bool SeesImages => MtmdApi.mtmd_support_vision(this);

    public bool HearsSound => MtmdApi.mtmd_support_audio(this);

    /// <summary>Whether the positions of the model have several dimensions (M-RoPE).</summary>
    public bool HasGridPositions => MtmdApi.mtmd_decode_use_mrope(this);

    /// <summary>Whether all tokens of an image attend to each other.</summary>
    public bool HasNonCausalImages => MtmdApi.mtmd_decode_use_non_causal(this, 0);

    /// <summary>Numbers per embedding.</summary>
    public int EmbeddingLength => _model!.InputEmbeddingLength;

    /// <summary>Loads a projector file synchronously. The result is invalid if the library cannot.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="model">The model that it is for.</param>
    /// <param name="threads">Number of compute threads.</param>
    /// <param name="usesGpu">Whether it may be loaded onto a GPU.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    /// <exception cref="NativeLibraryException">The library is missing, or belongs to another release.</exception>
    public static MtmdProjectorHandle Load(string path, LlamaModelHandle model, int threads, bool usesGpu, out string problem)
    {
        MtmdLibrary.Load();
        MtmdContextParams parameters = MtmdApi.mtmd_context_params_default();
        parameters.UsesGpu = usesGpu ? (byte)1 : (byte)0;
        parameters.PrintsTimings = 0;
        parameters.Threads = threads;
        parameters.WarmsUp = 0; // it would encode the largest image
        bool referenced = false;
        MtmdProjectorHandle? projector = null;
        try
        {
            using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
            model.DangerousAddRef(ref referenced);
            fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            {
                projector = new MtmdProjectorHandle(MtmdApi.mtmd_init_from_file(name, model, parameters), model);
            }

            problem = log.Text;
            return projector;
        }
        finally
        {
            if (referenced && projector is not { IsInvalid: false })
            {
                model.DangerousRelease();
            }
        }
    }

    protected override void Free(nint native)
    {
        MtmdApi.mtmd_free(native);
        _model?.DangerousRelease();
    }
}
