using System.Buffers;
using System.Buffers.Binary;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>
/// Encodes requests, byte for byte as PIE's reference serializer unless defaults are omitted. Writes nothing if the request is invalid.
/// </summary>
internal static class WireRequestWriter
{
    /// <param name="request">The request.</param>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="omitDefaults">
    /// Whether keys with the default value are left out, which makes a request several times shorter. For an Orchard engine only.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The request cannot be sent: a number is not finite, a string has an unpaired surrogate, a layout does not match its prompt, or there
    /// is no prompt.
    /// </exception>
    public static void Write(WireRequest request, IBufferWriter<byte> writer, bool omitDefaults = false)
    {
        CheckPrompts(request);
        PromptPlacement[] placements = PromptPlacement.PlaceAll(request.Prompts);
        CheckLayouts(request, placements);

        // The metadata's length precedes the metadata, so the metadata is written to a buffer first.
        using (var metadata = new MetadataWriter(omitDefaults))
        {
            RequestMetadataWriter.Write(request, placements, metadata);
            BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(sizeof(uint)), (uint)metadata.Written.Length);
            writer.Advance(sizeof(uint));
            writer.Write(metadata.Written);
        }

        var blobs = new BlobSectionWriter(writer);
        for (int i = 0; i < placements.Length; i++)
        {
            blobs.Write(request.Prompts[i], placements[i]);
        }
    }

    private static void CheckPrompts(WireRequest request)
    {
        if (request.Prompts.Count == 0)
        {
            throw Invalid("prompts: there is none", nameof(request));
        }

        var indexes = new HashSet<int>(request.Prompts.Count);
        for (int i = 0; i < request.Prompts.Count; i++)
        {
            WirePrompt prompt = request.Prompts[i];
            if (!indexes.Add(prompt.PromptIndex))
            {
                throw Invalid($"prompts[{i}].prompt_index: {prompt.PromptIndex} is already in use", nameof(request));
            }

            if (!prompt.Text.IsValid)
            {
                throw Invalid($"prompts[{i}].text: it is not valid UTF-8", nameof(request));
            }
        }
    }

    private static void CheckLayouts(WireRequest request, PromptPlacement[] placements)
    {
        for (int i = 0; i < placements.Length; i++)
        {
            if (LayoutRules.FindProblem(placements[i].LayoutSegments, request.Prompts[i]) is { } problem)
            {
                throw Invalid($"prompts[{i}].layout: {problem}", nameof(request));
            }
        }
    }

    private static ArgumentException Invalid(string problem, string parameter) => new($"The request cannot be sent: {problem}.", parameter);
}
