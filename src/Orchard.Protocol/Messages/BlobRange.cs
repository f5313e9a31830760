namespace Orchard.Protocol.Messages;

/// <summary>Where a blob lies in the blob section. Size 0 means absent, and then the offset is 0 too.</summary>
internal readonly record struct BlobRange(long Offset, long Size);
