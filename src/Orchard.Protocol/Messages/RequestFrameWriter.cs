using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Orchard.Protocol.Messages;

/// <summary>Encodes request frames, byte for byte as the family's reference serializer does. Nothing is written when the frame is refused.</summary>
internal static class RequestFrameWriter
{
    /// <exception cref="ArgumentException">The frame cannot be sent: a number that is not finite, an unpaired surrogate, a layout that does not add up, no prompt.</exception>
    public static void Write(RequestFrame frame, IBufferWriter<byte> writer)
    {
        CheckPrompts(frame);
        PromptPlacement[] placements = PromptPlacement.PlaceAll(frame.Prompts);
        CheckLayouts(frame, placements);

        // The length comes before the metadata, so the metadata is written aside first.
        using (var metadata = new MetadataWriter())
        {
            RequestMetadataWriter.Write(frame, placements, metadata);
            BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(sizeof(uint)), (uint)metadata.Written.Length);
            writer.Advance(sizeof(uint));
            writer.Write(metadata.Written);
        }

        var blobs = new BlobSectionWriter(writer);
        for (int i = 0; i < placements.Length; i++)
        {
            blobs.Write(frame.Prompts[i], placements[i]);
        }
    }

    private static void CheckPrompts(RequestFrame frame)
    {
        if (frame.Prompts.Count == 0)
        {
            throw new ArgumentException("The request cannot be sent: prompts: there is none.", nameof(frame));
        }

        var indexes = new HashSet<int>(frame.Prompts.Count);
        for (int i = 0; i < frame.Prompts.Count; i++)
        {
            PromptFrame prompt = frame.Prompts[i];
            if (!indexes.Add(prompt.PromptIndex))
            {
                throw new ArgumentException(
                    $"The request cannot be sent: prompts[{i}].prompt_index: {prompt.PromptIndex} is taken; answers could not be told apart.", nameof(frame));
            }

            if (!Utf8.IsValid(prompt.Text.Span))
            {
                throw new ArgumentException($"The request cannot be sent: prompts[{i}].text: it is not valid UTF-8.", nameof(frame));
            }
        }
    }

    private static void CheckLayouts(RequestFrame frame, PromptPlacement[] placements)
    {
        for (int i = 0; i < placements.Length; i++)
        {
            if (LayoutRules.FindProblem(placements[i].LayoutSegments, frame.Prompts[i]) is { } problem)
            {
                throw new ArgumentException($"The request cannot be sent: prompts[{i}].layout: {problem}.", nameof(frame));
            }
        }
    }
}
