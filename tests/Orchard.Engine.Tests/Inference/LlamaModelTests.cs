using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Inference;

public sealed class LlamaModelTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private readonly LlamaModel _model = starter.Model;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Facts_AreThoseOfTheFile()
    {
        Assert.Equal("llama", _model.Architecture);
        Assert.Equal(3_615_168, _model.ParameterCount);
        Assert.Equal(3_615_168, _model.Header.ParameterCount);
        Assert.Equal(2048, _model.ContextLength);
        Assert.Equal(2048, _model.Header.ContextLength);
        Assert.Equal(1_536, _model.VocabularySize);
        Assert.Equal(1_536, _model.Header.VocabularySize);
        Assert.Equal(3_897_472, _model.FileBytes);
        Assert.Equal(6 * 3 * 32 * 2 * 2, _model.Header.KeyValueBytesPerToken);
        Assert.Contains("<|im_start|>", _model.ChatTemplate, StringComparison.Ordinal);
    }

    // The ids are those of the tokenizer the model was trained with.
    [Theory]
    [InlineData("Hello!", new[] { 714, 40 })]
    [InlineData("What is the capital of France?", new[] { 363, 291, 290, 342, 302, 622, 1232, 70 })]
    [InlineData("<|im_start|>user\nHi<|im_end|>\n", new[] { 1, 278, 17, 981, 2, 17 })]
    [InlineData("KDT-0417 \U0001F600 日本", new[] { 82, 75, 91, 52, 55, 59, 56, 62, 1459, 135, 39, 237, 158, 172, 237, 163, 179 })]
    [InlineData("  two  spaces\n\n\tend ", new[] { 39, 727, 39, 1522, 104, 106, 292, 360, 16, 537, 39 })]
    [InlineData("<think></think><tool_call>", new[] { 5, 6, 3 })]
    public void Tokenize_GivesTheIdsOfTraining(string text, int[] expected) => Assert.Equal(expected, Tokenize(text));

    [Fact]
    public void Tokenize_EmptyText_GivesNoTokens() => Assert.Empty(_model.Tokenize([]));

    [Theory]
    [InlineData("Plain text, with punctuation - and 123 digits.")]
    [InlineData("日本語 \U0001F600 naïve\r\n\t end")]
    public void GetBytes_OfAllTokens_GivesTheTextBack(string text) => Assert.Equal(text, starter.GetText(Tokenize(text)));

    [Fact]
    public void GetBytes_ControlToken_HasNone()
    {
        int token = Assert.Single(Tokenize("<|im_end|>"));

        Assert.Equal(0, _model.GetBytes(token, new byte[16]));
        Assert.True(_model.IsEndOfGeneration(token));
    }

    [Fact]
    public void Detokenize_TokenOutsideTheVocabulary_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => _model.Detokenize([1, 99_999], special: false));

        Assert.Equal("Token 99999 at 1 is outside the vocabulary of 1536 tokens.", error.Message); // clients get the message as it is
    }

    [Fact]
    public void ControlTexts_AreTheVocabularys() =>
        Assert.Equal(
            ["</think>", "</tool_call>", "<think>", "<tool_call>", "<|endoftext|>", "<|im_end|>", "<|im_start|>"],
            _model.ControlTexts.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("<|im_start|>user\n  naïve 日本語 \U0001F600\r\n\t{\"a\": [1, 2.5e3]}  <|im_end|>\n<|im_start|>assistant\n<think>\n")]
    [InlineData("<|im_start|>user\n<|im_end|><|im_end|>\n\n\n<|im_start|>")]
    [InlineData("no control token at all")]
    public void Tokenize_RenderedPrompt_IsWhatTheLibraryGivesForTheSameFlags(string prompt)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(prompt);
        int[] direct = new int[utf8.Length + 16];
        int count = _model.Handle.Tokenize(utf8, direct, addSpecial: true, parseSpecial: true); // llama_tokenize itself

        Assert.Equal(direct[..count], _model.Tokenize(utf8, []));
        Assert.Equal(direct[..count], _model.Tokenize(utf8, addSpecial: true, parseSpecial: true));
    }

    [Fact]
    public void Tokenize_PlainSpan_HasNoControlTokensAndTheRestKeepsIts()
    {
        byte[] text = Encoding.UTF8.GetBytes("<|im_start|>user\nSay <|im_end|> é!<|im_end|>\n");
        int start = "<|im_start|>".Length;
        int end = text.Length - "<|im_end|>\n".Length;

        int[] tokens = _model.Tokenize(text, [new PlainSpan(start, end - start)]);

        int[] controls = [.. tokens.Where(token => _model.GetBytes(token, new byte[16]) == 0)];
        Assert.Equal([Tokenize("<|im_start|>")[0], Tokenize("<|im_end|>")[0]], controls);
        Assert.Equal("user\nSay <|im_end|> é!\n", starter.GetText(tokens));
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(23, 7)]
    public void Tokenize_PlainSpanWithoutControlText_ChangesNothing(int start, int length)
    {
        // From one control token to the next, where the library splits a text by itself.
        byte[] text = Encoding.UTF8.GetBytes("What is it?<|im_start|>user\nHi<|im_end|>");

        Assert.Equal(_model.Tokenize(text), _model.Tokenize(text, [new PlainSpan(start, length)]));
    }

    [Fact]
    public void GetBytes_DestinationTooSmall_TellsTheSize()
    {
        int token = Assert.Single(Tokenize("<think>"));

        Assert.Equal(-7, _model.GetBytes(token, new byte[6]));
        Assert.Equal(7, _model.GetBytes(token, new byte[7]));
        Assert.False(_model.IsEndOfGeneration(token));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_536)]
    public void GetBytes_NoSuchToken_Throws(int token) => Assert.Throws<ArgumentOutOfRangeException>(() => _model.GetBytes(token, []));

    [Fact]
    public void Tokenize_BytesThatAreNotUtf8_SurviveAndTerminate()
    {
        var random = new Random(7);
        byte[] noise = new byte[200];
        for (int round = 0; round < 500; round++)
        {
            random.NextBytes(noise);
            _ = _model.Tokenize(noise.AsSpan(0, random.Next(noise.Length)));
        }
    }

    [Fact]
    public void Tokenize_AnyCodePoints_AreWhole()
    {
        var random = new Random(8);
        for (int round = 0; round < 300; round++)
        {
            var text = new StringBuilder();
            for (int i = random.Next(60); i > 0; i--)
            {
                int value = random.Next(round % 3 == 0 ? 0x110000 : 0x300);
                text.Append(Rune.IsValid(value) ? new Rune(value) : new Rune('?'));
            }

            Assert.Equal(text.ToString(), starter.GetText(Tokenize(text.ToString())));
        }
    }

    [Fact]
    public void Tokenize_LongTextWithoutSpaces_IsWhole()
    {
        string text = new('x', 200_000);

        Assert.Equal(text, starter.GetText(Tokenize(text)));
    }

    [Fact]
    public void Tokenize_OfManyThreads_AgreesWithOne()
    {
        int[] expected = Tokenize(StarterModel.FrancePrompt);

        Parallel.For(0, 200, _ => Assert.Equal(expected, Tokenize(StarterModel.FrancePrompt)));
    }

    [Fact]
    public async Task Load_ReportsProgressUpToTheEnd()
    {
        var progress = new Recorder(_ => { });

        using LlamaModel model = await LlamaModel.LoadAsync(StarterModel.FilePath, settings: null, progress, Cancellation);

        Assert.NotEmpty(progress.Values);
        Assert.Equal(1, progress.Values[^1]);
        Assert.All(progress.Values, value => Assert.InRange(value, 0, 1));
        Assert.Equal(progress.Values.Order(), progress.Values);
    }

    [Fact]
    public async Task Load_CancelledOnTheWay_EndsWithTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(_ => source.Cancel());

        Task load = LlamaModel.LoadAsync(StarterModel.FilePath, settings: null, progress, source.Token);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Single(progress.Values);
    }

    [Fact]
    public async Task Load_ProgressThrows_EndsWithThatException()
    {
        var progress = new Recorder(_ => throw new InvalidTimeZoneException("from the test"));

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => LlamaModel.LoadAsync(StarterModel.FilePath, settings: null, progress, Cancellation));

        Assert.Equal("from the test", error.Message);
    }

    [Fact]
    public async Task Load_ArchitectureUnknownToTheLibrary_SaysWhatTheLibrarySaid()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("odd.gguf", new GgufBuilder().Text("general.architecture", "orchid").Tensor("w", 0, 4).Build());

        var error = await Assert.ThrowsAsync<ModelFileException>(() => LlamaModel.LoadAsync(path, settings: null, null, Cancellation));

        Assert.Contains("orchid", error.Message, StringComparison.Ordinal);
        Assert.Contains("llama.cpp reported", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_BadFile_DoesNotReachTheLibrary()
    {
        var progress = new Recorder(_ => { });

        await Assert.ThrowsAsync<ModelFileException>(
            () => LlamaModel.LoadAsync(Path.Combine(AppContext.BaseDirectory, "none.gguf"), settings: null, progress, Cancellation));

        Assert.Empty(progress.Values);
    }

    [Fact]
    public async Task Dispose_ModelBeforeItsDecoder_FreesItWithTheDecoder()
    {
        LlamaModel model = await LlamaModel.LoadAsync(StarterModel.FilePath, settings: null, null, Cancellation);
        var decoder = new LlamaDecoder(model, StarterModel.SmallDecoder);

        model.Dispose();
        Assert.False(model.Handle.IsReleased);
        decoder.Decode([new BatchToken(10, 0, 0, true)]);

        decoder.Dispose();
        Assert.True(decoder.Handle.IsReleased);
        Assert.True(model.Handle.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => model.Tokenize("x"u8));
    }

    private int[] Tokenize(string text) => _model.Tokenize(Encoding.UTF8.GetBytes(text));

    private sealed class Recorder(Action<float> action) : IProgress<float>
    {
        public List<float> Values { get; } = [];

        public void Report(float value)
        {
            Values.Add(value);
            action(value);
        }
    }
}
