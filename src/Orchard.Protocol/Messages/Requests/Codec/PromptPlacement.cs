namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The locations of one prompt's blobs in the blob section.</summary>
internal readonly record struct PromptPlacement
{
    /// <summary>Alignment of every blob in bytes, relative to the start of the section.</summary>
    public const int Alignment = 16;

    private PromptPlacement(WirePrompt prompt, IReadOnlyList<LayoutSegment> layout, ref long end)
    {
        LayoutSegments = layout;
        Text = Place(prompt.Text.Length, ref end);
        ImageSizes = Place((long)prompt.Images.Count * LayoutRules.SpanSize, ref end);
        ImageData = Place(prompt.Images.Sum(image => (long)image.Length), ref end);
        AudioSizes = Place((long)prompt.Audio.Count * LayoutRules.SpanSize, ref end);
        AudioData = Place(prompt.Audio.Sum(audio => (long)audio.Length), ref end);
        CapabilityData = Place(prompt.Capabilities.Sum(capability => (long)capability.Payload.Length), ref end);
        Layout = Place((long)layout.Count * LayoutRules.RecordSize, ref end);
    }

    /// <summary>The prompt's layout, or the default one.</summary>
    public IReadOnlyList<LayoutSegment> LayoutSegments { get; }

    public BlobRange Text { get; }

    public BlobRange ImageSizes { get; }

    public BlobRange ImageData { get; }

    public BlobRange AudioSizes { get; }

    public BlobRange AudioData { get; }

    public BlobRange CapabilityData { get; }

    public BlobRange Layout { get; }

    /// <summary>Assigns locations to the blobs of all prompts, in the order in which they are written.</summary>
    public static PromptPlacement[] PlaceAll(IReadOnlyList<WirePrompt> prompts)
    {
        long end = 0;
        var placements = new PromptPlacement[prompts.Count];
        for (int i = 0; i < placements.Length; i++)
        {
            WirePrompt prompt = prompts[i];
            IReadOnlyList<LayoutSegment> layout = prompt.Layout is { Count: > 0 } own ? own : LayoutRules.Default(prompt);
            placements[i] = new PromptPlacement(prompt, layout, ref end);
        }

        return placements;
    }

    private static BlobRange Place(long size, ref long end)
    {
        if (size == 0)
        {
            return default;
        }

        long offset = (end + Alignment - 1) / Alignment * Alignment;
        end = offset + size;
        return new BlobRange(offset, size);
    }
}
