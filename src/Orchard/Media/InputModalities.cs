namespace Orchard;

/// <summary>What the messages for a model may contain.</summary>
[Flags]
public enum InputModalities
{
    /// <summary>Nothing is known about it.</summary>
    None = 0,

    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>Images: <see cref="ImagePart"/>.</summary>
    Image = 2,

    /// <summary>Sound: <see cref="AudioPart"/>.</summary>
    Audio = 4,
}
