namespace Orchard.Formatting;

/// <summary>Where a part is in a conversation.</summary>
/// <param name="MessageIndex">Zero-based index of the message.</param>
/// <param name="PartIndex">Zero-based index of the part in its content.</param>
internal readonly record struct MediaPlace(int MessageIndex, int PartIndex);
