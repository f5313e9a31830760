using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol.Media;
using Orchard.TestModels;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>A model with a projector of random weights.</summary>
internal sealed class MediaModel : IAsyncDisposable
{
    public const int Context = 256;

    private readonly TempDirectory _directory = new();
    private IMediaLease _lease = null!;

    public LlamaModel Model { get; private set; } = null!;

    public MediaProjector Projector { get; private set; } = null!;

    public string ProjectorPath { get; private set; } = "";

    public static DecoderOptions Options { get; } =
        new() { SequenceCapacity = 4, ContextLength = Context, BatchCapacity = 64, KeepsBatchTogether = true };

    /// <summary>The kinds: the projectors of LLaVA, of Gemma 3, of Qwen2-VL and of Ultravox, each with a suitable model.</summary>
    public static TheoryData<string> Kinds => ["llava", "gemma", "qwen", "ultravox"];

    /// <summary>Loads a model and its projector. Skips the test if there is no library.</summary>
    public static async Task<MediaModel> LoadAsync(string kind)
    {
        MediaLibraryGate.Require();
        var result = new MediaModel();
        try
        {
            string path = result.WriteModel(kind);
            result.Model = await LlamaModel.LoadAsync(path, settings: null, progress: null, TestContext.Current.CancellationToken);
            result.ProjectorPath = WriteProjector(kind, result._directory.File("mmproj-tiny.gguf"), result.Model.Header.EmbeddingLength);
            result.Projector = result.LoadProjector();
            result._lease = await result.Projector.ReserveAsync(TestContext.Current.CancellationToken);
            return result;
        }
        catch
        {
            await result.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the projector of a kind.</summary>
    public static string WriteProjector(string kind, string path, int width) => kind switch
    {
        "gemma" => TinyProjector.WriteGemma(path, width),
        "qwen" => TinyProjector.WriteQwen(path, width),
        "ultravox" => TinyProjector.WriteUltravox(path, width),
        _ => TinyProjector.WriteLlava(path, width),
    };

    /// <summary>Loads the projector once more.</summary>
    public MediaProjector LoadProjector() =>
        MediaProjector.Load(ProjectorHeader.Read(ProjectorPath), Model, Options.BatchCapacity, usesGpu: false);

    public LlamaDecoder CreateDecoder(DecoderOptions? options = null) => new(Model, options ?? Options);

    /// <summary>An image or a sound of the kind that the projector takes. Different seeds give different ones.</summary>
    public MediaInput Input(int seed, int index = 0) => Projector.Takes(MediaKind.Image)
        ? new MediaInput(MediaKind.Image, TestMedia.Png(60, 40, seed), index)
        : new MediaInput(MediaKind.Audio, TestMedia.Wave(0.5, 200 + (100 * seed)), index);

    /// <summary>Encodes a file. The result is held as long as the model.</summary>
    public Task<EncodedMedia> EncodeAsync(MediaInput input, MediaProjector? projector = null) =>
        (projector ?? Projector).EncodeAsync(input, Context, _lease, TestContext.Current.CancellationToken);

    /// <summary>The tokens of a prompt of texts and files, in order.</summary>
    public async Task<PromptTokens> TokenizeAsync(params object[] parts)
    {
        var pieces = new List<MediaPiece>();
        foreach (object part in parts)
        {
            if (part is string text)
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                pieces.Add(new MediaPiece(pieces.Count == 0 ? Model.Tokenize(utf8) : Model.TokenizeRest(utf8, [])));
            }
            else
            {
                pieces.AddRange((await EncodeAsync((MediaInput)part)).Pieces);
            }
        }

        return PromptTokens.Join(pieces);
    }

    public async ValueTask DisposeAsync()
    {
        _lease?.Dispose();
        if (Projector is { } projector)
        {
            await projector.DisposeAsync();
        }

        Model?.Dispose();
        _directory.Dispose();
    }

    private string WriteModel(string kind) => kind switch
    {
        "gemma" => ModelArchitecture.Named("gemma3").Write(_directory.File("model.gguf")),
        "qwen" => ModelArchitecture.Named("qwen2vl").Write(_directory.File("model.gguf")),
        _ => StarterModel.FilePath,
    };
}
