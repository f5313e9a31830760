using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Puts the tokens of a prompt together: those of its texts, and what a projector makes of its images and sounds.</summary>
internal static class PromptAssembly
{
    /// <summary>Tokenizes the prompt of a request. Asynchronous only if there are images or sounds.</summary>
    /// <exception cref="MediaException">An image or sound cannot be used.</exception>
    /// <exception cref="ContextLengthException">An image or sound is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ValueTask<PromptTokens> TokenizeAsync(AcceptedRequest accepted, WirePrompt prompt, CancellationToken cancellationToken) =>
        prompt.Images.Count + prompt.Audio.Count == 0
            ? new ValueTask<PromptTokens>(
                new PromptTokens(accepted.Model.Tokenizer.Tokenize(prompt.Text.Span, prompt.Extensions.Plain), Media: null))
            : TokenizeMediaAsync(accepted, prompt, cancellationToken);

    private static async ValueTask<PromptTokens> TokenizeMediaAsync(
        AcceptedRequest accepted, WirePrompt prompt, CancellationToken cancellationToken)
    {
        LoadedModelHandle model = accepted.Model;
        IMediaLease lease = await accepted.ReserveMediaAsync(cancellationToken).ConfigureAwait(false);
        var pieces = new List<MediaPiece>();
        int textStart = 0;
        int images = 0;
        int sounds = 0;
        int longest = model.Scheduler.ContextLength;
        IReadOnlyList<LayoutSegment> layout = prompt.Layout ?? LayoutRules.Default(prompt);
        if (layout[0].Type is not LayoutSegmentType.Text)
        {
            pieces.Add(new MediaPiece(model.Tokenizer.Tokenize([]))); // BOS
        }

        foreach (LayoutSegment segment in layout)
        {
            MediaInput? input = segment.Type switch
            {
                LayoutSegmentType.Image => new MediaInput(MediaKind.Image, prompt.Images[images], images++ + sounds),
                LayoutSegmentType.Audio => new MediaInput(MediaKind.Audio, prompt.Audio[sounds], images + sounds++),
                _ => null,
            };
            if (input is { } file)
            {
                EncodedMedia encoded = await model.Projector!.EncodeAsync(file, longest, lease, cancellationToken).ConfigureAwait(false);
                pieces.AddRange(encoded.Pieces);
            }
            else
            {
                int length = checked((int)segment.Length);
                pieces.Add(new MediaPiece(TokenizeText(model.Tokenizer, prompt, textStart, length, isFirst: pieces.Count == 0)));
                textStart += length;
            }
        }

        return PromptTokens.Join(pieces);
    }

    private static int[] TokenizeText(ITokenizer tokenizer, WirePrompt prompt, int start, int length, bool isFirst)
    {
        ReadOnlySpan<byte> text = prompt.Text.Span.Slice(start, length);
        PlainSpan[] plain = PlainIn(prompt.Extensions.Plain, start, length);
        return isFirst ? tokenizer.Tokenize(text, plain) : tokenizer.TokenizeRest(text, plain);
    }

    // The ranges are those of the texts of all segments together.
    private static PlainSpan[] PlainIn(IReadOnlyList<PlainSpan> all, int start, int length)
    {
        var inside = new List<PlainSpan>();
        foreach (PlainSpan span in all)
        {
            int from = Math.Max(span.Start, start);
            int to = Math.Min(span.Start + span.Length, start + length);
            if (from < to)
            {
                inside.Add(new PlainSpan(from - start, to - from));
            }
        }

        return [.. inside];
    }
}
