using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes request frames and believes nothing in them: every offset, size and count is checked against the bytes that are there.</summary>
internal static class RequestFrameReader
{
    /// <summary>The most prompts a frame may carry.</summary>
    public const int MaxPrompts = CappedListConverters.MaxPrompts;

    // W3C's has 55 characters today. A longer one is nothing that could be given back with every sequence.
    private const int MaxTraceParent = 256;

    /// <summary>Decodes one frame into memory of its own.</summary>
    /// <exception cref="RequestFrameException">The frame breaks a rule; carries who sent it as far as that could be read.</exception>
    public static RequestFrame Read(in ReadOnlySequence<byte> frame)
    {
        var reader = new SequenceReader<byte>(frame);
        if (!reader.TryReadLittleEndian(out int prefix))
        {
            throw new RequestFrameException($"A request frame of {frame.Length} bytes is too short for its length prefix.", null, null);
        }

        ReadOnlySequence<byte> rest = reader.UnreadSequence;
        var metadataLength = (uint)prefix;
        if (metadataLength > rest.Length)
        {
            throw Refuse(rest, $"its metadata is said to be {metadataLength} bytes long where {rest.Length} are left.");
        }

        ReadOnlySequence<byte> metadata = rest.Slice(0, metadataLength);
        try
        {
            return Decode(WireJson.Decode(metadata, WireJson.Instance.RequestMetadata, "the metadata"), rest.Slice(metadataLength));
        }
        catch (WireException e)
        {
            throw Refuse(metadata, e.Message);
        }
    }

    private static RequestFrame Decode(RequestMetadata metadata, ReadOnlySequence<byte> blobBytes)
    {
        if (metadata.Prompts is not { Count: > 0 } entries)
        {
            throw new WireException("prompts: there is none.");
        }

        var frame = new RequestFrame
        {
            RequestId = metadata.RequestId ?? throw new WireException("request_id: it is missing."),
            ModelId = metadata.ModelId ?? throw new WireException("model_id: it is missing."),
            ModelPath = metadata.ModelPath ?? "",
            Type = (RequestType)metadata.RequestType,
            RequestChannelId = metadata.RequestChannelId,
            ResponseChannelId = metadata.ResponseChannelId ?? throw new WireException("response_channel_id: it is missing."),
            Prompts = [],
            WantsAcknowledgement = metadata.Orchard is { Acknowledge: true },
            TraceParent = metadata.Orchard?.Traceparent is { Length: <= MaxTraceParent } traceParent ? traceParent : null,
        };

        var blobs = new BlobSection(blobBytes.ToArray());
        var prompts = new PromptFrame[entries.Count];
        var indexes = new HashSet<int>(entries.Count);
        for (int i = 0; i < prompts.Length; i++)
        {
            prompts[i] = DecodePrompt(entries[i], i, blobs);
            if (!indexes.Add(prompts[i].PromptIndex))
            {
                throw new WireException($"prompts[{i}].prompt_index: {prompts[i].PromptIndex} is taken.");
            }
        }

        return frame with { Prompts = prompts };
    }

    private static PromptFrame DecodePrompt(PromptMetadata metadata, int position, BlobSection blobs)
    {
        try
        {
            return PromptDecoder.Decode(metadata, position, blobs);
        }
        catch (WireException e)
        {
            throw new WireException($"prompts[{position}].{e.Message}", e);
        }
    }

    private static RequestFrameException Refuse(in ReadOnlySequence<byte> metadata, string problem)
    {
        (ulong? requestId, ulong? responseChannelId) = MessageIdentity.Find(metadata);
        return new RequestFrameException($"The request frame cannot be served: {problem}", requestId, responseChannelId);
    }
}
