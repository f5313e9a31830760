using System.Buffers;

namespace Orchard.Cli.Launch;

/// <summary>Words for a POSIX shell.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,");

    /// <summary>Returns a text so that a shell takes it for one word, with nothing in it replaced.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Plain) < 0 ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
