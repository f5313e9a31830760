namespace Orchard.Templates.Values;

/// <summary>The part of a mapping that a view shows.</summary>
internal enum MapPart : byte
{
    Keys,
    Values,
    Items,
}
