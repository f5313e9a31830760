namespace Orchard.Engine.Inference;

/// <summary>How positions are encoded; null for what the model file says.</summary>
/// <param name="Scaling">Type of the scaling: <c>none</c>, <c>linear</c> or <c>yarn</c>.</param>
/// <param name="FrequencyBase">Base frequency.</param>
/// <param name="FrequencyScale">Factor of the frequencies.</param>
/// <param name="OriginalContextLength">Context length in tokens before YaRN scaling.</param>
internal readonly record struct RopeSettings(
    string? Scaling = null, double? FrequencyBase = null, double? FrequencyScale = null, int? OriginalContextLength = null)
{
    private static readonly string[] Scalings = ["none", "linear", "yarn"]; // in the order of llama_rope_scaling_type

    /// <summary>Whether anything differs from the model file.</summary>
    public bool IsSet => this != default;

    /// <summary>Number of the scaling in the library's enumeration; null for that of the model file.</summary>
    public int? NativeScaling => Scaling is null ? null : Array.IndexOf(Scalings, Scaling);

    /// <summary>Returns whether there is a scaling with this name.</summary>
    public static bool IsScaling(string name) => Scalings.Contains(name);
}
