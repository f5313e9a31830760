namespace Orchard.TestModels;

/// <summary>
/// Projectors of random weights, as small as their type allows: what they see and hear means nothing, but differs for different images and
/// sounds.
/// </summary>
public sealed class TinyProjector
{
    /// <summary>Pixels along a side of the images that most of them were made for.</summary>
    public const int ImageSize = 32;

    /// <summary>Pixels along a side of a patch.</summary>
    public const int PatchSize = 8;

    private const int Bins = 16;
    private const int SoundPositions = 1500;
    private const int StackFactor = 50;
    private const int Kernel = 3;

    private readonly GgufFile _file = new();
    private readonly Random _random = new(7);
    private readonly int _modelWidth;
    private readonly Encoder _encoder;

    private TinyProjector(int modelWidth, Encoder? encoder = null)
    {
        _modelWidth = modelWidth;
        _encoder = encoder ?? new Encoder(Width: 32, Hidden: 48, Layers: 2, Heads: 2, ImageSize, PatchSize);
    }

    private int Width => _encoder.Width;

    private int Hidden => _encoder.Hidden;

    private int Patches => _encoder.ImageSize / _encoder.PatchSize * (_encoder.ImageSize / _encoder.PatchSize);

    /// <summary>Writes one like LLaVA's: each image becomes 16 tokens in order, without others around them.</summary>
    public static string WriteLlava(string path, int modelWidth) => new TinyProjector(modelWidth).Images("mlp", path, static projector => projector.Llava());

    /// <summary>Writes one like LLaVA's that takes a while: each image becomes 576 tokens.</summary>
    public static string WriteSlow(string path, int modelWidth)
    {
        var encoder = new Encoder(Width: 384, Hidden: 1_536, Layers: 6, Heads: 6, ImageSize: 336, PatchSize: 14);
        return new TinyProjector(modelWidth, encoder).Images("mlp", path, static projector => projector.Llava());
    }

    /// <summary>Writes one like Gemma 3's: the tokens of an image attend to each other.</summary>
    public static string WriteGemma(string path, int modelWidth) => new TinyProjector(modelWidth).Images("gemma3", path, projector =>
    {
        projector._file.Number("clip.vision.projector.scale_factor", 1);
        projector.Vector("v.patch_embd.bias", projector.Width);
        projector.Matrix("v.position_embd.weight", projector.Width, projector.Patches);
        projector.Matrix("mm.input_projection.weight", modelWidth, projector.Width);
        projector._file.Ones("mm.soft_emb_norm.weight", projector.Width);
    });

    /// <summary>Writes one like Qwen2-VL's: images of any size, whose tokens have positions in them.</summary>
    public static string WriteQwen(string path, int modelWidth) => new TinyProjector(modelWidth).Images("qwen2vl_merger", path, projector =>
    {
        projector._file.Tensor("v.patch_embd.weight.1", projector.Values(PatchSize * PatchSize * 3 * projector.Width), PatchSize, PatchSize, 3, projector.Width);
        projector.Matrix("mm.0.weight", 4 * projector.Width, projector.Hidden);
        projector.Vector("mm.0.bias", projector.Hidden);
        projector.Matrix("mm.2.weight", projector.Hidden, modelWidth);
        projector.Vector("mm.2.bias", modelWidth);
    });

    /// <summary>Writes one like Ultravox's: each 30 seconds of sound become 30 tokens.</summary>
    public static string WriteUltravox(string path, int modelWidth)
    {
        var projector = new TinyProjector(modelWidth);
        projector.Begin("clip.audio.projector_type", "ultravox");
        projector.Sounds();
        projector._file.Save(path);
        return path;
    }

    /// <summary>Writes one that sees like LLaVA's and hears like Ultravox's.</summary>
    public static string WriteBoth(string path, int modelWidth)
    {
        var projector = new TinyProjector(modelWidth);
        projector.Begin("clip.audio.projector_type", "ultravox");
        projector._file.Text("clip.vision.projector_type", "mlp");
        projector.Sounds();
        projector.Images();
        projector.Llava();
        projector._file.Save(path);
        return path;
    }

    private void Llava()
    {
        Vector("v.patch_embd.bias", Width);
        Matrix("v.position_embd.weight", Width, Patches);
        Matrix("mm.0.weight", Width, Hidden);
        Vector("mm.0.bias", Hidden);
        Matrix("mm.2.weight", Hidden, _modelWidth);
        Vector("mm.2.bias", _modelWidth);
    }

    private void Sounds()
    {
        Describe("audio");
        _file
            .Flag("clip.has_audio_encoder", true)
            .Number("clip.audio.num_mel_bins", Bins)
            .Number("clip.audio.projector.stack_factor", StackFactor)
            .HalfTensor("a.conv1d.1.weight", Values(Kernel * Bins * Width), Kernel, Bins, Width)
            .Tensor("a.conv1d.1.bias", Values(Width), 1, Width)
            .HalfTensor("a.conv1d.2.weight", Values(Kernel * Width * Width), Kernel, Width, Width)
            .Tensor("a.conv1d.2.bias", Values(Width), 1, Width);
        Matrix("a.position_embd.weight", Width, SoundPositions);
        Blocks("a", hasKeyBias: false);
        _file.Ones("mm.a.norm_pre.weight", Width * StackFactor);
        Matrix("mm.a.mlp.1.weight", Width * StackFactor, 2 * Hidden);
        _file.Ones("mm.a.norm_mid.weight", Hidden);
        Matrix("mm.a.mlp.2.weight", Hidden, _modelWidth);
    }

    private string Images(string type, string path, Action<TinyProjector> writeRest)
    {
        Begin("clip.projector_type", type);
        Images();
        writeRest(this);
        _file.Save(path);
        return path;
    }

    private void Images()
    {
        int patch = _encoder.PatchSize;
        Describe("vision");
        _file
            .Flag("clip.has_vision_encoder", true)
            .Flag("clip.use_gelu", true)
            .Number("clip.vision.image_size", _encoder.ImageSize)
            .Number("clip.vision.patch_size", _encoder.PatchSize)
            .Numbers("clip.vision.image_mean", [0.5f, 0.5f, 0.5f])
            .Numbers("clip.vision.image_std", [0.5f, 0.5f, 0.5f])
            .Tensor("v.patch_embd.weight", Values(patch * patch * 3 * Width), patch, patch, 3, Width);
        Blocks("v", hasKeyBias: true);
        _file.Ones("v.post_ln.weight", Width);
        Vector("v.post_ln.bias", Width);
    }

    private void Begin(string typeKey, string type) =>
        _file.Text("general.architecture", "clip").Text("general.type", "mmproj").Text(typeKey, type);

    private void Describe(string encoder) => _file
        .Number($"clip.{encoder}.embedding_length", Width)
        .Number($"clip.{encoder}.feed_forward_length", Hidden)
        .Number($"clip.{encoder}.block_count", _encoder.Layers)
        .Number($"clip.{encoder}.projection_dim", _modelWidth)
        .Number($"clip.{encoder}.attention.head_count", _encoder.Heads)
        .Number($"clip.{encoder}.attention.layer_norm_epsilon", 1e-5f);

    private void Blocks(string prefix, bool hasKeyBias)
    {
        for (int layer = 0; layer < _encoder.Layers; layer++)
        {
            string block = $"{prefix}.blk.{layer}.";
            foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_out"])
            {
                Matrix($"{block}{name}.weight", Width, Width);
                if (hasKeyBias || name != "attn_k")
                {
                    Vector($"{block}{name}.bias", Width);
                }
            }

            foreach (string name in (string[])["ln1", "ln2"])
            {
                _file.Ones($"{block}{name}.weight", Width);
                Vector($"{block}{name}.bias", Width);
            }

            Matrix(block + "ffn_up.weight", Width, Hidden);
            Vector(block + "ffn_up.bias", Hidden);
            Matrix(block + "ffn_down.weight", Hidden, Width);
            Vector(block + "ffn_down.bias", Width);
        }
    }

    private void Matrix(string name, int columns, int rows) => _file.Tensor(name, Values(columns * rows), columns, rows);

    private void Vector(string name, int length) => _file.Tensor(name, Values(length), length);

    private float[] Values(int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (_random.NextSingle() - 0.5f) * 0.6f;
        }

        return values;
    }

    private sealed record Encoder(int Width, int Hidden, int Layers, int Heads, int ImageSize, int PatchSize);
}
