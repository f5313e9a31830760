using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Native;
using Orchard.Grammars.Tokens;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Llama;

/// <summary>A loaded model: weights, vocabulary and file header. Thread-safe.</summary>
internal sealed class LlamaModel : ITokenizer, IDisposable
{
    private const int NoToken = -1;

    private readonly Lazy<TokenPieces> _pieces;
    private readonly Lazy<PlainTokens> _plain;
    private readonly Lazy<int> _longestToken;
    private readonly int? _beginToken;
    private readonly int? _addedToken;
    private readonly int? _appendedToken;
    private readonly Lazy<TokenTrie> _vocabulary;
    private readonly Lazy<string?> _contentDigest;

    private LlamaModel(GgufHeader header, LlamaModelHandle handle)
    {
        Header = header;
        Handle = handle;
        _contentDigest = new Lazy<string?>(() => FileDigest.TryOf(header.Files));
        AssumedEnd = FindAssumedEnd(header, handle);
        VocabularySize = handle.VocabularySize;
        _pieces = new Lazy<TokenPieces>(() => new TokenPieces(handle, EndsGeneration));
        ContextLength = handle.TrainedContextLength;
        ParameterCount = handle.ParameterCount;
        _beginToken = handle.BeginToken;
        _addedToken = handle.AddsBegin ? _beginToken : null;
        _appendedToken = handle.AppendedToken;
        BeginText = handle.BeginText;
        _plain = new Lazy<PlainTokens>(() => new PlainTokens(handle, _pieces.Value));
        _longestToken = new Lazy<int>(() => 1 + Math.Max(
            _pieces.Value.Longest, ControlTexts.Select(static text => Encoding.UTF8.GetByteCount(text)).DefaultIfEmpty().Max()));
        EndText = AssumedEnd is { IsUsed: false } ? null : handle.EndText;
        SpecialTexts = header.SpecialTokens
            .Select(token => KeyValuePair.Create(token.Key, handle.GetText(token.Value)!))
            .Where(token => token.Value is not null)
            .ToDictionary(StringComparer.Ordinal);
        _vocabulary = new Lazy<TokenTrie>(() =>
        {
            TokenPieces pieces = _pieces.Value;
            return new TokenTrie(VocabularySize, token => pieces.GetBytes(token).ToArray(), pieces.EndsGeneration, handle.GetText);
        });
    }

    public GgufHeader Header { get; }

    /// <summary>Name of the architecture, such as <c>llama</c>.</summary>
    public string Architecture => Header.Architecture;

    /// <summary>Bytes of all files of the model.</summary>
    public long FileBytes => Header.TotalBytes;

    /// <summary>
    /// Identifies the content of the files, see <see cref="FileDigest"/>; null if they cannot be read any more. They are read on first use.
    /// </summary>
    public string? ContentDigest => _contentDigest.Value;

    /// <summary>Default chat template (Jinja); null if the file has none.</summary>
    public string? ChatTemplate => Header.ChatTemplate;

    /// <summary>Context length that the model was trained for, in tokens; a decoder may have a different one.</summary>
    public int ContextLength { get; }

    public long ParameterCount { get; }

    /// <summary>
    /// Whether the library can compute embeddings. It ends the process if it cannot: the graphs of some architectures (deepseek4, qwen4exp)
    /// have several vectors per token, of which it reads more than there is.
    /// </summary>
    public bool CanEmbed => Header.OutputEmbeddingLength == 0 || Handle.EmbeddingLength == Header.OutputEmbeddingLength;

    public int VocabularySize { get; }

    /// <summary>Text of the BOS token, which chat templates use; null if there is none.</summary>
    public string? BeginText { get; }

    /// <summary>Text of the EOS token, which chat templates use; null if there is none.</summary>
    public string? EndText { get; }

    /// <summary>The end token that the library assumes because the file names none; null if the file names one.</summary>
    public AssumedToken? AssumedEnd { get; }

    /// <summary>Texts of the tokens that mark something in a prompt.</summary>
    public string[] ControlTexts => _plain.Value.ControlTexts;

    /// <summary>Texts of special tokens, by their Hugging Face names, such as <c>bos_token</c>.</summary>
    public Dictionary<string, string> SpecialTexts { get; }

    /// <inheritdoc/>
    public int LongestToken => _longestToken.Value;

    /// <summary>The vocabulary as used by grammars. Built on first use, which takes a moment if it is large.</summary>
    internal TokenTrie Vocabulary => _vocabulary.Value;

    internal ITokenBytes TokenBytes => _pieces.Value;

    internal LlamaModelHandle Handle { get; }

    /// <summary>Validates and loads a model file on a separate thread.</summary>
    /// <param name="path">Path of a GGUF file.</param>
    /// <param name="settings">How to load it; null for the defaults.</param>
    /// <param name="progress">Receives the loaded fraction, 0 to 1, on the loading thread. An exception aborts the load.</param>
    /// <param name="cancellationToken">Aborts the load.</param>
    /// <param name="devices">Where the layers are; null for what the settings say.</param>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    /// <exception cref="NativeLibraryException">The llama.cpp libraries cannot be used.</exception>
    public static Task<LlamaModel> LoadAsync(
        string path,
        ModelSettings? settings,
        IProgress<float>? progress,
        CancellationToken cancellationToken,
        DevicePlan? devices = null) =>
        Task.Factory.StartNew(
            () => Load(path, SettingsOf(settings ?? ModelSettings.Default, devices), progress, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);

    /// <inheritdoc/>
    /// <remarks>Invalid UTF-8 is replaced by U+FFFD.</remarks>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public int[] Tokenize(ReadOnlySpan<byte> utf8) =>
        RemoveDuplicateBegin(TokenizeMarked(utf8, isFirst: true), _beginToken).ToArray();

    /// <inheritdoc/>
    /// <remarks>Invalid UTF-8 is replaced by U+FFFD.</remarks>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain)
    {
        if (plain.Count == 0)
        {
            return Tokenize(utf8);
        }

        List<int> tokens = TokenizeParts(utf8, plain, isFirst: true);
        return RemoveDuplicateBegin(CollectionsMarshal.AsSpan(tokens), _beginToken).ToArray();
    }

    /// <inheritdoc/>
    /// <remarks>Invalid UTF-8 is replaced by U+FFFD.</remarks>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public int[] TokenizeRest(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain) => [.. TokenizeParts(utf8, plain, isFirst: false)];

    /// <inheritdoc/>
    /// <remarks>Invalid UTF-8 is replaced by U+FFFD.</remarks>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial) => TokenizePart(utf8, addSpecial, parseSpecial);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A token is not in the vocabulary.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public string Detokenize(ReadOnlySpan<int> tokens, bool special)
    {
        if (tokens.IndexOfAnyExceptInRange(0, VocabularySize - 1) is >= 0 and int index)
        {
            throw new ArgumentException(
                $"Token {tokens[index]} at {index} is outside the vocabulary of {VocabularySize} tokens.");
        }

        byte[] text = new byte[(tokens.Length * 8) + 16];
        int length = Handle.Detokenize(tokens, text, special);
        if (length < 0)
        {
            text = new byte[-length];
            length = Handle.Detokenize(tokens, text, special);
        }

        return Encoding.UTF8.GetString(text, 0, length);
    }

    // The library splits a text at control tokens and tokenizes each part separately, so tokenizing the parts gives the same result.
    private List<int> TokenizeParts(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain, bool isFirst)
    {
        var tokens = new List<int>(utf8.Length);
        int at = 0;
        foreach (PlainSpan span in plain)
        {
            if (span.Start > at)
            {
                tokens.AddRange(TokenizeMarked(utf8[at..span.Start], isFirst && at == 0));
            }

            at = span.Start + span.Length;
            tokens.AddRange(TokenizePlain(utf8[span.Start..at], isFirst && span.Start == 0));
        }

        if (at < utf8.Length)
        {
            tokens.AddRange(TokenizeMarked(utf8[at..], isFirst && at == 0));
        }

        return tokens;
    }

    private List<int> TokenizePlain(ReadOnlySpan<byte> utf8, bool isFirst)
    {
        List<int> tokens = _plain.Value.Of(TokenizePart(utf8, addSpecial: false, parseSpecial: false));
        if (isFirst && _addedToken is { } begin)
        {
            tokens.Insert(0, begin);
        }

        return tokens;
    }

    /// <summary>Tokenizes text in which marks are those of the template's.</summary>
    private ReadOnlySpan<int> TokenizeMarked(ReadOnlySpan<byte> utf8, bool isFirst)
    {
        ReadOnlySpan<int> tokens = isFirst ? TokenizeStart(utf8) : TokenizePart(utf8, addSpecial: false, parseSpecial: true);
        bool beginsWithAdded = isFirst && _addedToken is { } added && tokens.StartsWith([added]);
        if (!_plain.Value.HasOthersThanIn(utf8, beginsWithAdded ? tokens[1..] : tokens))
        {
            return tokens;
        }

        List<int> apart = beginsWithAdded ? [tokens[0]] : [];
        foreach ((string text, bool isMark) in _plain.Value.Split(Encoding.UTF8.GetString(utf8)))
        {
            byte[] part = Encoding.UTF8.GetBytes(text);
            apart.AddRange(isMark ? TokenizePart(part, addSpecial: false, parseSpecial: true) : TokenizePlain(part, isFirst: false));
        }

        return CollectionsMarshal.AsSpan(apart);
    }

    // With the BOS token of the model, but without the EOS token that some tokenizers append: a prompt is to be continued.
    private ReadOnlySpan<int> TokenizeStart(ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<int> tokens = TokenizePart(utf8, addSpecial: true, parseSpecial: true);
        return _appendedToken is { } end && tokens.Length > 0 && tokens[^1] == end ? tokens[..^1] : tokens;
    }

    private int[] TokenizePart(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial)
    {
        if (!Utf8.IsValid(utf8))
        {
            // The library aborts the process on some invalid UTF-8.
            utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8));
        }

        // There are rarely more tokens than bytes: BOS, EOS, a leading space.
        int[] rented = ArrayPool<int>.Shared.Rent(utf8.Length + 16);
        try
        {
            int count = Handle.Tokenize(utf8, rented, addSpecial, parseSpecial);
            if (count == int.MinValue)
            {
                throw new ArgumentException($"A text of {utf8.Length:N0} bytes is too long to tokenize.");
            }

            if (count >= 0)
            {
                return Known(rented.AsSpan(0, count));
            }

            int[] exact = new int[-count];
            _ = Handle.Tokenize(utf8, exact, addSpecial, parseSpecial);
            return Known(exact);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    // Without a token for what is unknown, the library gives -1 for it.
    private static int[] Known(ReadOnlySpan<int> tokens) =>
        tokens.Contains(NoToken) ? [.. tokens.ToArray().Where(static token => token != NoToken)] : tokens.ToArray();

    /// <summary>
    /// Removes a duplicate BOS token. Many chat templates write one although the tokenizer of the model adds one, and models are not
    /// trained on two.
    /// </summary>
    internal static ReadOnlySpan<int> RemoveDuplicateBegin(ReadOnlySpan<int> tokens, int? beginToken) =>
        beginToken is { } begin && tokens.StartsWith([begin, begin]) ? tokens[1..] : tokens;

    /// <inheritdoc/>
    public int GetBytes(int token, Span<byte> destination)
    {
        ReadOnlySpan<byte> bytes = _pieces.Value.GetBytes(token);
        return bytes.TryCopyTo(destination) ? bytes.Length : -bytes.Length;
    }

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => _pieces.Value.EndsGeneration(token);

    /// <inheritdoc/>
    public bool IsMark(int token) =>
        (Handle.GetAttributes(token) & (TokenAttributes.Control | TokenAttributes.UserDefined)) != TokenAttributes.None;

    /// <inheritdoc/>
    public string? GetControlText(int token) => Vocabulary.ControlTextOf(token);

    /// <summary>
    /// Reads the texts of all tokens, which is done at the first use otherwise. Takes some milliseconds per 10,000 tokens. Thread-safe.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    public void ReadVocabulary() => _ = LongestToken;

    /// <summary>Unloads the model as soon as its last decoder is disposed.</summary>
    public void Dispose() => Handle.Dispose();

    // The library knows some end tokens by their texts, too. A file can name several that the library does not read.
    private bool EndsGeneration(int token) =>
        Header.EndTokens.Contains(token)
        || (Handle.IsEndOfGeneration(token) && !(AssumedEnd is { IsUsed: false } assumed && assumed.Token == token));

    private static AssumedToken? FindAssumedEnd(GgufHeader header, LlamaModelHandle handle)
    {
        const TokenAttributes Mark = TokenAttributes.Control | TokenAttributes.UserDefined;
        bool isNamed = header.SpecialTokens.TryGetValue("eos_token", out int named) && named < handle.VocabularySize;
        return !isNamed && handle.EndToken is { } token
            ? new AssumedToken(token, handle.GetText(token) ?? string.Empty, (handle.GetAttributes(token) & Mark) != 0)
            : null;
    }

    private static LlamaModelSettings SettingsOf(ModelSettings settings, DevicePlan? devices) => devices is null
        ? new LlamaModelSettings(settings.MapsFile, settings.LocksMemory, settings.GpuLayers, settings.Devices)
        : new LlamaModelSettings(
            settings.MapsFile, settings.LocksMemory, devices.Layers, [.. devices.Shares.Select(static share => share.Name)])
        {
            AvoidsDevices = devices.IsOnHost,
            LayersOfDevices = [.. devices.Shares.Select(static share => share.Layers)],
            HostExperts = devices.HostExperts,
        };

    private static LlamaModel Load(
        string path, LlamaModelSettings settings, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        GgufHeader header = GgufHeader.Read(path);
        if (ArchitectureLimits.WhyUnusable(header.Architecture) is { } reason)
        {
            throw new ModelFileException(path, $"The model file '{path}' cannot be loaded: '{header.Architecture}' is {reason}.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        LlamaModelSettings native = settings with
        {
            Overrides = [.. header.Overrides.Select(static value => (value.Key, value.Integer, value.Real))],
        };
        LlamaModelHandle handle = LlamaModelHandle.Load(header.Files, native, OnProgress, out string problem);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (handle.IsInvalid)
            {
                throw new ModelFileException(
                    path,
                    $"llama.cpp {LlamaLibrary.Load().Version} cannot load the model file '{path}' "
                    + $"({header.FileBytes:N0} bytes, architecture '{header.Architecture}'). {problem}"
                    + Advice(header.Architecture, problem));
            }

            if (!handle.IsDecoderOnly)
            {
                throw new ModelFileException(
                    path,
                    $"The model file '{path}' (architecture '{header.Architecture}') is not a decoder-only model. "
                    + "Use a model that generates text.");
            }

            return new LlamaModel(header, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        static string Advice(string architecture, string problem) =>
            !problem.Contains("unknown model architecture", StringComparison.Ordinal) ? "Use a model that this release supports."
            : ArchitectureLimits.FirstReleaseWith(architecture) is { } release
                ? $"llama.cpp {release} is the first release that knows this architecture; use an engine that contains it."
            : "A newer release of llama.cpp may know this architecture; use a newer engine, or a model that this release supports.";

        bool OnProgress(float share)
        {
            progress?.Report(share);
            return !cancellationToken.IsCancellationRequested;
        }
    }
}
