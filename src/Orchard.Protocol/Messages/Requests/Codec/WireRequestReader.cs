using System.Buffers;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Decodes requests. Every offset, size and count is checked against the bytes that were received.</summary>
internal static class WireRequestReader
{
    // W3C trace contexts have 55 characters. The engine returns the value with every sequence, so longer ones are ignored.
    private const int MaxTraceParent = 256;

    /// <summary>Decodes one request. The result does not refer to <paramref name="message"/>.</summary>
    /// <exception cref="WireRequestException">The request breaks a rule. Contains the sender's ids if they were readable.</exception>
    public static WireRequest Read(in ReadOnlySequence<byte> message)
    {
        var reader = new SequenceReader<byte>(message);
        if (!reader.TryReadLittleEndian(out int prefix))
        {
            throw new WireRequestException($"A request of {message.Length} bytes is too short for its length prefix.", null, null);
        }

        ReadOnlySequence<byte> rest = reader.UnreadSequence;
        var metadataLength = (uint)prefix;
        if (metadataLength > rest.Length)
        {
            throw Refuse(rest, $"the length prefix announces {metadataLength} bytes of metadata, but only {rest.Length} bytes follow.");
        }

        ReadOnlySequence<byte> metadata = rest.Slice(0, metadataLength);
        try
        {
            return Decode(
                WireJson.Decode(metadata, RequestJsonContext.Instance.RequestMetadata, "the metadata"), rest.Slice(metadataLength));
        }
        catch (WireException e)
        {
            throw Refuse(metadata, e.Message);
        }
    }

    private static WireRequest Decode(RequestMetadata metadata, ReadOnlySequence<byte> blobBytes)
    {
        if (metadata.Prompts is not { Count: > 0 } entries)
        {
            throw new WireException("prompts: there is none.");
        }

        var request = new WireRequest
        {
            RequestId = metadata.RequestId ?? throw new WireException("request_id: it is missing."),
            ModelId = metadata.ModelId ?? throw new WireException("model_id: it is missing."),
            ModelPath = metadata.ModelPath ?? "",
            Type = (RequestType)metadata.RequestType,
            RequestChannelId = metadata.RequestChannelId,
            ResponseChannelId = metadata.ResponseChannelId ?? throw new WireException("response_channel_id: it is missing."),
            Prompts = [],
            WantsAcknowledgement = metadata.Orchard is { Acknowledge: true },
            OmitsItemValues = metadata.Orchard is { OmitItemValues: true },
            WantsPrefillProgress = metadata.Orchard is { PrefillProgress: true },
            KeepAlive = KeepAliveTime.FromSeconds(metadata.Orchard?.KeepAlive),
            TraceParent = metadata.Orchard?.Traceparent is { Length: <= MaxTraceParent } traceParent ? traceParent : null,
        };

        // The only copy of the prompts on the receiving side. It is necessary: the read loop reuses its buffers for the next message, while
        // this request is tokenized elsewhere.
        var blobs = new BlobSection(blobBytes.ToArray());
        var prompts = new WirePrompt[entries.Count];
        var indexes = new HashSet<int>(entries.Count);
        for (int i = 0; i < prompts.Length; i++)
        {
            prompts[i] = DecodePrompt(entries[i], i, blobs);
            if (!indexes.Add(prompts[i].PromptIndex))
            {
                throw new WireException($"prompts[{i}].prompt_index: {prompts[i].PromptIndex} is already in use.");
            }
        }

        return request with { Prompts = prompts };
    }

    private static WirePrompt DecodePrompt(PromptMetadata metadata, int position, BlobSection blobs)
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

    private static WireRequestException Refuse(in ReadOnlySequence<byte> metadata, string problem)
    {
        (ulong? requestId, ulong? responseChannelId) = MessageIdentity.Find(metadata);
        return new WireRequestException($"The request cannot be served: {problem}", requestId, responseChannelId);
    }
}
