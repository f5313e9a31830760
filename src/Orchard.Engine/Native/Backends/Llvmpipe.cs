using System.Globalization;

namespace Orchard.Engine.Native.Backends;

/// <summary>Mesa's Vulkan driver that computes on the processor.</summary>
internal static class Llvmpipe
{
    /// <summary>The oldest Mesa whose driver is used.</summary>
    public const int MinMesa = 24;

    /// <summary>The environment variable that, with the value <c>any</c>, allows older ones, for tests.</summary>
    public const string Variable = "ORCHARD_LLVMPIPE";

    private const string Prefix = "Mesa ";

    /// <summary>Returns why the driver cannot be used; null if it can, or if its version is unknown.</summary>
    /// <param name="info">What the driver says about itself, such as <c>Mesa 22.3.6-1+deb12u2 (LLVM 15.0.6)</c>.</param>
    /// <remarks>
    /// Older versions bind every buffer that a descriptor set mentions, also those that the shader does not use and that have been
    /// destroyed. llama.cpp uses descriptor sets again for shaders with fewer buffers, as Vulkan allows. The driver then reads and frees
    /// freed memory.
    /// </remarks>
    public static string? FindProblem(string info)
    {
        if (!info.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string version = info[Prefix.Length..].Split(' ')[0];
        return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int mesa) && mesa < MinMesa
            ? $"Its device llvmpipe is that of Mesa {version}, which uses freed memory and ends the engine. "
                + $"It needs Mesa {MinMesa} or newer; set {Variable}=any to use it all the same."
            : null;
    }
}
