using Microsoft.CodeAnalysis;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>A parsed source file of a project.</summary>
internal sealed class SourceFile(string project, string path, SyntaxTree tree)
{
    /// <summary>The name of the project.</summary>
    public string Project => project;

    /// <summary>The path relative to the project's folder, with forward slashes.</summary>
    public string Path => path;

    /// <summary>The folder relative to the project's folder; empty for the project's root.</summary>
    public string Folder { get; } = path.Contains('/') ? path[..path.LastIndexOf('/')] : "";

    /// <summary>The syntax tree.</summary>
    public SyntaxTree Tree => tree;

    /// <summary>The lines of the file; a trailing line break does not start another one.</summary>
    public IReadOnlyList<string> Lines { get; } = LinesOf(tree);

    /// <inheritdoc/>
    public override string ToString() => $"{project}/{path}";

    private static List<string> LinesOf(SyntaxTree tree)
    {
        List<string> lines = [.. tree.GetText().Lines.Select(line => line.ToString())];
        if (lines is [.., ""])
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }
}
