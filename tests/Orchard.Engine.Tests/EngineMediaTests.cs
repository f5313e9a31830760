using System.Globalization;
using System.Text;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Tests.Inference;
using Orchard.Engine.Tests.Inference.Media;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.TestModels;

namespace Orchard.Engine.Tests;

/// <summary>Images and sound through a real engine process: the starter model with a projector of random weights.</summary>
public sealed class EngineMediaTests : IDisposable
{
    private const ulong Channel = (1ul << 32) | 9;
    private const string ModelId = "seeing";
    private const string FuzzVariable = "ORCHARD_MEDIA_FUZZ";

    private readonly TempDirectory _directory = new();
    private ulong _requests;

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    private string ModelPath => Path.Combine(_directory.Path, "m", "starter.gguf");

    public static int FuzzedFiles => int.Parse(Environment.GetEnvironmentVariable(FuzzVariable) ?? "0", CultureInfo.InvariantCulture);

    public static bool IsFuzzing => FuzzedFiles > 0;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Image_InAPrompt_IsAnsweredAndFoundInThePrefixCache()
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();

        ManagementReply loaded = await client.ExecuteAsync(Load());
        Assert.Equal(ManagementReply.OkStatus, loaded.Status);
        Assert.Equal((string[])["text", "image", "audio"], loaded.Data?.LoadModel?.Facts?.InputModalities);
        Assert.Equal(Path.Combine(_directory.Path, "m", "mmproj-tiny.gguf"), loaded.Data?.LoadModel?.Facts?.Projector);

        ResponseDelta text = (await AskAsync(client, Prompt("one two three", " four")))[^1];
        ResponseDelta image = (await AskAsync(client, Prompt("one two three", TestMedia.Png(60, 40, 1), " four")))[^1];
        ResponseDelta again = (await AskAsync(client, Prompt("one two three", TestMedia.Png(60, 40, 1), " four")))[^1];
        ResponseDelta other = (await AskAsync(client, Prompt("one two three", TestMedia.Png(60, 40, 2), " four")))[^1];

        Assert.NotEqual(FinishReasons.Error, image.FinishReason);
        Assert.Equal(text.PromptTokenCount + 16, image.PromptTokenCount);
        Assert.True(again.CachedTokenCount >= 16, $"Only {again.CachedTokenCount} tokens were found in the prefix cache.");
        Assert.True(other.CachedTokenCount < 16, $"{other.CachedTokenCount} tokens of another image were found in the prefix cache.");
    }

    [Theory]
    [InlineData("llava")]
    [InlineData("ultravox")]
    public async Task Prompt_WithWhatTheModelDoesNotTake_IsUnsupported(string kind)
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel(kind);
        await client.ExecuteAsync(Load());

        IReadOnlyList<ResponseDelta> deltas = await AskAsync(
            client, kind == "llava" ? Sound(TestMedia.Wave(0.5, 440)) : Prompt(TestMedia.Png(60, 40, 1), "four"));

        Assert.Equal(ErrorCode.Unsupported, deltas[^1].Extras?.ErrorCode);
        Assert.Contains("mmproj-tiny.gguf", deltas[^1].Extras?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_ForAModelWithoutProjector_IsUnsupportedAndSaysWhatToDo()
    {
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        await client.ExecuteAsync(Load() with { ModelPath = StarterModel.FilePath });

        IReadOnlyList<ResponseDelta> deltas = await AskAsync(client, Prompt("one", TestMedia.Png(60, 40, 1), "four"));

        Assert.Equal(ErrorCode.Unsupported, deltas[^1].Extras?.ErrorCode);
        Assert.Contains("mmproj", deltas[^1].Extras?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projector_None_IsNotLoaded()
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();

        ManagementReply loaded = await client.ExecuteAsync(
            Load() with { Extensions = new LoadExtensions { Projector = LoadExtensions.NoProjector } });

        Assert.Equal((string[])["text"], loaded.Data?.LoadModel?.Facts?.InputModalities);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("model")]
    [InlineData("damaged")]
    public async Task Projector_ThatCannotBeUsed_FailsTheLoadUnlessItIsOptional(string fault)
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();
        string projector = fault switch
        {
            "model" => StarterModel.FilePath,
            "damaged" => _directory.File("other/mmproj.gguf", "this is no projector"),
            _ => Path.Combine(_directory.Path, "nothing.gguf"),
        };

        ManagementReply required = await client.ExecuteAsync(Load() with { Extensions = new LoadExtensions { Projector = projector } });
        ManagementReply optional = await client.ExecuteAsync(
            Load() with { Extensions = new LoadExtensions { Projector = projector, ProjectorIsOptional = true } });

        Assert.Equal(ManagementReply.ErrorStatus, required.Status);
        Assert.Contains(projector, required.Message, StringComparison.Ordinal);
        Assert.Equal(ManagementReply.OkStatus, optional.Status);
        Assert.Contains(projector, optional.Data?.LoadModel?.Facts?.ProjectorProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embedding_OfAnImage_IsUnsupported()
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();
        await client.ExecuteAsync(Load());

        await client.SendAsync(Request(Prompt("one", TestMedia.Png(60, 40, 1), "four")) with { Type = RequestType.Embedding });

        Assert.Equal(ErrorCode.Unsupported, (await client.ReadSequenceAsync())[^1].Extras?.ErrorCode);
    }

    [Fact]
    public async Task BadMedia_AreInvalidByTypeAndTheEngineLives()
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();
        await client.ExecuteAsync(Load());
        string before = Text(await AskAsync(client, Prompt("one two three", TestMedia.Png(60, 40, 1), "four")));

        var wrong = new List<string>();
        foreach ((string name, WirePrompt prompt) in BadMedia.Images.Select(static bad => ($"image: {bad.Name}", Prompt("one", bad.File, "four")))
            .Concat(BadMedia.Sounds.Select(static bad => ($"sound: {bad.Name}", Sound(bad.File)))))
        {
            ResponseDelta final = (await AskAsync(client, prompt))[^1];
            if (final.Extras is not { ErrorCode: ErrorCode.InvalidMedia, MediaIndex: 0, ErrorMessage.Length: > 0 })
            {
                wrong.Add($"{name}: {final.FinishReason} {final.Extras?.ErrorCode} {final.Extras?.ErrorMessage}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(BadMedia.Images.Count + BadMedia.Sounds.Count >= 60);
        Assert.Equal(before, Text(await AskAsync(client, Prompt("one two three", TestMedia.Png(60, 40, 1), "four"))));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("progressive jpeg")]
    [InlineData("gif")]
    [InlineData("bmp")]
    [InlineData("wav")]
    public async Task Format_IsDecoded(string format)
    {
        MediaLibraryGate.Require();
        await using EngineExecutable engine = Start();
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        WriteModel();
        await client.ExecuteAsync(Load());

        ResponseDelta final = (await AskAsync(client, Of(format, Seed(format))))[^1];

        Assert.True(final.FinishReason is not FinishReasons.Error, final.Extras?.ErrorMessage);
    }

    [Fact(Skip = $"runs on demand: set {FuzzVariable} to a number of files", SkipUnless = nameof(IsFuzzing))]
    public async Task ChangedFiles_Many_EndNoEngine()
    {
        MediaLibraryGate.Require();
        string[] formats = ["png", "jpeg", "progressive jpeg", "gif", "bmp", "wav"];
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        WriteModel();
        EngineExecutable engine = Start();
        EngineClient client = await engine.ConnectAsync(Root, Channel);
        await client.ExecuteAsync(Load());
        try
        {
            for (int i = 0; i < FuzzedFiles; i++)
            {
                string format = formats[i % formats.Length];
                string outcome = "death of the engine";
                Task<IReadOnlyList<ResponseDelta>> answer = AskAsync(client, Of(format, Mutated(Seed(format), new Random(i))));
                if (await Task.WhenAny(answer, client.ResponseConnectionEnd) == answer)
                {
                    outcome = (await answer)[^1].Extras?.ErrorCode ?? "answered";
                }
                else
                {
                    _ = answer.ContinueWith(static task => task.Exception, TaskScheduler.Default);
                    await client.DisposeAsync();
                    await engine.DisposeAsync();
                    engine = Start();
                    client = await engine.ConnectAsync(Root, Channel);
                    await client.ExecuteAsync(Load());
                }

                outcomes[$"{format}: {outcome}"] = outcomes.GetValueOrDefault($"{format}: {outcome}") + 1;
            }
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', outcomes.Select(static entry => $"{entry.Key} {entry.Value}")));
            await client.DisposeAsync();
            await engine.DisposeAsync();
        }

        Assert.DoesNotContain(outcomes.Keys, static outcome => outcome.EndsWith("engine", StringComparison.Ordinal));
    }

    private EngineExecutable Start() => EngineExecutable.Start("--root", _directory.Path);

    private void WriteModel(string kind = "both")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ModelPath)!);
        File.Copy(StarterModel.FilePath, ModelPath, overwrite: true);
        string projector = Path.Combine(_directory.Path, "m", "mmproj-tiny.gguf");
        int width = GgufHeader.Read(ModelPath).EmbeddingLength;
        _ = kind == "both" ? TinyProjector.WriteBoth(projector, width) : MediaModel.WriteProjector(kind, projector, width);
    }

    private ManagementCommand Load() => new()
    {
        Type = ManagementCommand.LoadModel,
        RequestedId = ModelId,
        CanonicalId = ModelId,
        ModelPath = ModelPath,
        WaitForCompletion = true,
    };

    private WireRequest Request(WirePrompt prompt) => new()
    {
        RequestId = ++_requests,
        ModelId = ModelId,
        ModelPath = ModelPath,
        ResponseChannelId = Channel,
        Prompts = [prompt],
    };

    private async Task<IReadOnlyList<ResponseDelta>> AskAsync(EngineClient client, WirePrompt prompt)
    {
        await client.SendAsync(Request(prompt));
        return await client.ReadSequenceAsync();
    }

    // Texts, and images as bytes.
    private static WirePrompt Prompt(params object[] parts)
    {
        var text = new StringBuilder();
        var images = new List<ReadOnlyMemory<byte>>();
        var layout = new List<LayoutSegment>();
        foreach (object part in parts)
        {
            if (part is byte[] image)
            {
                images.Add(image);
                layout.Add(new LayoutSegment(LayoutSegmentType.Image, image.Length));
            }
            else
            {
                text.Append((string)part);
                layout.Add(new LayoutSegment(LayoutSegmentType.Text, Encoding.UTF8.GetByteCount((string)part)));
            }
        }

        return new WirePrompt { Text = text.ToString(), Images = images, Layout = layout, Temperature = 0, MaxGeneratedTokens = 4 };
    }

    private static WirePrompt Sound(byte[] file) => new()
    {
        Text = "one two",
        Audio = [file],
        Layout = [new(LayoutSegmentType.Text, 3), new(LayoutSegmentType.Audio, file.Length), new(LayoutSegmentType.Text, 4)],
        Temperature = 0,
        MaxGeneratedTokens = 4,
    };

    private static WirePrompt Of(string format, byte[] file) => format == "wav" ? Sound(file) : Prompt("one", file, "four");

    private static byte[] Seed(string format) => format switch
    {
        "png" => TestMedia.Png(60, 40, 1),
        "jpeg" => TestMedia.Jpeg(),
        "progressive jpeg" => TestMedia.ProgressiveJpeg(),
        "gif" => TestMedia.Gif(),
        "bmp" => TestMedia.Bmp(),
        _ => TestMedia.Wave(0.05, 440),
    };

    private static byte[] Mutated(byte[] file, Random random)
    {
        for (int changes = random.Next(1, 8); changes > 0 && file.Length > 1; changes--)
        {
            int at = random.Next(file.Length);
            switch (random.Next(5))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    file = [.. file[..at], .. file[Math.Min(file.Length, at + random.Next(1, 16))..]];
                    break;
                case 3:
                    file = [.. file[..at], .. file[at..Math.Min(file.Length, at + random.Next(1, 16))], .. file[at..]];
                    break;
                default:
                    file[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xff;
                    break;
            }
        }

        return file;
    }

    private static string Text(IReadOnlyList<ResponseDelta> deltas) => string.Concat(deltas.Select(static delta => delta.Content));
}
