namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The location of a blob in the blob section. Size 0 means that the blob is absent; its offset is then 0 too.</summary>
internal readonly record struct BlobRange(long Offset, long Size);
